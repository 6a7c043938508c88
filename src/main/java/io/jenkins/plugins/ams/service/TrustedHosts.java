/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.service;

import java.util.List;
import java.util.regex.Pattern;

/**
 * The hosts that may receive an API's tokens even if an administrator has not added these hosts.
 *
 * @param suffixes domain names in lowercase; all subdomains of these domains are trusted as well
 * @param redirects a regular expression for other host names, in lowercase, that the service may redirect to, or null
 *     if there are no such hosts
 */
public record TrustedHosts(List<String> suffixes, String redirects) {

    /** No trusted hosts. Used for APIs where each customer has a separate host, which an administrator must add. */
    public static final TrustedHosts NONE = new TrustedHosts(List.of(), null);

    public TrustedHosts {
        suffixes = List.copyOf(suffixes);
    }

    /**
     * Returns whether a host may receive tokens.
     *
     * @param host the host name in lowercase
     * @param redirect whether the host is the target of a redirect
     */
    boolean contains(String host, boolean redirect) {
        return suffixes.stream().anyMatch(suffix -> host.equals(suffix) || host.endsWith("." + suffix))
                || redirect && redirects != null && Pattern.matches(redirects, host);
    }
}
