/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */

/**
 * HTTP and text utilities for all other packages. They send requests with time and size limits, parse {@code
 * Retry-After} headers and JSON, sanitize text for logs, and make futures cancelable. The package also contains the
 * base type of all errors that can occur during a wait. This package depends on neither Azure nor Jenkins. Start with
 * {@link io.jenkins.plugins.ams.http.HttpExchange} and {@link io.jenkins.plugins.ams.http.AmsException}.
 */
package io.jenkins.plugins.ams.http;
