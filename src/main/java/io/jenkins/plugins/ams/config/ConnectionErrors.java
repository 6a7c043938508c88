/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.config;

import hudson.ProxyConfiguration;
import io.jenkins.plugins.ams.console.ErrorMessages;
import io.jenkins.plugins.ams.http.AmsException;
import java.net.ConnectException;
import java.net.Proxy;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpConnectTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.security.GeneralSecurityException;
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
    String explain(AmsException error, URI address) {
        String text = ErrorMessages.of(error);
        String advice = advice(error, address.getHost());
        String advised = advice == null ? text : Messages.ConnectionTest_advised(text, advice);
        return mayBeTheProxy(error) ? withProxy(advised, address) : advised;
    }

    /** Returns advice for errors of the network, TLS or a gateway, or null for other errors. */
    private String advice(AmsException error, String host) {
        if (error.isCausedBy(UnresolvedAddressException.class) || error.isCausedBy(UnknownHostException.class)) {
            return Messages.ConnectionTest_unknownHost(host);
        }
        if (error.isCausedBy(SSLException.class)) {
            return error.isCausedBy(GeneralSecurityException.class)
                    ? Messages.ConnectionTest_untrusted(host)
                    : Messages.ConnectionTest_noTls(host);
        }
        if (error.isCausedBy(ConnectException.class) || error.isCausedBy(HttpConnectTimeoutException.class)) {
            return Messages.ConnectionTest_noConnection(host);
        }
        if (error.suggestsWrongAddress()) {
            return account.getApi().getDescriptor().notTheApi();
        }
        return null;
    }

    /**
     * Returns whether a proxy may have caused the error. The authority or the service itself caused permanent errors.
     */
    private static boolean mayBeTheProxy(AmsException error) {
        return error.isTransient() && !error.isOfController();
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
