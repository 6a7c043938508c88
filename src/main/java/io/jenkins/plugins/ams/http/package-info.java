/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */

/**
 * HTTP and text for all packages above: requests limited in time and size, {@code Retry-After}, strict JSON, text that
 * is safe in logs, futures that can be canceled, and the type of all errors that waits handle. It knows neither Azure nor Jenkins. Start reading at
 * {@link io.jenkins.plugins.ams.http.HttpExchange} and {@link io.jenkins.plugins.ams.http.AmsException}.
 */
package io.jenkins.plugins.ams.http;
