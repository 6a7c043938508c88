/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */

/**
 * Accounts with their APIs and Azure clouds, the global configuration with its forms, the connection test, and the
 * lookup of a build's account and credentials. Start with {@link io.jenkins.plugins.ams.config.AmsAccount} and {@link
 * io.jenkins.plugins.ams.config.BuildTargets}.
 */
package io.jenkins.plugins.ams.config;
