/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */

/**
 * A build's AMS jobs: the file that stores them, the pages that show them, and their REST API. Start with {@link
 * io.jenkins.plugins.ams.page.AmsJobsAction}.
 */
package io.jenkins.plugins.ams.page;
