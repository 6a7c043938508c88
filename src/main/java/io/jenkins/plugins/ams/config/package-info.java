/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */

/**
 * Accounts and the APIs that they speak, the global configuration with its forms, and the connection test. It also finds
 * the account and credentials of a build. Start reading at {@link io.jenkins.plugins.ams.config.AmsAccount} and
 * {@link io.jenkins.plugins.ams.config.BuildTargets}.
 */
package io.jenkins.plugins.ams.config;
