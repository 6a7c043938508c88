/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */

/**
 * Code that all media service APIs share: jobs and their states, the REST client, batches (requests for several jobs),
 * and error handling. Code for a single API belongs in {@code service.v2} or {@code service.v3}. Start with {@link
 * io.jenkins.plugins.ams.service.AmsService} and {@link io.jenkins.plugins.ams.service.RestClient}.
 */
package io.jenkins.plugins.ams.service;
