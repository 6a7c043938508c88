/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.emulator;

/** Where a date and time stands: recorded payloads spell them differently within one body. */
enum DateRole {
    CREATED,
    RUN,
    EVENT,
    ASSET
}
