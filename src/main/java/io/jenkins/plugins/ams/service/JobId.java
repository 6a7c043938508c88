/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.service;

import io.jenkins.plugins.ams.auth.PlainText;

/**
 * The identifier of a job, as the API of its account spells it: {@code nb:jid:UUID:<guid>} of AMS v2,
 * {@code transform/job} of those with the shape of v3. Each API reads what people write in a way of its own; two
 * identifiers of one job are equal once they were read.
 *
 * @param value on one line, never percent-encoded
 */
public record JobId(String value) {

    /** A transform and a job of up to 260 characters each, in the longest way to write them. */
    private static final int MAX_LENGTH = 2000;

    private static final String OPENING = "'\"`{<\u2018\u201c\u00ab";
    private static final String CLOSING = "'\"`}>\u2019\u201d\u00bb";

    public JobId {
        if (value.isBlank() || value.length() > MAX_LENGTH || !PlainText.isPlain(value)) {
            throw new IllegalArgumentException("not an identifier");
        }
    }

    /**
     * What stands between quotes, braces or angle brackets, which come along when people copy an identifier from code, JSON
     * or a chat; without white space around it.
     *
     * @param text may be null
     */
    public static String unwrapped(String text) {
        String bare = text == null ? "" : text.strip();
        while (bare.length() > 1) {
            int pair = OPENING.indexOf(bare.charAt(0));
            if (pair < 0 || bare.charAt(bare.length() - 1) != CLOSING.charAt(pair)) {
                break;
            }
            bare = bare.substring(1, bare.length() - 1).strip();
        }
        return bare;
    }

    @Override
    public String toString() {
        return value;
    }

    /** A text that is no job id of an API. */
    public static final class MalformedJobIdException extends IllegalArgumentException {

        private static final long serialVersionUID = 1L;

        private final String text;
        private final String entity;

        /**
         * @param text as it was given, without the white space around it
         * @param entity what it identifies instead of a job; null if nothing that is known
         */
        public MalformedJobIdException(String text, String entity) {
            super("not a job id: '" + PlainText.quoted(text) + "'");
            this.text = text;
            this.entity = entity;
        }

        /** The text as it was given, without the white space around it; empty if there was none. */
        public String text() {
            return text;
        }

        /**
         * What the text identifies instead of a job, a common slip: the entity prefix of AMS v2 ({@code cid} for an
         * asset, {@code tid} for a task, ...), or another account. Null if nothing that is known.
         */
        public String entity() {
            return entity;
        }
    }
}
