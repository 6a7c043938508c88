/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */

/**
 * Decides when each job is polled, how an error affects a wait, how waits share requests, and how a job is canceled.
 * One {@link io.jenkins.plugins.ams.polling.JobPoller} handles all waits ({@link
 * io.jenkins.plugins.ams.polling.JobWait}) on a controller. Waits for the same account share an {@link
 * io.jenkins.plugins.ams.polling.AccountQueue} if they use the same application identity. The clock, the threads, and
 * the service clients are passed in, so that this package does not depend on Jenkins.
 */
package io.jenkins.plugins.ams.polling;
