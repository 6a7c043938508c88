/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.config;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** Parses the hosts and URIs that administrators enter. */
final class HostsAndUris {

    private static final Pattern SEPARATORS = Pattern.compile("[\\s,;]+");
    private static final Pattern HOST_NAME =
            Pattern.compile("(?=.{1,253}$)[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*");
    private static final Pattern IPV6 =
            Pattern.compile("\\[[0-9a-f:.]*:[0-9a-f:.]*]|[0-9a-f:.]*:[0-9a-f:.]*:[0-9a-f:.]*");

    private static final int MAX_PORT = 65535;

    private HostsAndUris() {}

    /**
     * Returns the distinct hosts in a string, in lowercase. The hosts are separated by white space, commas, or
     * semicolons.
     */
    static List<String> hosts(@CheckForNull String text) {
        return text == null ? List.of() : hosts(Arrays.asList(SEPARATORS.split(text)));
    }

    /** Returns the distinct hosts from a list, in lowercase and without empty strings. */
    static List<String> hosts(List<String> hosts) {
        return hosts.stream()
                .filter(host -> host != null)
                .map(host -> host.trim().toLowerCase(Locale.ROOT))
                .filter(host -> !host.isEmpty())
                .distinct()
                .toList();
    }

    /** Returns whether the string is a single host name or IP address, without a scheme, port, path, or wildcard. */
    static boolean isHost(String text) {
        return HOST_NAME.matcher(text).matches() || IPV6.matcher(text).matches();
    }

    /**
     * Parses a token authority's URL, {@code https://host[:port]}, and removes a trailing slash. Returns empty for any
     * other string, because a path could be mistaken for the tenant and a host name with characters from another
     * alphabet could be mistaken for a different host.
     */
    static Optional<URI> authority(@CheckForNull String text) {
        return uri(text)
                .filter(uri -> isHttpsUrl(uri)
                        && uri.getRawUserInfo() == null
                        && (uri.getRawPath().isEmpty() || uri.getRawPath().equals("/"))
                        && uri.getRawQuery() == null
                        && uri.getRawFragment() == null)
                .map(uri -> URI.create("https://" + uri.getHost() + (uri.getPort() < 0 ? "" : ":" + uri.getPort())));
    }

    /** Returns whether a URI is an https URL with a valid host name or IP address and a valid port. */
    static boolean isHttpsUrl(URI uri) {
        return "https".equalsIgnoreCase(uri.getScheme())
                && uri.getHost() != null
                && isHost(uri.getHost().toLowerCase(Locale.ROOT))
                && uri.getPort() != 0
                && uri.getPort() <= MAX_PORT;
    }

    /** Parses an absolute URI. Returns empty if the string is not an absolute URI. */
    static Optional<URI> uri(@CheckForNull String text) {
        if (text == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(new URI(text.trim())).filter(URI::isAbsolute);
        } catch (URISyntaxException e) {
            return Optional.empty(); // callers report only that the string is not a URI
        }
    }
}
