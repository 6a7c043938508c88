/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.service;

import io.jenkins.plugins.ams.auth.PlainText;

/**
 * Why a task failed.
 *
 * @param code one of the service's codes, such as {@code ErrorParsingConfiguration}; empty if none was sent
 * @param message the service's text, unescaped and possibly hostile, but without the signatures of addresses in it;
 *     empty if none was sent
 * @param category what the service blames, such as {@code Content}; empty if none was sent, as by AMS v2
 * @param retry what the service says of another try of the same
 */
public record ErrorDetail(String code, String message, String category, Retry retry) {

    public ErrorDetail {
        message = PlainText.withoutSignatures(message);
    }

    /** What a service says of another try. */
    public enum Retry {
        /** Nothing, as AMS v2. */
        UNSAID(""),
        /** It would fail again: the content, the preset or the permissions have to be set right before. */
        DO_NOT_RETRY("DoNotRetry"),
        /** It may succeed. */
        MAY_RETRY("MayRetry");

        private final String label;

        Retry(String label) {
            this.label = label;
        }

        /** The retry of this word of the service's; {@link #UNSAID} for any other. */
        public static Retry of(String label) {
            for (Retry retry : values()) {
                if (retry.label.equals(label)) {
                    return retry;
                }
            }
            return UNSAID;
        }

        /** The service's own word; empty for {@link #UNSAID}. */
        public String label() {
            return label;
        }
    }

    /** Of a service that says no more. */
    public ErrorDetail(String code, String message) {
        this(code, message, "", Retry.UNSAID);
    }
}
