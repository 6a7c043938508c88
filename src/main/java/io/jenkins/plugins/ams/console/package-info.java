/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */

/**
 * User-facing text: console lines, error messages with advice, and durations. The classes only format text and do not
 * make decisions. Start with {@link io.jenkins.plugins.ams.console.ConsoleLog} and {@link
 * io.jenkins.plugins.ams.console.ErrorMessages}.
 */
package io.jenkins.plugins.ams.console;
