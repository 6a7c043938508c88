/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.auth;

import java.net.http.HttpClient;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.ExecutorService;

/** Creates token caches with a different timeout, and reads certificates as token requests do. */
public final class TestTokens {

    private TestTokens() {}

    /** Returns a token cache with a given timeout for token requests. */
    static TokenCache cache(HttpClient client, ExecutorService executor, Clock clock, Duration timeout) {
        return new TokenCache(
                () -> client,
                () -> client,
                new TokenThreads(executor, executor),
                clock,
                TokenCache.Settings.DEFAULT.withTimeout(timeout));
    }

    /** Reads a certificate as a token request does. */
    public static X509Certificate read(ClientCredential certificate) throws AuthenticationException {
        return ((ClientCertificate) certificate).read().chain().get(0);
    }
}
