/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */

/**
 * The APIs with the shape of AMS v3: Azure Resource Manager, Ravnur and MK.IO, whose differences are in
 * {@link io.jenkins.plugins.ams.service.v3.V3Dialect}. Start reading at
 * {@link io.jenkins.plugins.ams.service.v3.V3Service}.
 */
package io.jenkins.plugins.ams.service.v3;
