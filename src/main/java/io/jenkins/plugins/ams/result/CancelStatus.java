/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.result;

import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/**
 * The status of a build's request to cancel a job, as reported in the service's response or found by a later poll. The
 * names are part of the REST API.
 *
 * @since TODO
 */
@Restricted(NoExternalUse.class)
public enum CancelStatus {
    /** The build has requested the cancellation, and the outcome is not known yet. */
    REQUESTED,
    /** The service is canceling the job. */
    ACCEPTED,
    /** The job had already ended or was already being canceled. */
    NOT_NEEDED,
    /** The job could not be canceled. */
    FAILED
}
