/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */

/**
 * The {@code waitForAmsJob} build step for freestyle projects. The build step occupies the build's thread while it
 * waits. Start with {@link io.jenkins.plugins.ams.freestyle.WaitForAmsJobBuilder}.
 */
package io.jenkins.plugins.ams.freestyle;
