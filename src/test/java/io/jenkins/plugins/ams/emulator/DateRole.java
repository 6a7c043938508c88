/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.emulator;

/** The role of a date and time in a payload, which determines its format in recorded payloads. */
enum DateRole {
    CREATED,
    RUN,
    EVENT,
    ASSET
}
