/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.auth;

import io.jenkins.plugins.ams.auth.AuthenticationException.Kind;
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
 * Access tokens, by MSAL4J where Azure AD gives them out: one source with its own cache per {@link Identity}. A rotated secret makes another
 * identity, so nothing has to be invalidated; what is no longer used is forgotten with its secret.
 */
public final class TokenCache {

    /** How long an identity that nobody asks for is remembered; the lifetime of most tokens. */
    static final Duration TTL = Duration.ofHours(1);

    /** The most identities that are remembered; beyond, the one that was asked for longest ago is forgotten. */
    static final int MAX_IDENTITIES = 100;

    /** The variable by which Kubernetes offers a pod a token that federated credentials can trust. */
    private static final String FEDERATED_TOKEN_FILE = "AZURE_FEDERATED_TOKEN_FILE";

    private final Supplier<HttpClient> client;
    private final AuthorityHttpClient authority;
    private final Supplier<HttpClient> directClient;
    private final TokenThreads threads;
    private final Clock clock;
    private final Settings settings;
    private final Map<Identity, CachingTokenSource> sources = new LinkedHashMap<>(16, 0.75f, true);

    /**
     * What differs in tests.
     *
     * @param timeout for one token request
     * @param metadataRetryPeriod how long a managed identity that does not work is an error that passes
     * @param nanoTime elapsed time, as {@link System#nanoTime}
     * @param environment the variables of this process
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

    /** For where there is no proxy: the same client for authorities and for managed identities. */
    public TokenCache(Supplier<HttpClient> client, ExecutorService executor, Clock clock) {
        this(client, client, new TokenThreads(executor, executor), clock);
    }

    /**
     * @param client asked before each request to an authority, because Jenkins' proxy can change; must not follow
     *     redirects
     * @param directClient asked before each request for a token of a managed identity; must not follow redirects nor use a
     *     proxy, behind which the address would be another machine's
     * @param clock what unused identities, the ends of tokens and dates in Retry-After are measured with
     */
    public TokenCache(Supplier<HttpClient> client, Supplier<HttpClient> directClient, TokenThreads threads, Clock clock) {
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
     * A cache of its own that has no tokens yet, for a test that somebody waits for: it reports at once that there is no
     * such managed identity.
     */
    public TokenCache fresh() {
        return new TokenCache(client, directClient, threads, clock, settings.withMetadataRetryPeriod(Duration.ZERO));
    }

    /**
     * The tokens of an identity. Does no I/O. A source that the cache has forgotten meanwhile keeps working for whoever
     * holds it.
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
                        AuthenticationException.of(Kind.WRONG_KEY, "what is there is no token"));
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
        throw new IllegalStateException("not a kind of identity that is known: " + identity);
    }
}
