/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */

/**
 * Code that both entry points share: wait parameters and their validation, the listener that reports to the console and
 * the build page, the cancellation of jobs, and the cause of a failure. Start with {@link
 * io.jenkins.plugins.ams.wait.WaitParameters} and {@link io.jenkins.plugins.ams.wait.ReportingListener}.
 */
package io.jenkins.plugins.ams.wait;
