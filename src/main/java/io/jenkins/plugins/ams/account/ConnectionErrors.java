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
     * @param where the address that did not respond as it should
     */
    String explain(Exception fault, URI where) {
        String text = ErrorMessages.of(fault);
        String advice = advice(fault, where.getHost());
        String advised = advice == null ? text : Messages.ConnectionTest_advised(text, advice);
        return mayBeTheProxy(fault) ? withProxy(advised, where) : advised;
    }

    /** What {@link ErrorMessages} leaves out, since a build has only to know whether it may ask again; null for nothing. */
    private String advice(Exception fault, String host) {
        if (isCausedBy(fault, UnresolvedAddressException.class) || isCausedBy(fault, UnknownHostException.class)) {
            return Messages.ConnectionTest_unknownHost(host);
        }
        if (isCausedBy(fault, SSLException.class)) {
            return isCausedBy(fault, GeneralSecurityException.class)
                    ? Messages.ConnectionTest_untrusted(host)
                    : Messages.ConnectionTest_noTls(host);
        }
        if (isCausedBy(fault, ConnectException.class) || isCausedBy(fault, HttpConnectTimeoutException.class)) {
            return Messages.ConnectionTest_noConnection(host);
        }
        if (fault instanceof ServiceException service
                && (service.kind() == Kind.NOT_FOUND
                        || service.kind() == Kind.INVALID_RESPONSE
                        || service.kind() == Kind.GATEWAY)) {
            return account.getApi().getDescriptor().notTheApi();
        }
        return null;
    }

    private static boolean isCausedBy(Throwable fault, Class<? extends Throwable> type) {
        return Stream.iterate(fault, cause -> cause != null, Throwable::getCause)
                .anyMatch(type::isInstance);
    }

    /** A refusal by the authority or the service itself is none of the proxy's. */
    private static boolean mayBeTheProxy(Exception fault) {
        return fault instanceof AuthenticationException authentication && authentication.isTransient()
                || fault instanceof ServiceException service && service.isTransient();
    }

    /** Adds to a text which proxy the requests to an address go through, if they do. */
    static String withProxy(String text, URI where) {
        ProxyConfiguration proxy = Jenkins.get().getProxy();
        boolean proxied = proxy != null && proxy.createProxy(where.getHost()).type() != Proxy.Type.DIRECT;
        return proxied
                ? Messages.ConnectionTest_advised(
                        text, Messages.ConnectionTest_proxy(where.getHost(), proxy.getName() + ':' + proxy.getPort()))
                : text;
    }
}
