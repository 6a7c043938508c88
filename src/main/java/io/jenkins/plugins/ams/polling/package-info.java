/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */

/**
 * When each job is polled, what an error means for a wait, how waits share requests, and how a job is canceled. All
 * waits ({@link io.jenkins.plugins.ams.polling.JobWait}) of a controller are in one
 * {@link io.jenkins.plugins.ams.polling.JobPoller}; those of one account share an
 * {@link io.jenkins.plugins.ams.polling.AccountQueue}. Time, threads and services are passed in; nothing here knows
 * Jenkins.
 */
package io.jenkins.plugins.ams.polling;
