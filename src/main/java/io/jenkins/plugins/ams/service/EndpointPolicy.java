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
 * Which hosts may be given an access token: those of the account's API and those that the administrator added.
 * Requests go nowhere else, wherever an endpoint or a redirect points to.
 */
public final class EndpointPolicy {

    /** Why an address is refused. */
    public enum Violation {
        /** Not an absolute address with a host that can be read. */
        MALFORMED,
        /** Another scheme than https. */
        NOT_HTTPS,
        /** A user name in front of the host, which serves to disguise it. */
        USER_INFO,
        /** A query or a fragment, which a base address cannot have. */
        QUERY_OR_FRAGMENT,
        /** An IP address that the administrator did not add. */
        IP_ADDRESS,
        /** A host that is not the API's and that the administrator did not add. */
        UNKNOWN_HOST,
        /** Another port than 443 at a host of the API's. */
        PORT
    }

    /** A last label in digits or hex makes a number of the whole host for those who resolve it. */
    private static final Pattern IP_ADDRESS = Pattern.compile("\\[.*|(?:.*\\.)?(?:\\d+|0x[0-9a-f]*)\\.?");

    private static final int HTTPS = 443;

    private final TrustedHosts known;
    private final Set<String> additionalHosts;

    /**
     * @param known the hosts of the API
     * @param additionalHosts exact names or IP addresses (IPv6 in brackets or without) that the administrator added;
     *     these may use any port
     */
    public EndpointPolicy(TrustedHosts known, Collection<String> additionalHosts) {
        this.known = known;
        this.additionalHosts =
                additionalHosts.stream().map(EndpointPolicy::canonical).collect(Collectors.toUnmodifiableSet());
    }

    /** Why this cannot be the base address of an account; empty if it can. */
    public Optional<Violation> endpointViolation(URI endpoint) {
        if (endpoint.getRawQuery() != null || endpoint.getRawFragment() != null) {
            return Optional.of(Violation.QUERY_OR_FRAGMENT);
        }
        return violation(endpoint, false);
    }

    /** Why the service may not redirect to here; empty if it may. */
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
        if (!known.contain(host, redirect)) {
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

    /** Policies that allow the same are equal: whoever shares a connection by its policy depends on it. */
    @Override
    public boolean equals(Object other) {
        return other instanceof EndpointPolicy that
                && known.equals(that.known)
                && additionalHosts.equals(that.additionalHosts);
    }

    @Override
    public int hashCode() {
        return Objects.hash(known, additionalHosts);
    }
}
