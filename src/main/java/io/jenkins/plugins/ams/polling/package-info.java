/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */

/**
 * Decides when each job is polled, how an error affects a wait, how waits share requests, and how a job is canceled.
 * One {@link io.jenkins.plugins.ams.polling.JobPoller} handles all waits ({@link
 * io.jenkins.plugins.ams.polling.JobWait}) on a controller. Waits that use the same account and authenticate with the
 * same identity share an {@link io.jenkins.plugins.ams.polling.AccountQueue}. Callers pass in the clock, the threads,
 * and the service clients, so this package does not depend on Jenkins.
 */
package io.jenkins.plugins.ams.polling;
