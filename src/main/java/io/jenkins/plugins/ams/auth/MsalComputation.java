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
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/**
 * A token request of MSAL4J that holds no thread while a response is awaited.
 *
 * <p>MSAL4J sends its HTTP requests synchronously, so an authority that does not respond would hold a thread for each of
 * its applications. Instead, MSAL4J's computation ends where the next response is missing. Once that has arrived, the
 * computation runs again from its start and finds the responses so far. A token request consists of two HTTP requests at
 * most, and MSAL4J computes for milliseconds between them.
 */
final class MsalComputation {

    /** Instance discovery and the token, or the challenge of Azure Arc and the token; anything beyond is a loop. */
    private static final int MAX_EXCHANGES = 4;

    /** Starts MSAL4J, which has no effects but what it sends over the transport. */
    @FunctionalInterface
    interface Start {
        /** @throws AuthenticationException if MSAL4J rejects what it is to begin with */
        CompletableFuture<IAuthenticationResult> with(IHttpClient transport) throws AuthenticationException;
    }

    /** A request with its response, or with the reason why it has none. */
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
     * Carries out a token request.
     *
     * @param timeout maximum time, counted from now
     * @return fails, bare, with what MSAL4J fails with, or with an {@link AuthenticationException}
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
     * What MSAL4J takes for its HTTP client. Responses are found by their request and not by their number: the result of
     * instance discovery is cached by MSAL4J, which does not request it again when it computes once more.
     */
    private static final class Replay implements IHttpClient {

        private final List<Exchange> unused;
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

    /** Ends a computation. MSAL4J would log an exception as a failure, and go on without the response if it can. */
    private static final class MissingResponse extends Error {

        private static final long serialVersionUID = 1L;

        MissingResponse() {
            super("the response is awaited", null, false, false);
        }
    }
}
