/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.service;

import io.jenkins.plugins.ams.service.JobId.MalformedJobIdException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads identifiers of AMS v2 jobs, {@code nb:jid:UUID:<guid>}.
 *
 * <p>The GUID's hex shape is checked, not its version bits: the service hands out GUIDs that are no RFC 4122 version 4
 * ones. What is read is in the service's own spelling, prefix as documented and GUID in lower case.
 */
public final class AmsV2JobId {

    private static final String PREFIX = "nb:jid:UUID:";
    private static final String GUID = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}";
    private static final Pattern FULL = Pattern.compile("(?:nb:jid:uuid:)?(" + GUID + ")", Pattern.CASE_INSENSITIVE);
    private static final Pattern OTHER_ENTITY = Pattern.compile("nb:([a-z]+):uuid:" + GUID, Pattern.CASE_INSENSITIVE);

    private AmsV2JobId() {}

    /**
     * Reads an identifier as people write it: in full, as a bare GUID, or percent-encoded as in the service's links.
     *
     * @throws MalformedJobIdException if it is none of these
     */
    public static JobId parse(String text) {
        String trimmed = text == null ? "" : text.trim();
        String decoded = decode(trimmed);
        Matcher full = FULL.matcher(decoded);
        if (full.matches()) {
            return new JobId(PREFIX + full.group(1).toLowerCase(Locale.ROOT));
        }
        Matcher other = OTHER_ENTITY.matcher(decoded);
        throw new MalformedJobIdException(
                trimmed, other.matches() ? other.group(1).toLowerCase(Locale.ROOT) : null);
    }

    private static String decode(String text) {
        if (text.indexOf('%') < 0) {
            return text;
        }
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException notPercentEncoded) {
            return text; // the pattern refuses it with the text as it was given
        }
    }
}
