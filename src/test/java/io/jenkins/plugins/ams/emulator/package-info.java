/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
/**
 * Emulates Azure Media Services v2, services with APIs like AMS v3, and Microsoft Entra ID on the loopback address,
 * over TLS. Tests start with {@link io.jenkins.plugins.ams.emulator.Emulator}. {@link
 * io.jenkins.plugins.ams.emulator.EmulatorMain} runs the emulator for manual tests with a Jenkins controller.
 *
 * <p>Responses follow the AMS REST reference, recorded payloads of real accounts, and the documentation of Microsoft
 * Entra ID. The Javadoc mentions behavior for which there is no such source.
 */
package io.jenkins.plugins.ams.emulator;
