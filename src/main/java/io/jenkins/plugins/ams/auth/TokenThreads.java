/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.auth;

import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;

/**
 * The executors for token requests. No thread is blocked while a response is awaited.
 *
 * @param computing runs MSAL4J, for milliseconds at a time
 * @param reading runs tasks that may block or take long, such as reading OIDC tokens from credentials stores and files
 *     and decrypting key stores; should be bounded
 */
public record TokenThreads(ExecutorService computing, Executor reading) {}
