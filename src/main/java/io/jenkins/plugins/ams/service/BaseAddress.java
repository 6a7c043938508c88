/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.service;

import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;

/** Builds the base addresses that the addresses of requests are relative to. */
public final class BaseAddress {

    private BaseAddress() {}

    /** Returns the address with a slash at its end, so that relative addresses can be appended. */
    public static URI of(URI address) {
        String text = address.toString();
        return text.endsWith("/") ? address : URI.create(text + "/");
    }

    /**
     * Returns the base address that a redirect points to. Some servers send only the new base address, others the new
     * address of the whole request.
     *
     * @param location the absolute target of the redirect
     * @param relative the address of the request, relative to the old base address
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
