/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.service;

import io.jenkins.plugins.ams.http.PlainText;

/**
 * An error that the service reports for a failed task.
 *
 * @param code the service's error code, such as {@code ErrorParsingConfiguration}; may be empty
 * @param message the service's error message, which is untrusted and not escaped; may be empty. Signatures are removed
 *     from URLs in the message
 * @param category the category to which the service assigns the error, such as {@code Content}; empty in AMS v2
 * @param retry the service's advice on running the same job again
 */
public record ErrorDetail(String code, String message, String category, Retry retry) {

    public ErrorDetail {
        message = PlainText.withoutSignatures(message);
    }

    /** A service's advice on running a failed job again. */
    public enum Retry {
        /** The error contains no advice on running the job again. AMS v2 never gives such advice. */
        UNSAID(""),
        /** The job would fail again unless the content, the preset, or the permissions are corrected first. */
        DO_NOT_RETRY("DoNotRetry"),
        /** The job may succeed if it is run again. */
        MAY_RETRY("MayRetry");

        private final String label;

        Retry(String label) {
            this.label = label;
        }

        /** Returns the constant for a value that the service sent, or {@link #UNSAID} if the value is undocumented. */
        public static Retry of(String label) {
            for (Retry retry : values()) {
                if (retry.label.equals(label)) {
                    return retry;
                }
            }
            return UNSAID;
        }

        /** Returns the value that the service sends, or an empty string for {@link #UNSAID}. */
        public String label() {
            return label;
        }
    }

    /** Creates an error without a category or advice on retrying. */
    public ErrorDetail(String code, String message) {
        this(code, message, "", Retry.UNSAID);
    }
}
