/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.service;

import java.util.List;
import java.util.regex.Pattern;

/**
 * The hosts of one API that tokens may go to without an administrator's word.
 *
 * @param suffixes names of which each stands for itself and all names below it, in lower case
 * @param redirects what the service may redirect to besides, as a regular expression for a name in lower case; null for
 *     nothing
 */
public record TrustedHosts(List<String> suffixes, String redirects) {

    /** None: every customer has a host of his own, which the administrator adds. */
    public static final TrustedHosts NONE = new TrustedHosts(List.of(), null);

    public TrustedHosts {
        suffixes = List.copyOf(suffixes);
    }

    /** @param host in lower case */
    boolean contain(String host, boolean redirect) {
        return suffixes.stream().anyMatch(suffix -> host.equals(suffix) || host.endsWith("." + suffix))
                || redirect && redirects != null && Pattern.matches(redirects, host);
    }
}
