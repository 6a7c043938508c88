/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */

/**
 * What a build knows of its waits: the one model of a job, which is stored, shown and returned to Pipeline scripts, the
 * record of a wait, and whether an outcome fails the build. Start reading at
 * {@link io.jenkins.plugins.ams.result.AmsJobResult} and {@link io.jenkins.plugins.ams.result.WaitRecord}.
 */
package io.jenkins.plugins.ams.result;
