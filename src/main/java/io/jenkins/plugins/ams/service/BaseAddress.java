/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.service;

import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;

/** Builds the base URIs that request URIs are relative to. */
public final class BaseAddress {

    private BaseAddress() {}

    /** Returns the URI with a trailing slash, so that relative URIs can be appended. */
    public static URI of(URI uri) {
        String text = uri.toString();
        return text.endsWith("/") ? uri : URI.create(text + "/");
    }

    /**
     * Returns the new base URI after a redirect. Some servers redirect to the new base URI itself. Other servers
     * redirect to the complete new URI of the request, from which this method removes the part that is relative to the
     * base URI.
     *
     * @param location the redirect's absolute target
     * @param relative the request's URI, relative to the old base URI
     */
    public static URI redirected(URI location, String relative) {
        String path = location.getRawPath();
        String requestPath = relative.contains("?") ? relative.substring(0, relative.indexOf('?')) : relative;
        String origin = location.getScheme() + "://" + location.getRawAuthority();
        for (int index = path.indexOf('/'); index >= 0; index = path.indexOf('/', index + 1)) {
            if (decoded(path.substring(index + 1)).equalsIgnoreCase(decoded(requestPath))) {
                return URI.create(origin + path.substring(0, index + 1));
            }
        }
        return of(URI.create(origin + path));
    }

    private static String decoded(String path) {
        return URLDecoder.decode(path.replace("+", "%2B"), StandardCharsets.UTF_8);
    }
}
