/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */

/**
 * The Pipeline step {@code waitForAmsJob}, which runs asynchronously and continues across restarts. Start with {@link
 * io.jenkins.plugins.ams.pipeline.WaitForAmsJobStepExecution}.
 */
package io.jenkins.plugins.ams.pipeline;
