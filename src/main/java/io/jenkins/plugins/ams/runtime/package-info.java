/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */

/**
 * What all waits of a controller share, wired together: the poller, its threads, the HTTP clients that follow Jenkins'
 * proxy configuration, and the token cache. Accounts, credentials and builds belong into packages above. Start reading
 * at {@link io.jenkins.plugins.ams.runtime.AmsRuntime} and {@link io.jenkins.plugins.ams.runtime.AmsThreads}.
 */
package io.jenkins.plugins.ams.runtime;
