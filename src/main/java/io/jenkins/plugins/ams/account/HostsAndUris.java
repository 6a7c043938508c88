/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.account;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads what administrators write into fields for hosts and addresses. */
final class HostsAndUris {

    private static final Pattern SEPARATORS = Pattern.compile("[\\s,;]+");
    private static final Pattern HOST_NAME =
            Pattern.compile("(?=.{1,253}$)[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*");
    private static final Pattern IPV6 =
            Pattern.compile("\\[[0-9a-f:.]*:[0-9a-f:.]*]|[0-9a-f:.]*:[0-9a-f:.]*:[0-9a-f:.]*");

    private static final int MAX_PORT = 65535;

    private HostsAndUris() {}

    /** The hosts of a text, one a line or separated by commas, in lower case, each once, in their order. */
    static List<String> hosts(@CheckForNull String text) {
        return text == null ? List.of() : hosts(Arrays.asList(SEPARATORS.split(text)));
    }

    /** The hosts in lower case, each once, in their order; empty ones left out. */
    static List<String> hosts(List<String> hosts) {
        return hosts.stream()
                .filter(host -> host != null)
                .map(host -> host.trim().toLowerCase(Locale.ROOT))
                .filter(host -> !host.isEmpty())
                .distinct()
                .toList();
    }

    /** Whether the text is the name or IP address of one host: no scheme, no port, no path, no wildcard. */
    static boolean isHost(String text) {
        return HOST_NAME.matcher(text).matches() || IPV6.matcher(text).matches();
    }

    /**
     * The address of an authority: {@code https://host[:port]}, a slash at its end is left out. Empty if the text is
     * something else: a path would be taken for the tenant, and a host of another alphabet looks like one that it is not.
     */
    static Optional<URI> authority(@CheckForNull String text) {
        return uri(text)
                .filter(uri -> "https".equalsIgnoreCase(uri.getScheme())
                        && uri.getHost() != null
                        && isHost(uri.getHost().toLowerCase(Locale.ROOT))
                        && uri.getPort() != 0
                        && uri.getPort() <= MAX_PORT
                        && uri.getRawUserInfo() == null
                        && (uri.getRawPath().isEmpty() || uri.getRawPath().equals("/"))
                        && uri.getRawQuery() == null
                        && uri.getRawFragment() == null)
                .map(uri -> URI.create("https://" + uri.getHost() + (uri.getPort() < 0 ? "" : ":" + uri.getPort())));
    }

    /** The text as an absolute address; empty if it is none. */
    static Optional<URI> uri(@CheckForNull String text) {
        if (text == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(new URI(text.trim())).filter(URI::isAbsolute);
        } catch (URISyntaxException e) {
            return Optional.empty(); // all that a caller could say is that it is none
        }
    }
}
