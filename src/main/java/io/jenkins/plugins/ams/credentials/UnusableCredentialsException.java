/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.credentials;

import hudson.AbortException;
import io.jenkins.plugins.ams.auth.PlainText;

/**
 * Credentials that cannot be used as they are. The message says what their owner has to set right, in the reader's
 * language; it needs no stack trace.
 */
public class UnusableCredentialsException extends AbortException {

    private static final long serialVersionUID = 1L;

    /** Longer messages are cut: they are read by people. */
    private static final int MAX_LENGTH = 2000;

    /** @param message what is wrong and what to do about it; never holds a secret. Is made one plain line */
    public UnusableCredentialsException(String message) {
        super(PlainText.line(message, MAX_LENGTH));
    }
}
