/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */

/**
 * A client for AMS v3 in Azure Resource Manager and for the compatible APIs of Ravnur and MK.IO. {@link
 * io.jenkins.plugins.ams.service.v3.V3Dialect} defines the differences between these APIs. Start with {@link
 * io.jenkins.plugins.ams.service.v3.V3Service}.
 */
package io.jenkins.plugins.ams.service.v3;
