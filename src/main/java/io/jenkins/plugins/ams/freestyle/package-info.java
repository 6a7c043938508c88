/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */

/**
 * The build step {@code waitForAmsJob} for freestyle projects, which blocks the build's thread while it waits. Start
 * reading at {@link io.jenkins.plugins.ams.freestyle.WaitForAmsJobBuilder}.
 */
package io.jenkins.plugins.ams.freestyle;
