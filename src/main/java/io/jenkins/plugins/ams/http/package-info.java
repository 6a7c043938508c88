/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */

/**
 * HTTP and text for all packages above: requests limited in time and size, {@code Retry-After}, strict JSON, text that
 * is safe in logs, and futures that can be canceled. It knows neither Azure nor Jenkins. Start reading at
 * {@link io.jenkins.plugins.ams.http.HttpExchange}.
 */
package io.jenkins.plugins.ams.http;
