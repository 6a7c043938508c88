/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.auth;

import java.net.http.HttpClient;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.ExecutorService;

/** Token caches with another sense of time, and what a credential would be sent with. */
public final class TestTokens {

    private TestTokens() {}

    /** A cache whose token requests have less time. */
    static TokenCache cache(HttpClient client, ExecutorService executor, Clock clock, Duration limit) {
        return new TokenCache(
                () -> client,
                () -> client,
                new TokenThreads(executor, executor),
                clock,
                TokenCache.Settings.DEFAULT.withTimeout(limit));
    }

    /** Reads a certificate, as a token request does. */
    public static CertifiedKey read(ClientCredential certificate) throws AuthenticationException {
        return ((ClientCertificate) certificate).read();
    }
}
