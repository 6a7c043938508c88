/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */

/**
 * The objects that all of the controller's waits share: the poller, its threads, the HTTP clients that use Jenkins'
 * proxy configuration, and the token cache. Accounts, credentials, and builds are handled by the packages that depend
 * on this one. Start reading at {@link io.jenkins.plugins.ams.runtime.AmsRuntime} and {@link
 * io.jenkins.plugins.ams.runtime.AmsThreads}.
 */
package io.jenkins.plugins.ams.runtime;
