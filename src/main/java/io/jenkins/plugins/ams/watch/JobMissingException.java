/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.watch;

/** The service does not find a job that it knew before. Polled again for a while, since replicas and lists lag. */
public final class JobMissingException extends Exception {

    private static final long serialVersionUID = 1L;

    JobMissingException() {
        super("the service does not find the job");
    }
}
