/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.account;

import hudson.AbortException;
import io.jenkins.plugins.ams.auth.PlainText;

/**
 * Something that an administrator or the owner of a job has to set right before a wait can work. The message says what,
 * in the reader's language; it needs no stack trace.
 */
public class AmsConfigurationException extends AbortException {

    private static final long serialVersionUID = 1L;

    /** Longer messages are cut: they are read by people. */
    private static final int MAX_LENGTH = 2000;

    /** @param message what is wrong and what to do about it; never holds a secret. Is made one plain line */
    public AmsConfigurationException(String message) {
        super(PlainText.line(message, MAX_LENGTH));
    }
}
