/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.auth;

import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;

/**
 * The threads of token requests. None is held while a response is awaited.
 *
 * @param computing runs MSAL4J, for milliseconds at a time
 * @param reading runs what may block or compute for long: reads OIDC tokens from credentials stores and files, and
 *     decrypts key stores; should be bounded
 */
public record TokenThreads(ExecutorService computing, Executor reading) {}
