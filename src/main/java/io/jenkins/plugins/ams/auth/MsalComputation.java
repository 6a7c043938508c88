/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.auth;

import com.microsoft.aad.msal4j.HttpRequest;
import com.microsoft.aad.msal4j.IAuthenticationResult;
import com.microsoft.aad.msal4j.IHttpClient;
import com.microsoft.aad.msal4j.IHttpResponse;
import io.jenkins.plugins.ams.auth.AuthenticationException.Kind;
import io.jenkins.plugins.ams.http.Futures;
import io.jenkins.plugins.ams.http.HttpExchange;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/**
 * An MSAL4J token request that does not block a thread while it waits for a response.
 *
 * <p>MSAL4J sends HTTP requests synchronously, so a token authority that does not respond would block one thread per
 * app registration. Instead, this class ends the MSAL4J call with an error as soon as the call needs a response that
 * has not arrived. When the response arrives, the call is repeated and gets all responses received so far. Repeating a
 * call is cheap, because a token request usually consists of at most two HTTP requests, and MSAL4J's own processing
 * takes only a few milliseconds.
 */
final class MsalComputation {

    /**
     * Maximum number of HTTP requests for one token, which prevents endless loops. Usually, at most two requests are
     * needed: one for instance discovery or for Azure Arc's challenge, and one for the token.
     */
    private static final int MAX_EXCHANGES = 4;

    /** Starts an MSAL4J call, which must not have side effects other than sending HTTP requests. */
    @FunctionalInterface
    interface Start {
        /**
         * Starts the call.
         *
         * @param transport the HTTP client for the call, which returns the responses that have been received so far
         * @throws AuthenticationException if MSAL4J rejects the configuration
         */
        CompletableFuture<IAuthenticationResult> with(IHttpClient transport) throws AuthenticationException;
    }

    /**
     * An HTTP request and its outcome.
     *
     * @param response the response, or null if there is no response
     * @param failure the error, or null if there is a response
     */
    private record Exchange(HttpRequest request, IHttpResponse response, AuthenticationException failure) {

        boolean isFor(HttpRequest other) {
            return request.httpMethod() == other.httpMethod()
                    && request.url().toString().equals(other.url().toString());
        }
    }

    private final Start start;
    private final MsalHttpClient transport;
    private final Duration timeout;
    private final long startNanos = System.nanoTime();
    private final List<Exchange> exchanges = new ArrayList<>();

    private MsalComputation(Start start, MsalHttpClient transport, Duration timeout) {
        this.start = start;
        this.transport = transport;
        this.timeout = timeout;
    }

    /**
     * Runs a token request.
     *
     * @param timeout maximum time until the future completes
     * @return a future that fails with an MSAL4J exception or an {@link AuthenticationException}, neither of which is
     *     wrapped
     */
    static CompletableFuture<IAuthenticationResult> run(Start start, MsalHttpClient transport, Duration timeout) {
        return Futures.bare(new MsalComputation(start, transport, timeout).compute());
    }

    private CompletableFuture<IAuthenticationResult> compute() {
        Replay replay = new Replay(exchanges);
        CompletableFuture<IAuthenticationResult> computed;
        try {
            computed = start.with(replay);
        } catch (AuthenticationException | RuntimeException | Error e) {
            computed = CompletableFuture.failedFuture(e);
        }
        return computed.handle((result, failure) -> {
                    if (replay.missing != null) {
                        return exchange(replay.missing);
                    }
                    return failure == null
                            ? CompletableFuture.completedFuture(result)
                            : CompletableFuture.<IAuthenticationResult>failedFuture(failure);
                })
                .thenCompose(Function.identity());
    }

    private CompletableFuture<IAuthenticationResult> exchange(HttpRequest request) {
        Duration remaining = timeout.minusNanos(System.nanoTime() - startNanos);
        boolean expired = remaining.isNegative() || remaining.isZero();
        if (expired || exchanges.size() == MAX_EXCHANGES) {
            return CompletableFuture.failedFuture(AuthenticationException.of(
                    Kind.TRANSIENT,
                    "no token from " + request.url().getHost() + " within "
                            + (expired ? timeout.toSeconds() + " s" : MAX_EXCHANGES + " requests")));
        }
        return transport
                .send(request, remaining)
                .handle((response, failure) -> {
                    exchanges.add(new Exchange(request, response, failure == null ? null : transportError(failure)));
                    return null;
                })
                .thenCompose(done -> compute());
    }

    private static AuthenticationException transportError(Throwable failure) {
        return Futures.unwrap(failure) instanceof AuthenticationException known
                ? known
                : AuthenticationException.of(Kind.TRANSIENT, HttpExchange.reasonOf(failure));
    }

    /**
     * An HTTP client for MSAL4J that returns the responses received so far. A response is identified by its request
     * rather than by its position in the sequence, because MSAL4J caches the instance discovery response and does not
     * request that response again when the call is repeated.
     */
    private static final class Replay implements IHttpClient {

        private final List<Exchange> unused;

        /** The request whose response is missing, or null if no response is missing. */
        private HttpRequest missing;

        Replay(List<Exchange> exchanges) {
            this.unused = new ArrayList<>(exchanges);
        }

        @Override
        public IHttpResponse send(HttpRequest request) throws AuthenticationException {
            Exchange exchange = unused.stream()
                    .filter(candidate -> candidate.isFor(request))
                    .findFirst()
                    .orElse(null);
            if (exchange == null) {
                missing = request;
                throw new MissingResponse();
            }
            unused.remove(exchange);
            if (exchange.failure() != null) {
                throw exchange.failure();
            }
            return exchange.response();
        }
    }

    /**
     * Ends an MSAL4J call that needs a response that has not been received. This class is an {@link Error} because
     * MSAL4J would log an {@link Exception} as a failure, and sometimes continue without the response.
     */
    private static final class MissingResponse extends Error {

        private static final long serialVersionUID = 1L;

        MissingResponse() {
            super("the response has not been received", null, false, false);
        }
    }
}
