/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.service;

import io.jenkins.plugins.ams.auth.AccessToken;
import io.jenkins.plugins.ams.auth.ClaimsChallenge;
import io.jenkins.plugins.ams.auth.TokenSource;
import io.jenkins.plugins.ams.auth.TokenStatus;
import io.jenkins.plugins.ams.http.CancellableFuture;
import io.jenkins.plugins.ams.http.HttpExchange;
import io.jenkins.plugins.ams.http.PlainText;
import io.jenkins.plugins.ams.service.EndpointPolicy.Violation;
import io.jenkins.plugins.ams.service.ServiceException.Kind;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Sends requests to a REST API: adds the access token, follows redirects, and translates errors into exceptions. This
 * class is used for all APIs. Each API has its own base URI, headers, error format, and response readers.
 *
 * <p>A request is sent again only after a redirect or a rejected token. In both cases, the service did not carry out
 * the request, so it is safe to repeat even requests with side effects.
 */
public final class RestClient {

    /** Timeout of one request, from connecting to the end of the response body. */
    public static final Duration TIMEOUT = Duration.ofSeconds(30);

    /** Maximum size of a response body in bytes. The largest expected bodies are a few hundred kilobytes. */
    public static final int MAX_BYTES = 4 * 1024 * 1024;

    private static final int MAX_REDIRECTS = 3;

    /** Maximum number of claims challenges per request. The required claims can change while a token is requested. */
    private static final int MAX_CHALLENGES = 3;

    private static final Set<Integer> PERMANENT = Set.of(301, 308);
    private static final Set<Integer> TEMPORARY = Set.of(302, 307);
    private static final Logger LOGGER = Logger.getLogger(RestClient.class.getName());

    /** Converts a successful response to a Java object. */
    @FunctionalInterface
    public interface Reader<T> {
        T read(Response response) throws ServiceException;
    }

    /**
     * A response with a success status.
     *
     * @param status the HTTP status, from 200 to 299
     * @param body the body; may be empty
     * @param requestId the ID that the service assigned to the request, or null if the service did not send an ID
     */
    public record Response(int status, byte[] body, String requestId) {}

    private record Request(
            String method,
            URI base,
            String relative,
            AccessToken token,
            boolean renewed,
            Set<String> claims,
            int redirects) {

        URI uri() {
            return URI.create(base + relative);
        }

        /** Returns a copy of this request with a token that replaces a rejected token. */
        Request withRenewed(AccessToken other) {
            return new Request(method, base, relative, other, true, claims, redirects);
        }

        /** Returns a copy of this request with a token that satisfies the claims challenge. */
        Request withClaims(AccessToken other, String required) {
            Set<String> all = new HashSet<>(claims);
            all.add(required);
            return new Request(method, base, relative, other, renewed, all, redirects);
        }

        /**
         * Returns whether to request a token with the claims that a challenge requires. For each request, a token with
         * the same claims is requested only once, and the total number of challenges is limited.
         */
        boolean mayAnswer(String required) {
            return !claims.contains(required) && claims.size() < MAX_CHALLENGES;
        }

        Request withBase(URI newBase) {
            return new Request(method, newBase, relative, token, renewed, claims, redirects + 1);
        }
    }

    private final URI endpoint;
    private final Map<String, String> headers;
    private final TokenSource tokens;
    private final Supplier<HttpClient> client;
    private final EndpointPolicy policy;
    private final ErrorResponses errors;
    private final Duration timeout;

    /** The base URI of new requests: the endpoint, or the base URI that the endpoint permanently redirects to. */
    private volatile URI base;

    /**
     * @param endpoint the API's base URI
     * @param headers the headers to send with every request, in addition to the headers that all APIs require
     * @param tokens the source of access tokens
     * @param client supplies the HTTP client for each request, because Jenkins' proxy settings can change. The client
     *     must not follow redirects and should have a short connect timeout
     * @param policy the hosts that may receive tokens
     * @param form the API's error format
     * @param clock the clock whose time is compared with dates in {@code Retry-After} headers
     * @param timeout the timeout of one request
     * @throws IllegalArgumentException if the policy rejects the endpoint; callers must check the endpoint first
     */
    public RestClient(
            URI endpoint,
            Map<String, String> headers,
            TokenSource tokens,
            Supplier<HttpClient> client,
            EndpointPolicy policy,
            ErrorForm form,
            Clock clock,
            Duration timeout) {
        Optional<Violation> violation = policy.endpointViolation(endpoint);
        if (violation.isPresent()) {
            throw new IllegalArgumentException("the endpoint is not allowed (" + violation.get() + ")");
        }
        this.endpoint = BaseAddress.of(endpoint);
        this.headers = Map.copyOf(headers);
        this.tokens = tokens;
        this.client = client;
        this.policy = policy;
        this.errors = new ErrorResponses(form, clock);
        this.timeout = timeout;
        this.base = this.endpoint;
    }

    /** Returns the configured base URI, which ends with a slash. Redirects do not change it. */
    public URI endpoint() {
        return endpoint;
    }

    /** Implements {@link AmsService#tokenStatus}. */
    public TokenStatus tokenStatus() {
        return tokens.status();
    }

    /**
     * Resolves a link in a response, such as the link to the next page. If the link refers to the endpoint's host, the
     * returned URI has the endpoint's scheme and port.
     *
     * @return the absolute URI, or empty if the link is malformed or its host must not receive the token
     */
    public Optional<URI> linked(String link) {
        try {
            URI target = endpoint.resolve(new URI(link));
            if (!endpoint.getHost().equalsIgnoreCase(target.getHost())) {
                return policy.redirectViolation(target).isEmpty() ? Optional.of(target) : Optional.empty();
            }
            String query = target.getRawQuery() == null ? "" : "?" + target.getRawQuery();
            return Optional.of(endpoint.resolve(target.getRawPath() + query));
        } catch (URISyntaxException | IllegalArgumentException malformed) {
            return Optional.empty();
        }
    }

    /**
     * Sends a GET request to a URI that {@link #linked} returned. The returned future completes as described for {@link
     * #get(String, Reader)}.
     */
    public <T> CompletableFuture<T> get(URI linked, Reader<T> reader) {
        URI root = linked.resolve("/");
        return send("GET", root, linked.toString().substring(root.toString().length()), reader);
    }

    /**
     * Sends a GET request to a URI relative to the base URI.
     *
     * @return a future that completes with the reader's result, or exceptionally with a {@link ServiceException} or an
     *     {@link io.jenkins.plugins.ams.auth.AuthenticationException}, possibly wrapped in a {@link
     *     CompletionException}
     */
    public <T> CompletableFuture<T> get(String relative, Reader<T> reader) {
        return send("GET", base, relative, reader);
    }

    /**
     * Sends a POST request without a body to a URI relative to the base URI. The returned future completes as described
     * for {@link #get(String, Reader)}.
     */
    public <T> CompletableFuture<T> post(String relative, Reader<T> reader) {
        return send("POST", base, relative, reader);
    }

    private <T> CompletableFuture<T> send(String method, URI from, String relative, Reader<T> reader) {
        return CancellableFuture.after(tokens.token())
                .thenCompose(
                        token -> exchangeWithRetries(new Request(method, from, relative, token, false, Set.of(), 0)))
                .thenCompose(response -> read(response, reader));
    }

    private CompletableFuture<HttpResponse<byte[]>> exchangeWithRetries(Request request) {
        return exchange(request).thenCompose(response -> {
            int status = response.statusCode();
            if (PERMANENT.contains(status) || TEMPORARY.contains(status)) {
                return follow(request, response);
            }
            if (errors.rejectsToken(response)) {
                return retryWithNewToken(request, response);
            }
            if (status >= 200 && status < 300) {
                return CompletableFuture.completedFuture(response);
            }
            return CompletableFuture.failedFuture(rejection(request, response));
        });
    }

    /**
     * Repeats a request with another token after its token was rejected. Each request is repeated at most once with a
     * renewed token. In addition, it is repeated once for each of at most {@link #MAX_CHALLENGES} different claims
     * challenges. A challenge can follow a renewal, because the renewed token was requested without claims.
     */
    private CompletableFuture<HttpResponse<byte[]>> retryWithNewToken(Request request, HttpResponse<byte[]> response) {
        String claims = ClaimsChallenge.of(response.headers()).orElse(null);
        Supplier<IOException> rejection = () ->
                claims == null ? rejection(request, response) : errors.insufficientClaims(response, request.token());
        if (claims == null ? request.renewed() : !request.mayAnswer(claims)) {
            return CompletableFuture.failedFuture(rejection.get());
        }
        LOGGER.log(
                Level.FINE,
                "The service rejected the access token ({0}), retrying with a new one",
                response.statusCode() + (claims == null ? "" : ", claims challenge"));
        AccessToken rejected = request.token();
        return CancellableFuture.after(tokens.renew(rejected, claims)).thenCompose(renewed -> {
            if (renewed.equals(rejected)) {
                return CompletableFuture.failedFuture(rejection.get()); // no other token is available
            }
            return exchangeWithRetries(
                    claims == null ? request.withRenewed(renewed) : request.withClaims(renewed, claims));
        });
    }

    private CompletableFuture<HttpResponse<byte[]>> exchange(Request request) {
        String clientRequestId = UUID.randomUUID().toString();
        HttpRequest.Builder builder = HttpRequest.newBuilder(request.uri())
                .method(request.method(), HttpRequest.BodyPublishers.noBody())
                .header("Authorization", "Bearer " + request.token().value())
                .header("Accept", "application/json")
                .header("x-ms-client-request-id", clientRequestId);
        headers.forEach(builder::header);
        HttpRequest http = builder.build();
        long start = System.nanoTime();
        return HttpExchange.send(client.get(), http, timeout, MAX_BYTES).handle((response, failure) -> {
            log(http, clientRequestId, System.nanoTime() - start, response);
            if (failure == null) {
                return response;
            }
            base = endpoint; // the target of the redirect may no longer exist
            throw new CompletionException(ErrorResponses.noResponse(failure));
        });
    }

    private CompletableFuture<HttpResponse<byte[]>> follow(Request request, HttpResponse<byte[]> response) {
        Optional<URI> target = response.headers().firstValue("Location").flatMap(to -> resolve(request.uri(), to));
        if (target.isEmpty()) {
            return CompletableFuture.failedFuture(
                    errors.invalidResponse(response, "a redirect without a valid Location"));
        }
        Optional<Violation> violation = policy.redirectViolation(target.get());
        if (violation.isPresent() || request.redirects() == MAX_REDIRECTS) {
            base = endpoint;
            return CompletableFuture.failedFuture(
                    violation.isEmpty()
                            ? errors.redirectRejected(response, "redirected too many times")
                            : errors.untrustedRedirect(
                                    response,
                                    "redirected to "
                                            + PlainText.line(target.get().getRawAuthority(), 100)
                                            + ", which may not receive the token (" + violation.get() + ")"));
        }
        URI newBase = BaseAddress.redirected(target.get(), request.relative());
        if (PERMANENT.contains(response.statusCode()) && request.base().equals(base)) {
            base = newBase;
        }
        return exchangeWithRetries(request.withBase(newBase));
    }

    private static Optional<URI> resolve(URI requestUri, String location) {
        try {
            return Optional.of(requestUri.resolve(location));
        } catch (IllegalArgumentException malformed) {
            return Optional.empty();
        }
    }

    private <T> CompletableFuture<T> read(HttpResponse<byte[]> response, Reader<T> reader) {
        try {
            String requestId = ErrorResponses.requestId(response).orElse(null);
            return CompletableFuture.completedFuture(
                    reader.read(new Response(response.statusCode(), response.body(), requestId)));
        } catch (ServiceException e) { // the response is invalid
            String type = response.headers().firstValue("Content-Type").orElse("no Content-Type");
            return CompletableFuture.failedFuture(
                    errors.invalidResponse(response, e.getMessage() + " (" + PlainText.line(type, 100) + ")"));
        }
    }

    private ServiceException rejection(Request request, HttpResponse<byte[]> response) {
        ServiceException rejection = errors.rejected(response, request.token());
        if (rejection.kind() != Kind.UNAVAILABLE) {
            base = endpoint; // the target of the redirect may no longer serve the account
        }
        return rejection;
    }

    private static void log(HttpRequest request, String clientRequestId, long nanos, HttpResponse<byte[]> response) {
        if (LOGGER.isLoggable(Level.FINE)) {
            LOGGER.log(Level.FINE, "{0} {1}: {2} in {3} ms (client request id {4}, request id {5})", new Object[] {
                request.method(),
                request.uri(),
                response == null ? "no response" : "HTTP " + response.statusCode(),
                Long.toString(TimeUnit.NANOSECONDS.toMillis(nanos)),
                clientRequestId,
                response == null ? null : ErrorResponses.requestId(response).orElse(null)
            });
        }
    }
}
