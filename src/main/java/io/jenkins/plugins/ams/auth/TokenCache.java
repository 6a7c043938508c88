/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.auth;

import io.jenkins.plugins.ams.auth.AuthenticationException.Kind;
import io.jenkins.plugins.ams.http.HostLimiter;
import java.net.http.HttpClient;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/**
 * Caches access tokens, with one {@link TokenSource} for each {@link Identity}. Tokens of Microsoft Entra ID are
 * requested with MSAL4J. An identity includes a fingerprint of its secret, so a rotated secret is a new entry and no
 * entry has to be invalidated. Unused entries are removed together with their secrets.
 */
public final class TokenCache {

    /** How long an unused identity is kept: the lifetime of most tokens. */
    static final Duration TTL = Duration.ofHours(1);

    /** Maximum number of identities in the cache; when it is exceeded, the least recently used one is removed. */
    static final int MAX_IDENTITIES = 100;

    /**
     * The environment variable with the path of the token that Kubernetes provides to a pod for federated credentials.
     */
    private static final String FEDERATED_TOKEN_FILE = "AZURE_FEDERATED_TOKEN_FILE";

    private final Supplier<HttpClient> client;
    private final AuthorityHttpClient authority;
    private final Supplier<HttpClient> directClient;
    private final TokenThreads threads;
    private final Clock clock;
    private final Settings settings;
    private final Map<Identity, CachingTokenSource> sources = new LinkedHashMap<>(16, 0.75f, true);

    /**
     * Settings that differ in tests.
     *
     * @param timeout maximum time for a token request
     * @param metadataRetryPeriod how long errors of a managed identity are transient
     * @param nanoTime elapsed time in nanoseconds, like {@link System#nanoTime}
     * @param environment returns the value of an environment variable
     */
    record Settings(
            Duration timeout, Duration metadataRetryPeriod, LongSupplier nanoTime, UnaryOperator<String> environment) {

        static final Settings DEFAULT = new Settings(
                AuthorityHttpClient.TIMEOUT, ManagedIdentityHttpClient.RETRY_PERIOD, System::nanoTime, System::getenv);

        Settings withTimeout(Duration other) {
            return new Settings(other, metadataRetryPeriod, nanoTime, environment);
        }

        Settings withMetadataRetryPeriod(Duration other) {
            return new Settings(timeout, other, nanoTime, environment);
        }
    }

    /**
     * Creates a cache for an environment without a proxy, which uses the same HTTP client for authorities and for
     * managed identities.
     */
    public TokenCache(Supplier<HttpClient> client, ExecutorService executor, Clock clock) {
        this(client, client, new TokenThreads(executor, executor), clock);
    }

    /**
     * Creates a cache.
     *
     * @param client supplies the HTTP client for each request to an authority, since the proxy settings of Jenkins can
     *     change; it must not follow redirects
     * @param directClient supplies the HTTP client for each token request of a managed identity; it must not follow
     *     redirects or use a proxy, because behind a proxy the address would refer to another machine
     * @param threads the executors for token requests
     * @param clock measures the expiry of tokens, the time since an identity was last used, and dates in {@code
     *     Retry-After}
     */
    public TokenCache(
            Supplier<HttpClient> client, Supplier<HttpClient> directClient, TokenThreads threads, Clock clock) {
        this(client, directClient, threads, clock, Settings.DEFAULT);
    }

    TokenCache(
            Supplier<HttpClient> client,
            Supplier<HttpClient> directClient,
            TokenThreads threads,
            Clock clock,
            Settings settings) {
        this.client = client;
        this.authority = new AuthorityHttpClient(client, new HostLimiter(threads.computing()), clock);
        this.directClient = directClient;
        this.threads = threads;
        this.clock = clock;
        this.settings = settings;
    }

    /**
     * Returns an empty cache for an interactive connection test, which reports a missing managed identity immediately.
     */
    public TokenCache fresh() {
        return new TokenCache(client, directClient, threads, clock, settings.withMetadataRetryPeriod(Duration.ZERO));
    }

    /**
     * Returns the source of tokens for an identity. Does no I/O. A source remains usable after it was removed from the
     * cache.
     */
    public synchronized TokenSource tokensOf(Identity identity) {
        Instant unusedSince = clock.instant().minus(TTL);
        sources.values().removeIf(source -> source.lastUsed().isBefore(unusedSince));
        CachingTokenSource source = sources.computeIfAbsent(
                identity, key -> new CachingTokenSource(providerOf(key), clock, settings.nanoTime()));
        if (sources.size() > MAX_IDENTITIES) {
            Iterator<Identity> leastRecentFirst = sources.keySet().iterator();
            leastRecentFirst.next();
            leastRecentFirst.remove();
        }
        return source;
    }

    synchronized int size() {
        return sources.size();
    }

    private TokenProvider providerOf(Identity identity) {
        if (identity instanceof StaticTokenIdentity staticIdentity) {
            return claims -> staticToken(staticIdentity);
        }
        if (identity instanceof ApiKeyIdentity apiKey) {
            return new ApiKeyTokenProvider(apiKey, client, clock, settings.timeout());
        }
        return new MsalTokenProvider(clientOf(identity), clock);
    }

    private static CompletableFuture<AccessToken> staticToken(StaticTokenIdentity identity) {
        String value = identity.token().value().strip();
        return BearerTokens.isToken(value)
                ? CompletableFuture.completedFuture(new AccessToken(value, Instant.MAX, true))
                : CompletableFuture.failedFuture(
                        AuthenticationException.of(Kind.WRONG_KEY, "the text is not a valid token"));
    }

    private MsalClient clientOf(Identity identity) {
        if (identity instanceof ApplicationIdentity application) {
            return new ApplicationClient(
                    application,
                    new CredentialReading(application.credential(), threads, clock),
                    authority,
                    threads,
                    new MsalErrorTranslator(clock, application.credential()),
                    settings.timeout());
        }
        if (identity instanceof ManagedIdentity managed) {
            Kind missingKind = settings.environment().apply(FEDERATED_TOKEN_FILE) == null
                    ? Kind.NO_MANAGED_IDENTITY
                    : Kind.FEDERATED_TOKEN_INSTEAD;
            return new ManagedIdentityClient(
                    managed,
                    new ManagedIdentityHttpClient(
                            directClient, clock, settings.nanoTime(), settings.metadataRetryPeriod(), missingKind),
                    threads.computing(),
                    new MsalErrorTranslator(clock, null),
                    settings.timeout());
        }
        throw new IllegalStateException("unknown identity type: " + identity);
    }
}
