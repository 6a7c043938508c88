/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */

/**
 * The AMS v3 API and compatible APIs: Azure Resource Manager, Ravnur, and MK.IO. {@link
 * io.jenkins.plugins.ams.service.v3.V3Dialect} defines their differences. Start with {@link
 * io.jenkins.plugins.ams.service.v3.V3Service}.
 */
package io.jenkins.plugins.ams.service.v3;
