/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */

/**
 * The Azure Media Services REST API v2, with its URLs, OData JSON, and job IDs. Start with {@link
 * io.jenkins.plugins.ams.service.v2.AmsV2Service}.
 */
package io.jenkins.plugins.ams.service.v2;
