/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.service;

import java.net.URI;
import java.util.Collection;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Decides which hosts may receive an access token: the trusted hosts of the account's API and the hosts that the
 * administrator added. Requests are never sent to other hosts, even if an endpoint or redirect points to them.
 */
public final class EndpointPolicy {

    /** The reasons to reject a URI. */
    public enum Violation {
        /** The URI is not absolute or has no valid host. */
        MALFORMED,
        /** The URI's scheme is not https. */
        NOT_HTTPS,
        /** The URI contains user information, such as a user name, which can disguise the host. */
        USER_INFO,
        /** The URI contains a query or fragment, which is not allowed in a base URI. */
        QUERY_OR_FRAGMENT,
        /** The host is an IP address that is not among the additional hosts. */
        IP_ADDRESS,
        /** The host is not one of the API's trusted hosts, and the administrator did not add it. */
        UNKNOWN_HOST,
        /** The host is one of the API's trusted hosts, but the port is not 443. */
        PORT
    }

    /**
     * Matches hosts that resolvers treat as IP addresses, including those whose last label is a decimal or hexadecimal
     * number.
     */
    private static final Pattern IP_ADDRESS = Pattern.compile("\\[.*|(?:.*\\.)?(?:\\d+|0x[0-9a-f]*)\\.?");

    private static final int HTTPS = 443;

    private final TrustedHosts trustedHosts;
    private final Set<String> additionalHosts;

    /**
     * @param trustedHosts the API's trusted hosts
     * @param additionalHosts the host names and IP addresses that the administrator added. Any port is allowed on these
     *     hosts. IPv6 addresses can be in brackets
     */
    public EndpointPolicy(TrustedHosts trustedHosts, Collection<String> additionalHosts) {
        this.trustedHosts = trustedHosts;
        this.additionalHosts =
                additionalHosts.stream().map(EndpointPolicy::canonical).collect(Collectors.toUnmodifiableSet());
    }

    /** Returns the reason that a URI cannot be an account's endpoint, or empty if the URI is allowed. */
    public Optional<Violation> endpointViolation(URI endpoint) {
        if (endpoint.getRawQuery() != null || endpoint.getRawFragment() != null) {
            return Optional.of(Violation.QUERY_OR_FRAGMENT);
        }
        return violation(endpoint, false);
    }

    /** Returns the reason that a redirect to a URI is not allowed, or empty if the redirect is allowed. */
    public Optional<Violation> redirectViolation(URI target) {
        return violation(target, true);
    }

    private Optional<Violation> violation(URI uri, boolean redirect) {
        if (!uri.isAbsolute() || uri.isOpaque()) {
            return Optional.of(Violation.MALFORMED);
        }
        if (!"https".equalsIgnoreCase(uri.getScheme())) {
            return Optional.of(Violation.NOT_HTTPS);
        }
        if (uri.getRawAuthority() != null && uri.getRawAuthority().indexOf('@') >= 0) {
            return Optional.of(Violation.USER_INFO);
        }
        if (uri.getHost() == null) {
            return Optional.of(Violation.MALFORMED);
        }
        String host = canonical(uri.getHost());
        if (additionalHosts.contains(host)) {
            return Optional.empty();
        }
        if (IP_ADDRESS.matcher(host).matches()) {
            return Optional.of(Violation.IP_ADDRESS);
        }
        if (!trustedHosts.contains(host, redirect)) {
            return Optional.of(Violation.UNKNOWN_HOST);
        }
        boolean otherPort = uri.getPort() != -1 && uri.getPort() != HTTPS;
        return otherPort ? Optional.of(Violation.PORT) : Optional.empty();
    }

    private static String canonical(String host) {
        String lower = host.trim().toLowerCase(Locale.ROOT);
        boolean bareIpv6 = lower.indexOf(':') >= 0 && !lower.startsWith("[");
        return bareIpv6 ? "[" + lower + "]" : lower;
    }

    /** Returns whether both policies allow the same hosts. Only waits with equal policies can share requests. */
    @Override
    public boolean equals(Object other) {
        return other instanceof EndpointPolicy that
                && trustedHosts.equals(that.trustedHosts)
                && additionalHosts.equals(that.additionalHosts);
    }

    @Override
    public int hashCode() {
        return Objects.hash(trustedHosts, additionalHosts);
    }
}
