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
 * Caches access tokens, with one {@link TokenSource} for each {@link Identity}. Microsoft Entra ID tokens are requested
 * with MSAL4J. An identity whose secret was rotated gets a new entry, because identities are compared by a fingerprint
 * of their secret. Existing entries therefore never have to be invalidated. Unused entries are removed together with
 * their secrets.
 */
public final class TokenCache {

    /** How long an identity remains in the cache after its last use. This is also how long most tokens are valid. */
    static final Duration TTL = Duration.ofHours(1);

    /**
     * Maximum number of cached identities. When this number is exceeded, the least recently used identity is removed.
     */
    static final int MAX_IDENTITIES = 100;

    /**
     * The environment variable that contains the path of the OIDC token file. Kubernetes provides this file to a pod
     * for use with a federated credential.
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
     * Settings that tests can change.
     *
     * @param timeout maximum time for a token request
     * @param metadataRetryPeriod how long managed identity errors are treated as transient
     * @param nanoTime supplies the elapsed time in nanoseconds, like {@link System#nanoTime}
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
     * Creates a cache for an environment without a proxy. The same HTTP client is used for token authorities and
     * managed identities.
     */
    public TokenCache(Supplier<HttpClient> client, ExecutorService executor, Clock clock) {
        this(client, client, new TokenThreads(executor, executor), clock);
    }

    /**
     * @param client supplies the HTTP client for requests to token authorities. It is called for each request, because
     *     Jenkins' proxy settings can change. The client must not follow redirects
     * @param directClient supplies the HTTP client for each managed identity token request. The client must not follow
     *     redirects or use a proxy, because a proxy would send the request to the endpoint of the proxy's own machine
     * @param threads the executors for token requests
     * @param clock the clock that determines whether a token has expired, how long an identity has been unused, and how
     *     much time remains until a date in {@code Retry-After}
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
     * Returns an empty cache for an interactive connection test. The returned cache reports a missing managed identity
     * immediately.
     */
    public TokenCache fresh() {
        return new TokenCache(client, directClient, threads, clock, settings.withMetadataRetryPeriod(Duration.ZERO));
    }

    /**
     * Returns an identity's token source, without performing I/O. A source remains usable after it has been removed
     * from the cache.
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
        if (identity instanceof ApplicationIdentity application) {
            MsalClient msal = new ApplicationClient(
                    application,
                    new CredentialReading(application.credential(), threads, clock),
                    authority,
                    threads,
                    settings.timeout());
            return new MsalTokenProvider(msal, new MsalErrorTranslator(clock, application.credential()), clock);
        }
        if (identity instanceof ManagedIdentity managed) {
            Kind missingKind = settings.environment().apply(FEDERATED_TOKEN_FILE) == null
                    ? Kind.NO_MANAGED_IDENTITY
                    : Kind.FEDERATED_TOKEN_INSTEAD;
            MsalClient msal = new ManagedIdentityClient(
                    managed,
                    new ManagedIdentityHttpClient(
                            directClient, clock, settings.nanoTime(), settings.metadataRetryPeriod(), missingKind),
                    threads.computing(),
                    settings.timeout());
            return new MsalTokenProvider(msal, new MsalErrorTranslator(clock, null), clock);
        }
        throw new IllegalStateException("unknown identity type: " + identity);
    }

    private static CompletableFuture<AccessToken> staticToken(StaticTokenIdentity identity) {
        String value = identity.token().value().strip();
        return BearerTokens.isToken(value)
                ? CompletableFuture.completedFuture(new AccessToken(value, Instant.MAX, true))
                : CompletableFuture.failedFuture(
                        AuthenticationException.of(Kind.WRONG_KEY, "the text is not a valid token"));
    }
}
