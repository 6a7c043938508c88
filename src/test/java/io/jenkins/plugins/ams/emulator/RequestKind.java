/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.emulator;

/** What a request is about, as far as tests count and break requests. */
public enum RequestKind {
    /** A token request to the authority. */
    TOKEN,
    /** A request for a token of a managed identity of the machine. */
    METADATA,
    /** A look at jobs: the feed, one job, a property of a job. */
    JOBS,
    /** A look at tasks, of one job or of all. */
    TASKS,
    /** A look at the input or output assets of a job. */
    ASSETS,
    /** The CancelJob function, which the service serves on GET. */
    CANCEL,
    /** Anything else: the service document, redirects, instance discovery, paths that do not exist. */
    OTHER
}
