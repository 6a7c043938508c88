/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.service;

import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;

/** Addresses that others are relative to. */
public final class BaseAddress {

    private BaseAddress() {}

    /** A base address ends with a slash, so that what is relative to it can be put behind. */
    public static URI of(URI address) {
        String text = address.toString();
        return text.endsWith("/") ? address : URI.create(text + "/");
    }

    /**
     * The base address that a redirect points to. Some servers answer with the new base alone, others repeat the whole
     * request below it.
     *
     * @param location the absolute target of the redirect
     * @param relative what was asked for, relative to the old base
     */
    static URI redirected(URI location, String relative) {
        String path = location.getRawPath();
        String asked = relative.contains("?") ? relative.substring(0, relative.indexOf('?')) : relative;
        String origin = location.getScheme() + "://" + location.getRawAuthority();
        for (int at = path.indexOf('/'); at >= 0; at = path.indexOf('/', at + 1)) {
            if (decoded(path.substring(at + 1)).equalsIgnoreCase(decoded(asked))) {
                return URI.create(origin + path.substring(0, at + 1));
            }
        }
        return of(URI.create(origin + path));
    }

    private static String decoded(String path) {
        return URLDecoder.decode(path.replace("+", "%2B"), StandardCharsets.UTF_8);
    }
}
