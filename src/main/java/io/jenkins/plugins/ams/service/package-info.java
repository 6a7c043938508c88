/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */

/**
 * What the APIs of media services have in common: jobs and their states, the REST client, batches of jobs in one
 * request, errors and where they come from. What only one API has belongs into {@code service.v2} or {@code service.v3}.
 * Start reading at {@link io.jenkins.plugins.ams.service.AmsService} and
 * {@link io.jenkins.plugins.ams.service.RestClient}.
 */
package io.jenkins.plugins.ams.service;
