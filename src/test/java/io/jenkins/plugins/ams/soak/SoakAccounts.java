/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.soak;

import io.jenkins.plugins.ams.auth.Identity;
import io.jenkins.plugins.ams.auth.TokenCache;
import io.jenkins.plugins.ams.emulator.Emulator;
import io.jenkins.plugins.ams.emulator.Redirects;
import io.jenkins.plugins.ams.http.MonitoredHttpClient;
import io.jenkins.plugins.ams.polling.PollTarget;
import io.jenkins.plugins.ams.service.EmulatedService;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/** The accounts of the soak test, with their endpoints and tokens, and the HTTP client that they share. */
final class SoakAccounts {

    /** Number of accounts. Waits of one account share their backoff, so several accounts test more combinations. */
    static final int COUNT = 20;

    /** The account number of requests that belong to none of these accounts. */
    private static final int NONE = -1;

    private final EmulatedService api;
    private final Emulator emulator;
    private final Clock clock;
    private final Executor workers;
    private final ExecutorService tokenRequests;
    private final Exchanges exchanges = new Exchanges();
    private final List<Supplier<PollTarget>> targets = new ArrayList<>();
    private MonitoredHttpClient http;
    private volatile List<TokenCache> tokens;

    SoakAccounts(EmulatedService api, Emulator emulator, Clock clock, Executor workers, ExecutorService tokenRequests) {
        this.api = api;
        this.emulator = emulator;
        this.clock = clock;
        this.workers = workers;
        this.tokenRequests = tokenRequests;
        this.http = newHttpClient();
        for (int i = 0; i < COUNT; i++) {
            URI endpoint = endpoint(i);
            int account = i;
            Supplier<HttpClient> client = http(account);
            targets.add(() -> target(endpoint, tokens.get(account), api.identity(emulator), client));
        }
        clearTokens();
    }

    /**
     * Clears the token caches, as a restart does. Each account has its own, so that there are enough token requests for
     * the faults of the authority.
     */
    void clearTokens() {
        tokens = IntStream.range(0, COUNT)
                .mapToObj(account -> new TokenCache(http(account), tokenRequests, clock))
                .toList();
    }

    /** Returns where the jobs of an account are polled. */
    PollTarget.Source targets(int account) {
        return targets.get(account)::get;
    }

    /** Returns the source of an account with a wrong secret. */
    PollTarget.Source withWrongSecret() {
        TokenCache cache = new TokenCache(http(NONE), tokenRequests, clock);
        return () -> target(api.endpoint(emulator), cache, api.identity(emulator, "wrong"), http(NONE));
    }

    /** Returns the source of an account whose endpoint redirects to itself. */
    PollTarget.Source withRedirectLoop() {
        URI loop = emulator.redirects().loop(307);
        TokenCache cache = new TokenCache(http(NONE), tokenRequests, clock);
        return () -> target(loop, cache, api.identity(emulator), http(NONE));
    }

    /** Returns the requests that were sent. */
    Exchanges exchanges() {
        return exchanges;
    }

    private MonitoredHttpClient newHttpClient() {
        return new MonitoredHttpClient(
                MonitoredHttpClient.configure(HttpClient.newBuilder(), workers, Duration.ofSeconds(10))
                        .sslContext(emulator.sslContext())
                        .build());
    }

    /** Returns the HTTP client, which is replaced if it is no longer usable, as in the plugin. */
    private synchronized HttpClient http() {
        if (!http.isUsable()) {
            http = newHttpClient();
        }
        return http;
    }

    private Supplier<HttpClient> http(int account) {
        return () -> exchanges.observed(http(), account);
    }

    /** Returns the endpoint of an account. Some endpoints redirect, each in a different way. */
    private URI endpoint(int connection) {
        Redirects redirects = emulator.redirects();
        boolean v2 = api == EmulatedService.AMS_V2;
        URI apiEndpoint = api.endpoint(emulator);
        return switch (connection) {
            case 0 -> redirects.to(301, apiEndpoint);
            case 1 -> redirects.to(302, apiEndpoint);
            case 2 -> v2 ? redirects.toApiBase(307) : redirects.to(307, apiEndpoint);
            case 3 -> v2 ? redirects.toApiFromOtherPort(308) : redirects.to(308, apiEndpoint);
            default -> apiEndpoint;
        };
    }

    private PollTarget target(URI endpoint, TokenCache cache, Identity identity, Supplier<HttpClient> client) {
        return new PollTarget(
                List.of(endpoint, cache, identity),
                () -> api.service(endpoint, cache.tokensOf(identity), client, clock));
    }
}
