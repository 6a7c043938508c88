/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.service;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.ams.http.PlainText;

/**
 * A job ID in its API's canonical format: {@code nb:jid:UUID:<guid>} in AMS v2, or {@code transform/job} in v3-style
 * APIs. Each API has its own parser, which converts the IDs that users enter to this format.
 *
 * @param value the ID, on a single line and not percent-encoded
 */
public record JobId(String value) {

    /** Maximum length in characters. Transform and job names have at most 260 characters each. */
    private static final int MAX_LENGTH = 2000;

    private static final String OPENING = "'\"`{<\u2018\u201c\u00ab";
    private static final String CLOSING = "'\"`}>\u2019\u201d\u00bb";

    public JobId {
        if (value.isBlank() || value.length() > MAX_LENGTH || !PlainText.isPlain(value)) {
            throw new IllegalArgumentException("not a job ID");
        }
    }

    /**
     * Removes surrounding quotes, braces, angle brackets, and white space, which users often copy together with an ID
     * from code, JSON, or a chat message.
     *
     * @param text the string, or null
     * @return the remaining string, or an empty string if the input is null
     */
    public static String unwrapped(@CheckForNull String text) {
        String stripped = text == null ? "" : text.strip();
        while (stripped.length() > 1) {
            int pair = OPENING.indexOf(stripped.charAt(0));
            if (pair < 0 || stripped.charAt(stripped.length() - 1) != CLOSING.charAt(pair)) {
                break;
            }
            stripped = stripped.substring(1, stripped.length() - 1).strip();
        }
        return stripped;
    }

    @Override
    public String toString() {
        return value;
    }

    /** Thrown if a string is not a job ID in the API's format. */
    public static final class MalformedJobIdException extends IllegalArgumentException {

        private static final long serialVersionUID = 1L;

        private final String text;
        private final String entity;

        /**
         * @param text the string that the user entered, without surrounding white space
         * @param entity the value that {@link #entity} returns
         */
        public MalformedJobIdException(String text, @CheckForNull String entity) {
            super("not a job ID: '" + PlainText.quoted(text) + "'");
            this.text = text;
            this.entity = entity;
        }

        /** Returns the string that the user entered, without surrounding white space. */
        public String text() {
            return text;
        }

        /**
         * Returns what the string identifies instead of a job: an AMS v2 entity prefix, such as {@code cid} for an
         * asset or {@code tid} for a task, or {@code account} for a job in another account. Returns null if it is
         * unknown what the string identifies.
         */
        public String entity() {
            return entity;
        }
    }
}
