/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */

/**
 * Data about a build's waits. It includes the representation of a job, the record of a wait, and the effect of a wait's
 * outcome on the build. Jobs are stored with the build, shown on its pages, and returned to Pipeline scripts. Start
 * with {@link io.jenkins.plugins.ams.result.AmsJobResult} and {@link io.jenkins.plugins.ams.result.WaitRecord}.
 */
package io.jenkins.plugins.ams.result;
