/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.polling;

/**
 * Indicates that the service no longer finds a job that it found before. The job is polled again for a limited period,
 * because replicas and lists may be outdated.
 */
public final class JobMissingException extends Exception {

    private static final long serialVersionUID = 1L;

    JobMissingException() {
        super("the service no longer finds the job");
    }
}
