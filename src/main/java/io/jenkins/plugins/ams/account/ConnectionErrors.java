/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.account;

import hudson.ProxyConfiguration;
import io.jenkins.plugins.ams.auth.AuthenticationException;
import io.jenkins.plugins.ams.service.ServiceException;
import io.jenkins.plugins.ams.service.ServiceException.Kind;
import java.net.ConnectException;
import java.net.Proxy;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpConnectTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.security.GeneralSecurityException;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;
import jenkins.model.Jenkins;

/**
 * Explains why there is no connection to an account's service or authority. The same sentences in the account's form and
 * in the console of a build whose wait never reached its service.
 */
final class ConnectionErrors {

    private final AmsAccount account;

    ConnectionErrors(AmsAccount account) {
        this.account = account;
    }

    /**
     * Describes an error, what to look at, and the proxy in between where that may be the reason.
     *
     * @param address the address that did not respond as it should
     */
    String explain(Exception error, URI address) {
        String text = ErrorMessages.of(error);
        String advice = advice(error, address.getHost());
        String advised = advice == null ? text : Messages.ConnectionTest_advised(text, advice);
        return mayBeTheProxy(error) ? withProxy(advised, address) : advised;
    }

    /** What {@link ErrorMessages} leaves out, since a build has only to know whether it may ask again; null for nothing. */
    private String advice(Exception error, String host) {
        if (isCausedBy(error, UnresolvedAddressException.class) || isCausedBy(error, UnknownHostException.class)) {
            return Messages.ConnectionTest_unknownHost(host);
        }
        if (isCausedBy(error, SSLException.class)) {
            return isCausedBy(error, GeneralSecurityException.class)
                    ? Messages.ConnectionTest_untrusted(host)
                    : Messages.ConnectionTest_noTls(host);
        }
        if (isCausedBy(error, ConnectException.class) || isCausedBy(error, HttpConnectTimeoutException.class)) {
            return Messages.ConnectionTest_noConnection(host);
        }
        if (error instanceof ServiceException service
                && (service.kind() == Kind.NOT_FOUND
                        || service.kind() == Kind.INVALID_RESPONSE
                        || service.kind() == Kind.GATEWAY)) {
            return account.getApi().getDescriptor().notTheApi();
        }
        return null;
    }

    private static boolean isCausedBy(Throwable error, Class<? extends Throwable> type) {
        return Stream.iterate(error, cause -> cause != null, Throwable::getCause)
                .anyMatch(type::isInstance);
    }

    /** A refusal by the authority or the service itself is none of the proxy's. */
    private static boolean mayBeTheProxy(Exception error) {
        return error instanceof AuthenticationException authentication && authentication.isTransient()
                || error instanceof ServiceException service && service.isTransient();
    }

    /** Adds to a text which proxy the requests to an address go through, if they do. */
    static String withProxy(String text, URI address) {
        ProxyConfiguration proxy = Jenkins.get().getProxy();
        boolean proxied = proxy != null && proxy.createProxy(address.getHost()).type() != Proxy.Type.DIRECT;
        return proxied
                ? Messages.ConnectionTest_advised(
                        text, Messages.ConnectionTest_proxy(address.getHost(), proxy.getName() + ':' + proxy.getPort()))
                : text;
    }
}
