/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */

/**
 * Data about a build's waits: the model of a job, which is stored, shown, and returned to Pipeline scripts; the record
 * of a wait; and the effect of its outcome on the build. Start with {@link io.jenkins.plugins.ams.result.AmsJobResult}
 * and {@link io.jenkins.plugins.ams.result.WaitRecord}.
 */
package io.jenkins.plugins.ams.result;
