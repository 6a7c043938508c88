/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.service;

import io.jenkins.plugins.ams.http.PlainText;

/**
 * The ID of a job in the canonical spelling of its API: {@code nb:jid:UUID:<guid>} in AMS v2, {@code transform/job} in
 * v3-style APIs. Each API has its own parser for the spellings that users enter; different spellings of one ID
 * parse to equal IDs.
 *
 * @param value a single line, not percent-encoded
 */
public record JobId(String value) {

    /** Maximum length in characters; fits the names of a transform and a job with up to 260 characters each. */
    private static final int MAX_LENGTH = 2000;

    private static final String OPENING = "'\"`{<\u2018\u201c\u00ab";
    private static final String CLOSING = "'\"`}>\u2019\u201d\u00bb";

    public JobId {
        if (value.isBlank() || value.length() > MAX_LENGTH || !PlainText.isPlain(value)) {
            throw new IllegalArgumentException("not an identifier");
        }
    }

    /**
     * Removes the surrounding quotes, braces, angle brackets and white space that users copy along with an ID from
     * code, JSON or a chat.
     *
     * @param text the text, or null
     * @return the remaining text; empty if the text is null
     */
    public static String unwrapped(String text) {
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

    /** Thrown for a text that is not a job ID of the API. */
    public static final class MalformedJobIdException extends IllegalArgumentException {

        private static final long serialVersionUID = 1L;

        private final String text;
        private final String entity;

        /**
         * @param text the user's text without surrounding white space
         * @param entity what the text identifies instead of a job, see {@link #entity}; null if unknown
         */
        public MalformedJobIdException(String text, String entity) {
            super("not a job id: '" + PlainText.quoted(text) + "'");
            this.text = text;
            this.entity = entity;
        }

        /** Returns the user's text without surrounding white space. */
        public String text() {
            return text;
        }

        /**
         * Returns what the text identifies instead of a job: an entity prefix of AMS v2, such as {@code cid} for an
         * asset or {@code tid} for a task, or {@code account} for a job of another account. Returns null if unknown.
         */
        public String entity() {
            return entity;
        }
    }
}
