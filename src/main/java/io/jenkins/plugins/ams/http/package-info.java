/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */

/**
 * HTTP and text utilities for all other packages: requests with time and size limits, {@code Retry-After} parsing,
 * strict JSON parsing, sanitized text for logs, cancelable futures, and the base type of all errors that waits handle.
 * This package depends on neither Azure nor Jenkins. Start with {@link io.jenkins.plugins.ams.http.HttpExchange} and
 * {@link io.jenkins.plugins.ams.http.AmsException}.
 */
package io.jenkins.plugins.ams.http;
