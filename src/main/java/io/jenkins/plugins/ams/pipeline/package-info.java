/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */

/**
 * The Pipeline step {@code waitForAmsJob}, which is asynchronous and continues across restarts. Start reading at
 * {@link io.jenkins.plugins.ams.pipeline.WaitForAmsJobStepExecution}.
 */
package io.jenkins.plugins.ams.pipeline;
