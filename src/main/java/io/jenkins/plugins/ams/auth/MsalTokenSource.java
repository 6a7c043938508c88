package io.jenkins.plugins.ams.auth;

import com.microsoft.aad.msal4j.IAuthenticationResult;
import io.jenkins.plugins.ams.auth.AuthenticationException.Kind;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.regex.Pattern;

/**
 * The tokens of one identity, from one client of MSAL4J. The current one is kept here and not looked up in the cache
 * of MSAL4J: that costs a thread each time, and finds nothing again if the authority's address has a port.
 */
final class MsalTokenSource implements TokenSource {

    /** RFC 6750, 2.1, widened to all visible ASCII: what can stand in a header without being taken apart. */
    private static final Pattern TOKEN = Pattern.compile("[\\x21-\\x7e]+");

    /** A token is not used in its last minutes, MSAL4J's own rule; nor in the second half of a life shorter than that. */
    private static final Duration MARGIN = Duration.ofMinutes(5);

    private final MsalClient client;
    private final Clock clock;

    private AccessToken current;

    /** Until when {@link #current} is handed out again. */
    private Instant freshUntil;

    private CompletableFuture<AccessToken> request;
    private CompletableFuture<AccessToken> renewal;
    private volatile Instant lastUsed;

    MsalTokenSource(MsalClient client, Clock clock) {
        this.client = client;
        this.clock = clock;
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
        CompletableFuture<IAuthenticationResult> result;
        try {
            result = client.acquire(skipCache);
        } catch (AuthenticationException e) {
            return CompletableFuture.failedFuture(e);
        } catch (RejectedExecutionException e) {
            return CompletableFuture.failedFuture(client.failures().translate(e));
        }
        CompletableFuture<AccessToken> token = new CompletableFuture<>();
        result.whenComplete((answer, failure) -> {
            if (failure != null) {
                token.completeExceptionally(client.failures().translate(failure));
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
}
