/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.service.v2;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.ams.service.JobId;
import io.jenkins.plugins.ams.service.JobId.MalformedJobIdException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Parses AMS v2 job IDs, such as {@code nb:jid:UUID:<guid>}.
 *
 * <p>The GUID's format is checked, but its version bits are not, because the service assigns GUIDs that are not valid
 * UUIDs according to RFC 4122. Parsed IDs are spelled as the service spells them: the documented prefix, followed by
 * the GUID in lowercase.
 */
public final class AmsV2JobId {

    private static final String PREFIX = "nb:jid:UUID:";
    private static final String GUID = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}";
    private static final Pattern FULL =
            Pattern.compile("(?:nb:jid:uuid:)?(?:(" + GUID + ")|\\{(" + GUID + ")\\})", Pattern.CASE_INSENSITIVE);

    /**
     * Matches {@code Jobs('…')} and {@code CancelJob?jobid='…'}, optionally preceded by a base URL. {@code Jobs('…')}
     * can be followed by the path of a subresource.
     */
    private static final Pattern ADDRESS = Pattern.compile(
            "(?:https?://[^\\s'?#]{1,300}/|/?(?:api/)?)(?:Jobs\\('([^']{1,100})'\\)(?:[/?#].{0,500})?"
                    + "|CancelJob\\?jobid='([^']{1,100})')",
            Pattern.CASE_INSENSITIVE);

    private static final Pattern OTHER_ENTITY = Pattern.compile("nb:([a-z]+):uuid:" + GUID, Pattern.CASE_INSENSITIVE);

    private AmsV2JobId() {}

    /**
     * Parses a job ID as users enter or paste it: in full, as a bare GUID, percent-encoded as in the service's links,
     * in quotes or braces, as {@code Jobs('…')}, or as a job URL on any host.
     *
     * @throws MalformedJobIdException if the string has none of these formats
     */
    public static JobId parse(@CheckForNull String text) {
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

    /** Returns the ID in a job URL. Returns other strings unchanged. */
    private static String idInAddress(String text) {
        Matcher url = ADDRESS.matcher(text);
        if (!url.matches()) {
            return text;
        }
        return url.group(1) != null ? url.group(1) : url.group(2);
    }

    private static String decode(String text) {
        if (text.indexOf('%') < 0) {
            return text;
        }
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException malformed) {
            return text; // not a job ID; the error message shows it as the user entered it
        }
    }
}
