/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.credentials;

import hudson.AbortException;
import io.jenkins.plugins.ams.http.PlainText;

/**
 * Signals that credentials cannot be used until a user corrects them. The localized message explains how to correct the
 * credentials, and is shown without a stack trace.
 */
public class UnusableCredentialsException extends AbortException {

    private static final long serialVersionUID = 1L;

    /** Maximum length of a message in characters. Longer messages are truncated. */
    private static final int MAX_LENGTH = 2000;

    /**
     * @param message a description of the error and how to correct it. The message must not contain secrets. It is
     *     converted to a single line of plain text
     */
    public UnusableCredentialsException(String message) {
        super(PlainText.line(message, MAX_LENGTH));
    }
}
