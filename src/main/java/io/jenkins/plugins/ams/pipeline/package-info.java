/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */

/**
 * The Pipeline step {@code waitForAmsJob}, which runs asynchronously and continues across restarts, and the condition
 * {@code amsRetryable()} of the {@code retry} step. Start with {@link
 * io.jenkins.plugins.ams.pipeline.WaitForAmsJobStepExecution}.
 */
package io.jenkins.plugins.ams.pipeline;
