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
 * administrator added. No request is sent to any other host, even if an endpoint or a redirect points there.
 */
public final class EndpointPolicy {

    /** The reason why an address is rejected. */
    public enum Violation {
        /** Not an absolute address with a valid host. */
        MALFORMED,
        /** A scheme other than https. */
        NOT_HTTPS,
        /** A user name in front of the host, which can disguise the host. */
        USER_INFO,
        /** A query or a fragment, which a base address cannot have. */
        QUERY_OR_FRAGMENT,
        /** An IP address that the administrator did not add. */
        IP_ADDRESS,
        /** A host that does not belong to the API and that the administrator did not add. */
        UNKNOWN_HOST,
        /** A port other than 443 on a host of the API. */
        PORT
    }

    /** Resolvers treat a host as an IP address if its last label is a decimal or hexadecimal number. */
    private static final Pattern IP_ADDRESS = Pattern.compile("\\[.*|(?:.*\\.)?(?:\\d+|0x[0-9a-f]*)\\.?");

    private static final int HTTPS = 443;

    private final TrustedHosts trustedHosts;
    private final Set<String> additionalHosts;

    /**
     * @param trustedHosts the trusted hosts of the API
     * @param additionalHosts the exact names or IP addresses (IPv6 with or without brackets) that the administrator
     *     added; any port is allowed for them
     */
    public EndpointPolicy(TrustedHosts trustedHosts, Collection<String> additionalHosts) {
        this.trustedHosts = trustedHosts;
        this.additionalHosts =
                additionalHosts.stream().map(EndpointPolicy::canonical).collect(Collectors.toUnmodifiableSet());
    }

    /** Returns the reason why an address cannot be the endpoint of an account, or empty if it can. */
    public Optional<Violation> endpointViolation(URI endpoint) {
        if (endpoint.getRawQuery() != null || endpoint.getRawFragment() != null) {
            return Optional.of(Violation.QUERY_OR_FRAGMENT);
        }
        return violation(endpoint, false);
    }

    /** Returns the reason why a redirect to an address is not allowed, or empty if it is. */
    public Optional<Violation> redirectViolation(URI target) {
        return violation(target, true);
    }

    private Optional<Violation> violation(URI address, boolean redirect) {
        if (!address.isAbsolute() || address.isOpaque()) {
            return Optional.of(Violation.MALFORMED);
        }
        if (!"https".equalsIgnoreCase(address.getScheme())) {
            return Optional.of(Violation.NOT_HTTPS);
        }
        if (address.getRawAuthority() != null && address.getRawAuthority().indexOf('@') >= 0) {
            return Optional.of(Violation.USER_INFO);
        }
        if (address.getHost() == null) {
            return Optional.of(Violation.MALFORMED);
        }
        String host = canonical(address.getHost());
        if (additionalHosts.contains(host)) {
            return Optional.empty();
        }
        if (IP_ADDRESS.matcher(host).matches()) {
            return Optional.of(Violation.IP_ADDRESS);
        }
        if (!trustedHosts.contains(host, redirect)) {
            return Optional.of(Violation.UNKNOWN_HOST);
        }
        boolean otherPort = address.getPort() != -1 && address.getPort() != HTTPS;
        return otherPort ? Optional.of(Violation.PORT) : Optional.empty();
    }

    private static String canonical(String host) {
        String lower = host.trim().toLowerCase(Locale.ROOT);
        boolean bareIpv6 = lower.indexOf(':') >= 0 && !lower.startsWith("[");
        return bareIpv6 ? "[" + lower + "]" : lower;
    }

    /** Returns whether both policies allow the same hosts. Accounts with equal policies can share a queue of polls. */
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
