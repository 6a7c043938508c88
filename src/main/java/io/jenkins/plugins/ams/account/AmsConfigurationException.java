/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.account;

import hudson.AbortException;

/**
 * Something that an administrator or the owner of a job has to set right before a wait can work. The message says what,
 * in the reader's language; it needs no stack trace.
 */
public class AmsConfigurationException extends AbortException {

    private static final long serialVersionUID = 1L;

    /** @param message what is wrong and what to do about it; never holds a secret */
    public AmsConfigurationException(String message) {
        super(message);
    }
}
