/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */

/**
 * The code that all media service APIs share: jobs and their states, the REST client, batches (requests for several
 * jobs), and errors and their origin. Code for only one API belongs in {@code service.v2} or {@code service.v3}. Start
 * reading at {@link io.jenkins.plugins.ams.service.AmsService} and {@link io.jenkins.plugins.ams.service.RestClient}.
 */
package io.jenkins.plugins.ams.service;
