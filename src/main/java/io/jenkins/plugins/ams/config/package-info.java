/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */

/**
 * Accounts and their APIs, the global configuration with its forms, and the connection test. This package also finds
 * the account and credentials for each build. Start reading at {@link io.jenkins.plugins.ams.config.AmsAccount} and
 * {@link io.jenkins.plugins.ams.config.BuildTargets}.
 */
package io.jenkins.plugins.ams.config;
