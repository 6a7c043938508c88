/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.result;

import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/**
 * What became of a build's request to cancel a job, as the service said or a poll showed. The names are part of the REST
 * API.
 *
 * @since TODO
 */
@Restricted(NoExternalUse.class)
public enum CancelStatus {
    /** The outcome is not known yet. */
    REQUESTED,
    /** The service cancels the job. */
    ACCEPTED,
    /** The job had ended or was being canceled already. */
    NOT_NEEDED,
    /** The job could not be canceled. */
    FAILED
}
