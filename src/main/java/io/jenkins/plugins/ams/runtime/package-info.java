/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */

/**
 * The components that all waits on a controller share: the poller, its scheduler and threads, HTTP clients that follow
 * the Jenkins proxy configuration, and the token cache. Classes that concern accounts, credentials, or builds belong in
 * other packages. Start with {@link io.jenkins.plugins.ams.runtime.AmsRuntime} and {@link
 * io.jenkins.plugins.ams.runtime.AmsThreads}.
 */
package io.jenkins.plugins.ams.runtime;
