/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.emulator;

/** The kinds of requests that tests distinguish in counts and faults. */
public enum RequestKind {
    /** A token request to the authority. */
    TOKEN,
    /** A request for a token of a managed identity of the machine. */
    METADATA,
    /** A request for all jobs, one job or a property of a job. */
    JOBS,
    /** A request for the tasks of one job or of all jobs. */
    TASKS,
    /** A request for the input or output assets of a job. */
    ASSETS,
    /** A request to cancel a job, which is a GET in AMS v2. */
    CANCEL,
    /** Any other request, such as for the service document, redirects, instance discovery or missing paths. */
    OTHER
}
