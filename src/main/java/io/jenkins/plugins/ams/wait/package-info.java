/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */

/**
 * What both entry points need for a wait: parameters and their validation, the listener that reports to console and page,
 * the cancellation of jobs, and the cause of a failure. Start reading at
 * {@link io.jenkins.plugins.ams.wait.WaitParameters} and {@link io.jenkins.plugins.ams.wait.ReportingListener}.
 */
package io.jenkins.plugins.ams.wait;
