package io.jenkins.plugins.ams.service;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The identifier of an AMS v2 job, {@code nb:jid:UUID:<guid>}.
 *
 * <p>The GUID's hex shape is checked, not its version bits: the service hands out GUIDs that are no RFC 4122 version 4
 * ones. The value is kept in the service's own spelling, prefix as documented and GUID in lower case.
 *
 * @param value the full identifier, never percent-encoded
 */
public record JobId(String value) {

    private static final String PREFIX = "nb:jid:UUID:";
    private static final String GUID = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}";
    private static final Pattern FULL = Pattern.compile("(?:nb:jid:uuid:)?(" + GUID + ")", Pattern.CASE_INSENSITIVE);
    private static final Pattern OTHER_ENTITY = Pattern.compile("nb:([a-z]+):uuid:" + GUID, Pattern.CASE_INSENSITIVE);

    public JobId {
        if (!value.startsWith(PREFIX) || !FULL.matcher(value).matches()) {
            throw new IllegalArgumentException("not a canonical job id: " + value);
        }
    }

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

    @Override
    public String toString() {
        return value;
    }

    /** A text that is no job id. */
    public static final class MalformedJobIdException extends IllegalArgumentException {

        private static final long serialVersionUID = 1L;

        private final String text;
        private final String entity;

        MalformedJobIdException(String text, String entity) {
            super("not an AMS job id: '" + text + "'");
            this.text = text;
            this.entity = entity;
        }

        /** The text as it was given, without the white space around it; empty if there was none. */
        public String text() {
            return text;
        }

        /**
         * The entity prefix ({@code cid} for an asset, {@code tid} for a task, ...) if the text is the identifier of
         * something else than a job, a common slip; null otherwise.
         */
        public String entity() {
            return entity;
        }
    }
}
