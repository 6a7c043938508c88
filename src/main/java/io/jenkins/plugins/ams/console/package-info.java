/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */

/**
 * The words for people: the lines of a build console, the sentences for errors with advice, and durations. Nothing here
 * decides anything. Start reading at {@link io.jenkins.plugins.ams.console.ConsoleLog} and
 * {@link io.jenkins.plugins.ams.console.ErrorMessages}.
 */
package io.jenkins.plugins.ams.console;
