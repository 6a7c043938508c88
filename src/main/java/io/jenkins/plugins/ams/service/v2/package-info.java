/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */

/**
 * The REST API v2 of Azure Media Services: its URLs, its OData JSON, its job IDs. Start reading at
 * {@link io.jenkins.plugins.ams.service.v2.AmsV2Service}.
 */
package io.jenkins.plugins.ams.service.v2;
