/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.service.v2;

import io.jenkins.plugins.ams.service.JobId;
import io.jenkins.plugins.ams.service.JobId.MalformedJobIdException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Parses IDs of AMS v2 jobs, {@code nb:jid:UUID:<guid>}.
 *
 * <p>Checks only that the GUID consists of hexadecimal digits, not its version bits: the service assigns GUIDs that are
 * not valid UUIDs of RFC 4122. The result is in the service's own spelling: the prefix as documented, the GUID in lower
 * case.
 */
public final class AmsV2JobId {

    private static final String PREFIX = "nb:jid:UUID:";
    private static final String GUID = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}";
    private static final Pattern FULL =
            Pattern.compile("(?:nb:jid:uuid:)?(?:(" + GUID + ")|\\{(" + GUID + ")\\})", Pattern.CASE_INSENSITIVE);

    /**
     * Matches {@code Jobs('…')} and {@code CancelJob?jobid='…'}, with or without the address in front, and with the
     * path of a resource below the job.
     */
    private static final Pattern ADDRESS = Pattern.compile(
            "(?:https?://[^\\s'?#]{1,300}/|/?(?:api/)?)(?:Jobs\\('([^']{1,100})'\\)(?:[/?#].{0,500})?"
                    + "|CancelJob\\?jobid='([^']{1,100})')",
            Pattern.CASE_INSENSITIVE);

    private static final Pattern OTHER_ENTITY = Pattern.compile("nb:([a-z]+):uuid:" + GUID, Pattern.CASE_INSENSITIVE);

    private AmsV2JobId() {}

    /**
     * Parses a job ID as users enter or paste it: in full, as a bare GUID, percent-encoded as in the service's links,
     * in quotes or braces, as {@code Jobs('…')}, or as the address of a job on any host.
     *
     * @throws MalformedJobIdException if the text is in none of these forms
     */
    public static JobId parse(String text) {
        String trimmed = text == null ? "" : text.trim();
        String id = idInAddress(decode(JobId.unwrapped(trimmed)));
        Matcher full = FULL.matcher(id);
        if (full.matches()) {
            String guid = full.group(1) != null ? full.group(1) : full.group(2);
            return new JobId(PREFIX + guid.toLowerCase(Locale.ROOT));
        }
        Matcher other = OTHER_ENTITY.matcher(id);
        throw new MalformedJobIdException(
                trimmed, other.matches() ? other.group(1).toLowerCase(Locale.ROOT) : null);
    }

    /** Returns the ID in the address of a job; returns any other text unchanged. */
    private static String idInAddress(String text) {
        Matcher address = ADDRESS.matcher(text);
        if (!address.matches()) {
            return text;
        }
        return address.group(1) != null ? address.group(1) : address.group(2);
    }

    private static String decode(String text) {
        if (text.indexOf('%') < 0) {
            return text;
        }
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException malformed) {
            return text; // does not match the pattern and is reported as entered
        }
    }
}
