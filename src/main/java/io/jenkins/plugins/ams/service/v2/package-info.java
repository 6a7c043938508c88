/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */

/**
 * A client for the Azure Media Services REST API v2, and parsers for its OData JSON and its job IDs. Start with {@link
 * io.jenkins.plugins.ams.service.v2.AmsV2Service}.
 */
package io.jenkins.plugins.ams.service.v2;
