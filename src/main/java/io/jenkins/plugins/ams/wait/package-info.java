/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */

/**
 * Code that both entry points share: wait parameters and their validation, the listener that reports to the console and
 * the build page, job cancellation, and the cause of a build failure. Start with {@link
 * io.jenkins.plugins.ams.wait.WaitParameters} and {@link io.jenkins.plugins.ams.wait.ReportingListener}.
 */
package io.jenkins.plugins.ams.wait;
