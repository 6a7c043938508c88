/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.service;

import io.jenkins.plugins.ams.auth.AccessToken;
import io.jenkins.plugins.ams.auth.CancellableFuture;
import io.jenkins.plugins.ams.auth.ClaimsChallenge;
import io.jenkins.plugins.ams.auth.HttpExchange;
import io.jenkins.plugins.ams.auth.PlainText;
import io.jenkins.plugins.ams.auth.TokenSource;
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
 * Sends requests to a REST API: with the token, after redirects, and with what went wrong in our terms. The same for
 * every API; what they differ in is the base address, the headers and how answers are read. A request is repeated only
 * after answers that say it was not carried out, a redirect and a 401; even one with a side effect can be.
 */
public final class RestClient {

    /** For one request and its answer, from connecting to the end of the body. */
    public static final Duration TIMEOUT = Duration.ofSeconds(30);

    /** 25 jobs, or 30 tasks with a long history each, have a few 100,000 bytes. */
    static final int MAX_BYTES = 4 * 1024 * 1024;

    private static final int MAX_REDIRECTS = 3;
    private static final Set<Integer> PERMANENT = Set.of(301, 308);
    private static final Set<Integer> TEMPORARY = Set.of(302, 307);
    private static final Logger LOGGER = Logger.getLogger(RestClient.class.getName());

    /** Makes a result of a response. */
    @FunctionalInterface
    public interface Reader<T> {
        T read(Response response) throws InvalidResponseException;
    }

    /**
     * A response whose status is a success.
     *
     * @param status from 200 to 299
     * @param body may be empty
     * @param requestId the service's ID of the request; null if it sent none
     */
    public record Response(int status, byte[] body, String requestId) {}

    private record Request(
            String method,
            URI base,
            String relative,
            AccessToken token,
            boolean renewed,
            boolean challenged,
            int redirects) {

        URI uri() {
            return URI.create(base + relative);
        }

        /** With another token: one with claims after a challenge. Each is tried once. */
        Request with(AccessToken other, boolean claims) {
            return new Request(method, base, relative, other, renewed || !claims, challenged || claims, redirects);
        }

        Request below(URI newBase) {
            return new Request(method, newBase, relative, token, renewed, challenged, redirects + 1);
        }
    }

    private final URI endpoint;
    private final Map<String, String> headers;
    private final TokenSource tokens;
    private final Supplier<HttpClient> client;
    private final EndpointPolicy policy;
    private final ErrorResponses errors;
    private final Duration limit;

    /** Where requests start: the endpoint, or where it redirected to for good. */
    private volatile URI base;

    /**
     * @param endpoint the base address of the API
     * @param headers of every request, besides those that all APIs have
     * @param tokens asked before each request
     * @param client asked before each request, because Jenkins' proxy can change; must not follow redirects, which is
     *     done here, and should have a short time-out to connect
     * @param policy where tokens may go
     * @param form how the API words its errors
     * @param clock what a date in Retry-After is counted from
     * @param limit for one request and its answer
     * @throws IllegalArgumentException if the policy refuses the endpoint; ask it before
     */
    public RestClient(
            URI endpoint,
            Map<String, String> headers,
            TokenSource tokens,
            Supplier<HttpClient> client,
            EndpointPolicy policy,
            ErrorForm form,
            Clock clock,
            Duration limit) {
        Optional<Violation> refusal = policy.endpointViolation(endpoint);
        if (refusal.isPresent()) {
            throw new IllegalArgumentException("not an endpoint that may be used (" + refusal.get() + ")");
        }
        this.endpoint = BaseAddress.of(endpoint);
        this.headers = Map.copyOf(headers);
        this.tokens = tokens;
        this.client = client;
        this.policy = policy;
        this.errors = new ErrorResponses(form, clock);
        this.limit = limit;
        this.base = this.endpoint;
    }

    /** Where requests start if nothing redirected them; ends with a slash. */
    public URI endpoint() {
        return endpoint;
    }

    /**
     * The address that a response links to, such as that of its next page. At the endpoint's own host it is taken to the
     * endpoint's scheme and port, however it is spelt.
     *
     * @return empty if it is no address, or of another host that may not have the token
     */
    public Optional<URI> linked(String link) {
        try {
            URI target = endpoint.resolve(new URI(link));
            if (!endpoint.getHost().equalsIgnoreCase(target.getHost())) {
                return policy.redirectViolation(target).isEmpty() ? Optional.of(target) : Optional.empty();
            }
            String query = target.getRawQuery() == null ? "" : "?" + target.getRawQuery();
            return Optional.of(endpoint.resolve(target.getRawPath() + query));
        } catch (URISyntaxException | IllegalArgumentException noAddress) {
            return Optional.empty();
        }
    }

    /** GETs what is at a {@link #linked} address; fails as {@link #get(String, Reader)} does. */
    public <T> CompletableFuture<T> get(URI linked, Reader<T> reader) {
        URI root = linked.resolve("/");
        return send("GET", root, linked.toString().substring(root.toString().length()), reader);
    }

    /**
     * GETs what is at an address relative to the base.
     *
     * @return fails with a {@link ServiceException} or an {@link io.jenkins.plugins.ams.auth.AuthenticationException},
     *     possibly wrapped
     */
    public <T> CompletableFuture<T> get(String relative, Reader<T> reader) {
        return send("GET", base, relative, reader);
    }

    /** POSTs nothing to an address relative to the base; fails as {@link #get} does. */
    public <T> CompletableFuture<T> post(String relative, Reader<T> reader) {
        return send("POST", base, relative, reader);
    }

    private <T> CompletableFuture<T> send(String method, URI from, String relative, Reader<T> reader) {
        return CancellableFuture.after(tokens.token())
                .thenCompose(token -> exchangeWithRetries(new Request(method, from, relative, token, false, false, 0)))
                .thenCompose(answer -> read(answer, reader));
    }

    private CompletableFuture<HttpResponse<byte[]>> exchangeWithRetries(Request request) {
        return exchange(request).thenCompose(answer -> {
            int status = answer.statusCode();
            if (PERMANENT.contains(status) || TEMPORARY.contains(status)) {
                return follow(request, answer);
            }
            if (errors.rejectsToken(answer)) {
                return renewed(request, answer);
            }
            if (status >= 200 && status < 300) {
                return CompletableFuture.completedFuture(answer);
            }
            return CompletableFuture.failedFuture(rejection(request, answer));
        });
    }

    /**
     * Repeats a request with another token. A renewed one may be challenged in turn, since nobody demanded claims of it;
     * but no token is renewed twice, nor challenged.
     */
    private CompletableFuture<HttpResponse<byte[]>> renewed(Request request, HttpResponse<byte[]> response) {
        Optional<String> claims = ClaimsChallenge.of(response.headers());
        Supplier<IOException> rejection = () -> claims.isPresent()
                ? errors.insufficientClaims(response, request.token())
                : rejection(request, response);
        if (claims.isPresent() ? request.challenged() : request.renewed()) {
            return CompletableFuture.failedFuture(rejection.get());
        }
        LOGGER.log(
                Level.FINE,
                "The service refused the access token ({0}), asking with a new one",
                response.statusCode() + (claims.isPresent() ? ", claims challenge" : ""));
        AccessToken rejected = request.token();
        return CancellableFuture.after(claims.map(demanded -> tokens.renew(rejected, demanded))
                        .orElseGet(() -> tokens.renew(rejected)))
                .thenCompose(renewed -> renewed.equals(rejected)
                        ? CompletableFuture.failedFuture(rejection.get()) // there is no other
                        : exchangeWithRetries(request.with(renewed, claims.isPresent())));
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
        return HttpExchange.send(client.get(), http, limit, MAX_BYTES).handle((answer, failure) -> {
            log(http, clientRequestId, System.nanoTime() - start, answer);
            if (failure == null) {
                return answer;
            }
            base = endpoint; // where it redirected to may be gone
            throw new CompletionException(ErrorResponses.noResponse(failure));
        });
    }

    private CompletableFuture<HttpResponse<byte[]>> follow(Request request, HttpResponse<byte[]> answer) {
        Optional<URI> target = answer.headers().firstValue("Location").flatMap(to -> resolve(request.uri(), to));
        if (target.isEmpty()) {
            return CompletableFuture.failedFuture(errors.unreadable(answer, "a redirect without an address to go to"));
        }
        Optional<Violation> refusal = policy.redirectViolation(target.get());
        if (refusal.isPresent() || request.redirects() == MAX_REDIRECTS) {
            base = endpoint;
            String why = refusal.map(
                            reason -> "to " + PlainText.line(target.get().getRawAuthority(), 100)
                                    + ", which may not have the token (" + reason + ")")
                    .orElse("again and again");
            return CompletableFuture.failedFuture(errors.redirectRejected(answer, "redirected " + why));
        }
        URI newBase = BaseAddress.redirected(target.get(), request.relative());
        if (PERMANENT.contains(answer.statusCode()) && request.base().equals(base)) {
            base = newBase;
        }
        return exchangeWithRetries(request.below(newBase));
    }

    private static Optional<URI> resolve(URI asked, String location) {
        try {
            return Optional.of(asked.resolve(location));
        } catch (IllegalArgumentException noAddress) {
            return Optional.empty();
        }
    }

    private <T> CompletableFuture<T> read(HttpResponse<byte[]> answer, Reader<T> reader) {
        try {
            String requestId = ErrorResponses.requestId(answer).orElse(null);
            return CompletableFuture.completedFuture(
                    reader.read(new Response(answer.statusCode(), answer.body(), requestId)));
        } catch (InvalidResponseException e) {
            String type = answer.headers().firstValue("Content-Type").orElse("no Content-Type");
            return CompletableFuture.failedFuture(
                    errors.unreadable(answer, e.getMessage() + " (" + PlainText.line(type, 100) + ")"));
        }
    }

    private ServiceException rejection(Request request, HttpResponse<byte[]> answer) {
        ServiceException refusal = errors.rejected(answer, request.token());
        if (refusal.kind() != Kind.UNAVAILABLE) {
            base = endpoint; // the account may have moved on from where it redirected to
        }
        return refusal;
    }

    private static void log(HttpRequest request, String clientRequestId, long nanos, HttpResponse<byte[]> answer) {
        if (LOGGER.isLoggable(Level.FINE)) {
            LOGGER.log(Level.FINE, "{0} {1}: {2} in {3} ms (client request id {4}, request id {5})", new Object[] {
                request.method(),
                request.uri(),
                answer == null ? "no answer" : "HTTP " + answer.statusCode(),
                Long.toString(TimeUnit.NANOSECONDS.toMillis(nanos)),
                clientRequestId,
                answer == null ? null : ErrorResponses.requestId(answer).orElse(null)
            });
        }
    }
}
