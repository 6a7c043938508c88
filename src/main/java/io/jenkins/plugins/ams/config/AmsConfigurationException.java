/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.config;

import hudson.AbortException;
import io.jenkins.plugins.ams.http.PlainText;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/**
 * Signals a configuration error that an administrator or the owner of a job must correct before a wait can work. The
 * message is localized and says what to do, so Jenkins shows it without a stack trace.
 */
@Restricted(NoExternalUse.class)
public class AmsConfigurationException extends AbortException {

    private static final long serialVersionUID = 1L;

    /** Longer messages are truncated, so that they remain readable. */
    private static final int MAX_LENGTH = 2000;

    /** @param message the error and how to correct it, without secrets. It is converted to one line of plain text */
    public AmsConfigurationException(String message) {
        super(PlainText.line(message, MAX_LENGTH));
    }
}
