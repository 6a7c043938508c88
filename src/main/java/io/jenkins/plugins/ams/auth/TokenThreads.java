/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.auth;

import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;

/**
 * The executors for token requests. Threads are not blocked while requests are in flight.
 *
 * @param computing runs MSAL4J code, which takes only milliseconds
 * @param reading runs tasks that may block or take a long time, such as reading OIDC tokens from credentials stores and
 *     files, and decrypting key stores. The number of threads should be limited
 */
public record TokenThreads(ExecutorService computing, Executor reading) {}
