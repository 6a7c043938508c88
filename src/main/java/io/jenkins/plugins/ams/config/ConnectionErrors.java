/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.config;

import edu.umd.cs.findbugs.annotations.CheckForNull;
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
 * Explains errors that occur while connecting to an account's service or token authority. The connection test shows the
 * same messages as the console of a build that has never reached the service.
 */
final class ConnectionErrors {

    private final AmsAccount account;

    ConnectionErrors(AmsAccount account) {
        this.account = account;
    }

    /**
     * Returns a description of an error and advice on how to correct it. The description names the proxy if the proxy
     * may have caused the error.
     *
     * @param uri the URI that the request was sent to
     */
    String explain(AmsException error, URI uri) {
        String text = ErrorMessages.of(error);
        String advice = advice(error, uri.getHost());
        String advised = advice == null ? text : Messages.ConnectionTest_advised(text, advice);
        return mayBeTheProxy(error) ? withProxy(advised, uri) : advised;
    }

    /** Returns advice for network, TLS, and gateway errors, or null for other errors. */
    @CheckForNull
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
     * Returns whether a proxy may have caused the error. Permanent errors come from the service or token authority
     * itself.
     */
    private static boolean mayBeTheProxy(AmsException error) {
        return error.isTransient() && !error.isOfController();
    }

    /** Adds advice about the proxy to an error message if requests to the URI use a proxy. */
    static String withProxy(String text, URI uri) {
        ProxyConfiguration proxy = Jenkins.get().getProxy();
        boolean proxied = proxy != null && proxy.createProxy(uri.getHost()).type() != Proxy.Type.DIRECT;
        return proxied
                ? Messages.ConnectionTest_advised(
                        text, Messages.ConnectionTest_proxy(uri.getHost(), proxy.getName() + ':' + proxy.getPort()))
                : text;
    }
}
