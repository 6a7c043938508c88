/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
/**
 * An Azure Media Services v2 and Azure AD look-alike on loopback, over TLS. {@link
 * io.jenkins.plugins.ams.emulator.Emulator} is the way in; {@link io.jenkins.plugins.ams.emulator.EmulatorMain} runs it
 * beside a Jenkins.
 *
 * <p>What it says follows the AMS REST reference, the recorded payloads of real accounts and, for the authority, what
 * Azure AD documents. Where none of them says anything the Javadoc does.
 */
package io.jenkins.plugins.ams.emulator;
