/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.config;

import hudson.ProxyConfiguration;
import io.jenkins.plugins.ams.auth.AuthenticationException;
import io.jenkins.plugins.ams.console.ErrorMessages;
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
 * Explains errors in connecting to an account's service or authority. The connection test and the console of a build
 * that never reached the service show the same sentences.
 */
final class ConnectionErrors {

    private final AmsAccount account;

    ConnectionErrors(AmsAccount account) {
        this.account = account;
    }

    /**
     * Returns the description of an error, with advice and, if it may be the cause, the proxy that is in use.
     *
     * @param address the address that the request was sent to
     */
    String explain(Exception error, URI address) {
        String text = ErrorMessages.of(error);
        String advice = advice(error, address.getHost());
        String advised = advice == null ? text : Messages.ConnectionTest_advised(text, advice);
        return mayBeTheProxy(error) ? withProxy(advised, address) : advised;
    }

    /** Returns advice for errors of the network, TLS or a gateway, or null for other errors. */
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

    /**
     * Returns whether a proxy may have caused the error. The authority or the service itself caused permanent errors.
     */
    private static boolean mayBeTheProxy(Exception error) {
        return error instanceof AuthenticationException authentication && authentication.isTransient()
                || error instanceof ServiceException service && service.isTransient();
    }

    /** Adds the proxy to a text if requests to the address use one. */
    static String withProxy(String text, URI address) {
        ProxyConfiguration proxy = Jenkins.get().getProxy();
        boolean proxied = proxy != null && proxy.createProxy(address.getHost()).type() != Proxy.Type.DIRECT;
        return proxied
                ? Messages.ConnectionTest_advised(
                        text, Messages.ConnectionTest_proxy(address.getHost(), proxy.getName() + ':' + proxy.getPort()))
                : text;
    }
}
