/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.auth;

import java.net.http.HttpClient;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.function.Supplier;

/**
 * Access tokens, by MSAL4J where Azure AD gives them out: one source with its own cache per {@link Identity}. A rotated secret makes another
 * identity, so nothing has to be invalidated; what is no longer used is forgotten with its secret.
 */
public final class TokenCache {

    /** How long an identity that nobody asks for is remembered; the lifetime of most tokens. */
    static final Duration KEPT = Duration.ofHours(1);

    /** The most identities that are remembered; beyond, the one that was asked for longest ago is forgotten. */
    static final int MOST = 100;

    private final Supplier<HttpClient> client;
    private final MsalTransport transport;
    private final Supplier<HttpClient> direct;
    private final ExecutorService executor;
    private final Clock clock;
    private final Duration limit;
    private final Map<Identity, CachedTokens> sources = new LinkedHashMap<>(16, 0.75f, true);

    /** For where there is no proxy: the same client for authorities and for managed identities. */
    public TokenCache(Supplier<HttpClient> client, ExecutorService executor, Clock clock) {
        this(client, client, executor, clock);
    }

    /**
     * @param client asked before each request to an authority, because Jenkins' proxy can change; must not follow
     *     redirects
     * @param direct asked before each request for a token of a managed identity; must not follow redirects nor use a
     *     proxy, behind which the address would be another machine's
     * @param executor runs MSAL4J, which holds one of its threads for up to 30 seconds per request; should be small
     * @param clock what unused identities and dates in Retry-After are measured with
     */
    public TokenCache(Supplier<HttpClient> client, Supplier<HttpClient> direct, ExecutorService executor, Clock clock) {
        this(client, direct, executor, clock, MsalTransport.LIMIT);
    }

    TokenCache(Supplier<HttpClient> client, ExecutorService executor, Clock clock, Duration limit) {
        this(client, client, executor, clock, limit);
    }

    private TokenCache(
            Supplier<HttpClient> client,
            Supplier<HttpClient> direct,
            ExecutorService executor,
            Clock clock,
            Duration limit) {
        this.client = client;
        this.transport = new MsalTransport(client, limit, clock);
        this.direct = direct;
        this.executor = executor;
        this.clock = clock;
        this.limit = limit;
    }

    /**
     * The tokens of an identity. Does no I/O. A source that the cache has forgotten meanwhile keeps working for whoever
     * holds it.
     */
    public synchronized TokenSource tokensOf(Identity identity) {
        Instant unusedSince = clock.instant().minus(KEPT);
        sources.values().removeIf(source -> source.lastUsed().isBefore(unusedSince));
        CachedTokens source = sources.computeIfAbsent(identity, wanted -> new CachedTokens(requestsOf(wanted), clock));
        if (sources.size() > MOST) {
            Iterator<Identity> leastRecentFirst = sources.keySet().iterator();
            leastRecentFirst.next();
            leastRecentFirst.remove();
        }
        return source;
    }

    synchronized int size() {
        return sources.size();
    }

    private TokenRequests requestsOf(Identity identity) {
        if (identity instanceof FixedToken fixed) {
            return (anew, claims) -> ofItself(fixed);
        }
        if (identity instanceof ExchangedKey key) {
            return new KeyExchange(key, client, clock, limit);
        }
        return new MsalTokens(clientOf(identity), clock);
    }

    private static CompletableFuture<AccessToken> ofItself(FixedToken identity) {
        String value = identity.token().value().strip();
        return TokenText.isToken(value)
                ? CompletableFuture.completedFuture(new AccessToken(value, Instant.MAX, true))
                : CompletableFuture.failedFuture(new AuthenticationException(
                        AuthenticationException.Kind.WRONG_KEY, null, "what is there is no token", null, null, null));
    }

    private MsalClient clientOf(Identity identity) {
        MsalFailures failures = new MsalFailures(clock);
        if (identity instanceof Principal principal) {
            return new ApplicationClient(principal, transport, executor, failures);
        }
        if (identity instanceof ManagedIdentity managed) {
            return new ManagedIdentityClient(managed, new MetadataTransport(direct, limit, clock), executor, failures);
        }
        throw new IllegalStateException("not a kind of identity that is known: " + identity);
    }
}
