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
 * Signals a configuration error that an administrator or the job's owner must correct. The localized message explains
 * how to correct the error, so Jenkins shows the message without a stack trace.
 */
@Restricted(NoExternalUse.class)
public class AmsConfigurationException extends AbortException {

    private static final long serialVersionUID = 1L;

    /** Maximum length of a message in characters. Longer messages are truncated. */
    private static final int MAX_LENGTH = 2000;

    /**
     * @param message a description of the error and how to correct it. The message must not contain secrets. It is
     *     converted to a single line of plain text
     */
    public AmsConfigurationException(String message) {
        super(PlainText.line(message, MAX_LENGTH));
    }
}
