/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.service;

import io.jenkins.plugins.ams.http.PlainText;

/**
 * An error of a failed task.
 *
 * @param code the service's error code, such as {@code ErrorParsingConfiguration}; may be empty
 * @param message the service's text, unescaped and untrusted, with the signatures of addresses removed; may be empty
 * @param category the service's category of the cause, such as {@code Content}; empty in AMS v2
 * @param retry whether running the same job again may succeed, according to the service
 */
public record ErrorDetail(String code, String message, String category, Retry retry) {

    public ErrorDetail {
        message = PlainText.withoutSignatures(message);
    }

    /** A service's advice on running a failed job again. */
    public enum Retry {
        /** The service gives no advice. AMS v2 never does. */
        UNSAID(""),
        /** The job would fail again: the content, the preset or the permissions have to be corrected first. */
        DO_NOT_RETRY("DoNotRetry"),
        /** The job may succeed. */
        MAY_RETRY("MayRetry");

        private final String label;

        Retry(String label) {
            this.label = label;
        }

        /** Returns the constant for a value that the service sent, or {@link #UNSAID} for an undocumented value. */
        public static Retry of(String label) {
            for (Retry retry : values()) {
                if (retry.label.equals(label)) {
                    return retry;
                }
            }
            return UNSAID;
        }

        /** Returns the value that the service sends; empty for {@link #UNSAID}. */
        public String label() {
            return label;
        }
    }

    /** Creates an error without a category and without advice on a retry. */
    public ErrorDetail(String code, String message) {
        this(code, message, "", Retry.UNSAID);
    }
}
