/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */

/**
 * The jobs of a build: the file that they are stored in, the pages that show them, and their REST API. Start reading at
 * {@link io.jenkins.plugins.ams.page.AmsJobsAction}.
 */
package io.jenkins.plugins.ams.page;
