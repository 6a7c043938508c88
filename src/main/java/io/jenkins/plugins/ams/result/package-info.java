/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */

/**
 * The job as a build knows it at the end: what the step returns to Pipeline scripts, and whether the outcome fails the
 * build. Start reading at {@link io.jenkins.plugins.ams.result.AmsJobResult}.
 */
package io.jenkins.plugins.ams.result;
