package io.jenkins.plugins.ams.auth;

import com.microsoft.aad.msal4j.ClientCredentialFactory;
import com.microsoft.aad.msal4j.ClientCredentialParameters;
import com.microsoft.aad.msal4j.ConfidentialClientApplication;
import com.microsoft.aad.msal4j.IAuthenticationResult;
import com.microsoft.aad.msal4j.IClientCredential;
import com.microsoft.aad.msal4j.IHttpClient;
import io.jenkins.plugins.ams.auth.AuthenticationException.Kind;
import java.net.MalformedURLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.regex.Pattern;

/**
 * The tokens of one principal, from one MSAL4J application. The current one is kept here and not looked up in the cache
 * of MSAL4J: that costs a thread each time, and finds nothing again if the authority's address has a port.
 */
final class MsalTokenSource implements TokenSource {

    /** RFC 6750, 2.1, widened to all visible ASCII: what can stand in a header without being taken apart. */
    private static final Pattern TOKEN = Pattern.compile("[\\x21-\\x7e]+");

    /** A token is not used in its last minutes, MSAL4J's own rule; nor in the second half of a life shorter than that. */
    private static final Duration MARGIN = Duration.ofMinutes(5);

    private final Principal principal;
    private final IHttpClient transport;
    private final ExecutorService executor;
    private final Clock clock;
    private final MsalFailures failures;

    private ConfidentialClientApplication application;
    private AccessToken current;

    /** Until when {@link #current} is handed out again. */
    private Instant freshUntil;

    private CompletableFuture<AccessToken> request;
    private CompletableFuture<AccessToken> renewal;
    private volatile Instant lastUsed;

    MsalTokenSource(Principal principal, IHttpClient transport, ExecutorService executor, Clock clock) {
        this.principal = principal;
        this.transport = transport;
        this.executor = executor;
        this.clock = clock;
        this.failures = new MsalFailures(clock);
        this.lastUsed = clock.instant();
    }

    @Override
    public synchronized CompletableFuture<AccessToken> token() {
        lastUsed = clock.instant();
        if (isUnderWay(renewal)) {
            return Futures.bare(renewal);
        }
        if (current != null && lastUsed.isBefore(freshUntil)) {
            return CompletableFuture.completedFuture(current);
        }
        if (!isUnderWay(request)) {
            request = acquire(false);
        }
        return Futures.bare(request);
    }

    @Override
    public synchronized CompletableFuture<AccessToken> renew(AccessToken refused) {
        lastUsed = clock.instant();
        if (!isUnderWay(renewal)) {
            if (current != null && !current.value().equals(refused.value())) {
                return token(); // another refused request has renewed it already
            }
            renewal = acquire(true);
        }
        return Futures.bare(renewal);
    }

    /** When a token was last asked for. */
    Instant lastUsed() {
        return lastUsed;
    }

    private static boolean isUnderWay(CompletableFuture<AccessToken> future) {
        return future != null && !future.isDone();
    }

    private CompletableFuture<AccessToken> acquire(boolean skipCache) {
        ClientCredentialParameters parameters = ClientCredentialParameters.builder(Set.of(principal.scope()))
                .skipCache(skipCache)
                .build();
        CompletableFuture<IAuthenticationResult> result;
        try {
            result = application().acquireToken(parameters);
        } catch (AuthenticationException e) {
            return CompletableFuture.failedFuture(e);
        } catch (RejectedExecutionException e) {
            return CompletableFuture.failedFuture(failures.translate(e));
        }
        CompletableFuture<AccessToken> token = new CompletableFuture<>();
        result.whenComplete((answer, failure) -> {
            if (failure != null) {
                token.completeExceptionally(failures.translate(failure));
            } else {
                take(answer, token);
            }
        });
        return token;
    }

    private void take(IAuthenticationResult answer, CompletableFuture<AccessToken> waiting) {
        String value = answer == null ? null : answer.accessToken();
        if (value == null || !TOKEN.matcher(value).matches()) {
            // MSAL4J lets an answer without a token pass; and one with a line break would fail as a header, whose
            // exception shows it
            waiting.completeExceptionally(new AuthenticationException(
                    Kind.TRANSIENT, null, "the authority answered without an access token", null, null, null));
            return;
        }
        Date expiresOn = answer.expiresOnDate();
        AccessToken token = new AccessToken(value, expiresOn == null ? clock.instant() : expiresOn.toInstant());
        synchronized (this) {
            current = token;
            freshUntil = freshUntil(token);
        }
        waiting.complete(token);
    }

    private Instant freshUntil(AccessToken token) {
        Duration halfOfRest =
                Duration.between(clock.instant(), token.expiresOn()).dividedBy(2);
        return token.expiresOn().minus(halfOfRest.compareTo(MARGIN) < 0 ? halfOfRest : MARGIN);
    }

    private ConfidentialClientApplication application() throws AuthenticationException {
        if (application == null) {
            try {
                application = build();
            } catch (MalformedURLException | RuntimeException e) {
                throw failures.unusable(e);
            }
        }
        return application;
    }

    private ConfidentialClientApplication build() throws MalformedURLException {
        String base = principal.authority().toString();
        String authority = base + (base.endsWith("/") ? "" : "/") + principal.tenant() + "/";
        return ConfidentialClientApplication.builder(principal.clientId(), proof(principal.credential()))
                .authority(authority)
                .instanceDiscovery(principal.instanceDiscovery())
                .httpClient(transport)
                .executorService(executor)
                .disableInternalRetries() // patience is the caller's, who can be aborted
                .build();
    }

    private static IClientCredential proof(ClientCredential credential) {
        if (credential instanceof ClientSecret secret) {
            return ClientCredentialFactory.createFromSecret(secret.value());
        }
        throw new IllegalStateException("not a kind of credential that is known: " + credential);
    }
}
