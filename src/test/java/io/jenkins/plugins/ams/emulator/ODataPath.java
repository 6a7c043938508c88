/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.emulator;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The segments of a resource path, such as {@code Jobs('nb:jid:UUID:…')/Tasks()}. */
record ODataPath(List<Segment> segments) {

    /** @param key the unquoted key in parentheses, or null if there is none */
    record Segment(String name, String key) {}

    private static final Pattern SEGMENT =
            Pattern.compile("([A-Za-z$][A-Za-z0-9$]*)(?:\\((?:'((?:[^']++|'')*+)')?\\))?");

    /**
     * Parses a resource path.
     *
     * @param raw the path relative to the API's base, as sent
     * @throws ODataException with status 400 if this is not a resource path
     */
    static ODataPath parse(String raw) {
        List<Segment> segments = new ArrayList<>();
        for (String part : raw.split("/")) {
            if (!part.isEmpty()) {
                segments.add(segment(part));
            }
        }
        return new ODataPath(segments);
    }

    private static Segment segment(String raw) {
        try {
            Matcher matcher = SEGMENT.matcher(Request.decodePath(raw));
            if (matcher.matches()) {
                String key = matcher.group(2);
                return new Segment(matcher.group(1), key == null ? null : ODataFilter.unquote(key));
            }
        } catch (IllegalArgumentException brokenPercentEncoding) {
            throw badPart(raw, brokenPercentEncoding);
        }
        throw badPart(raw, null);
    }

    private static ODataException badPart(String raw, IllegalArgumentException cause) {
        ODataException e = new ODataException(400, "Bad Request - Error in query syntax at '" + raw + "'.");
        if (cause != null) {
            e.initCause(cause);
        }
        return e;
    }

    boolean is(String... names) {
        if (segments.size() != names.length) {
            return false;
        }
        for (int i = 0; i < names.length; i++) {
            if (!segments.get(i).name().equals(names[i])) {
                return false;
            }
        }
        return true;
    }

    /** Returns the key of the first segment, or null if it has none. */
    String key() {
        return segments.get(0).key();
    }

    String last() {
        return segments.get(segments.size() - 1).name();
    }
}
