/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.service;

import io.jenkins.plugins.ams.auth.AccessToken;
import io.jenkins.plugins.ams.auth.AuthenticationException;
import io.jenkins.plugins.ams.auth.BoundedExchange;
import io.jenkins.plugins.ams.auth.CancellableFuture;
import io.jenkins.plugins.ams.auth.ClaimsChallenge;
import io.jenkins.plugins.ams.auth.Futures;
import io.jenkins.plugins.ams.auth.PlainText;
import io.jenkins.plugins.ams.auth.RetryAfter;
import io.jenkins.plugins.ams.auth.TokenSource;
import io.jenkins.plugins.ams.service.EndpointPolicy.Refusal;
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
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Sends requests to a REST API: with the token, after redirects, and with what went wrong in our terms. The same for
 * every API; what they differ in is the base address, the headers and how answers are read. A request is repeated only
 * after answers that say it was not carried out, a redirect and a 401; even one with a side effect can be.
 */
public final class RestClient {

    /** For one request and its answer, from connecting to the end of the body. */
    public static final Duration LIMIT = Duration.ofSeconds(30);

    /** 25 jobs, or 30 tasks with a long history each, have a few 100,000 bytes. */
    static final int MAX_BYTES = 4 * 1024 * 1024;

    private static final int MOST_REDIRECTS = 3;
    private static final Set<Integer> PERMANENT = Set.of(301, 308);
    private static final Set<Integer> TEMPORARY = Set.of(302, 307);
    private static final Pattern EXPIRED_TOKEN = Pattern.compile(
            "ExpiredAuthenticationToken|\\btoken\\b[^.]{0,40}\\bexpired\\b|\\bexpired\\b[^.]{0,40}\\btoken\\b",
            Pattern.CASE_INSENSITIVE);
    private static final Logger LOGGER = Logger.getLogger(RestClient.class.getName());

    /** Makes a result of the body of an answer and the service's id of the request, which may be null. */
    @FunctionalInterface
    public interface Reader<T> {
        T read(byte[] body, String requestId) throws UnreadableException;
    }

    private record Request(
            String method, URI base, String relative, AccessToken token, boolean renewed, int redirects) {

        URI uri() {
            return URI.create(base + relative);
        }

        Request with(AccessToken renewedToken) {
            return new Request(method, base, relative, renewedToken, true, redirects);
        }

        Request below(URI newBase) {
            return new Request(method, newBase, relative, token, renewed, redirects + 1);
        }
    }

    private final URI endpoint;
    private final Map<String, String> headers;
    private final TokenSource tokens;
    private final Supplier<HttpClient> client;
    private final EndpointPolicy policy;
    private final Clock clock;
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
            Clock clock,
            Duration limit) {
        Optional<Refusal> refusal = policy.refusalOfEndpoint(endpoint);
        if (refusal.isPresent()) {
            throw new IllegalArgumentException("not an endpoint that may be used (" + refusal.get() + ")");
        }
        this.endpoint = BaseAddress.of(endpoint);
        this.headers = Map.copyOf(headers);
        this.tokens = tokens;
        this.client = client;
        this.policy = policy;
        this.clock = clock;
        this.limit = limit;
        this.base = this.endpoint;
    }

    /** Where requests start if nothing redirected them; ends with a slash. */
    public URI endpoint() {
        return endpoint;
    }

    /**
     * An absolute address as one relative to the base; empty if it is none below it. What an answer points to is asked
     * for only there.
     */
    public Optional<String> relative(String address) {
        return Stream.of(base, endpoint)
                .map(URI::toString)
                .filter(address::startsWith)
                .map(start -> address.substring(start.length()))
                .filter(RestClient::isPartOfAddress)
                .findFirst();
    }

    private static boolean isPartOfAddress(String relative) {
        try {
            new URI("https://host/" + relative);
            return true;
        } catch (URISyntaxException e) {
            return false;
        }
    }

    /**
     * GETs what is at an address relative to the base.
     *
     * @return fails with a {@link ServiceException} or an {@link io.jenkins.plugins.ams.auth.AuthenticationException},
     *     possibly wrapped
     */
    public <T> CompletableFuture<T> get(String relative, Reader<T> reader) {
        return send("GET", relative, reader);
    }

    /** POSTs nothing to an address relative to the base; fails as {@link #get} does. */
    public <T> CompletableFuture<T> post(String relative, Reader<T> reader) {
        return send("POST", relative, reader);
    }

    private <T> CompletableFuture<T> send(String method, String relative, Reader<T> reader) {
        return CancellableFuture.after(tokens.token())
                .thenCompose(token -> ask(new Request(method, base, relative, token, false, 0)))
                .thenCompose(answer -> read(answer, reader));
    }

    private CompletableFuture<HttpResponse<byte[]>> ask(Request request) {
        return exchange(request).thenCompose(answer -> {
            int status = answer.statusCode();
            if (PERMANENT.contains(status) || TEMPORARY.contains(status)) {
                return follow(request, answer);
            }
            if (rejectsToken(request, answer)) {
                return renewed(request, answer);
            }
            if (status >= 200 && status < 300) {
                return CompletableFuture.completedFuture(answer);
            }
            return CompletableFuture.failedFuture(refusal(request, answer));
        });
    }

    /** Whether the token itself is rejected, and not what it was used for. Some services answer 403 to an expired one. */
    private static boolean rejectsToken(Request request, HttpResponse<byte[]> response) {
        return response.statusCode() == 401
                || response.statusCode() == 403
                        && EXPIRED_TOKEN
                                .matcher(ErrorText.of(
                                        response.body(), request.token().value()))
                                .find();
    }

    /** Repeats a request once, with another token; that carries the claims which the response demands, if it does. */
    private CompletableFuture<HttpResponse<byte[]>> renewed(Request request, HttpResponse<byte[]> response) {
        Optional<String> claims = ClaimsChallenge.of(response.headers());
        Supplier<IOException> rejection =
                () -> claims.isPresent() ? insufficientClaims(request, response) : refusal(request, response);
        if (request.renewed()) {
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
                        : ask(request.with(renewed)));
    }

    private AuthenticationException insufficientClaims(Request request, HttpResponse<byte[]> response) {
        String text = ErrorText.of(response.body(), request.token().value());
        return new AuthenticationException(
                AuthenticationException.Kind.INSUFFICIENT_CLAIMS,
                null,
                text.isEmpty() ? "HTTP " + response.statusCode() : text,
                RetryAfter.in(response.headers(), clock).orElse(null),
                requestId(response),
                null);
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
        return BoundedExchange.send(client.get(), http, limit, MAX_BYTES).handle((answer, failure) -> {
            log(http, clientRequestId, System.nanoTime() - start, answer);
            if (failure == null) {
                return answer;
            }
            base = endpoint; // where it redirected to may be gone
            throw new CompletionException(noAnswer(failure));
        });
    }

    private CompletableFuture<HttpResponse<byte[]>> follow(Request request, HttpResponse<byte[]> answer) {
        Optional<URI> target = answer.headers().firstValue("Location").flatMap(to -> resolve(request.uri(), to));
        if (target.isEmpty()) {
            return CompletableFuture.failedFuture(
                    failure(Kind.UNREADABLE, answer, "a redirect without an address to go to"));
        }
        Optional<Refusal> refusal = policy.refusalOfRedirect(target.get());
        if (refusal.isPresent() || request.redirects() == MOST_REDIRECTS) {
            base = endpoint;
            String why = refusal.map(
                            reason -> "to " + PlainText.line(target.get().getRawAuthority(), 100)
                                    + ", which may not have the token (" + reason + ")")
                    .orElse("again and again");
            return CompletableFuture.failedFuture(failure(Kind.REDIRECT_REFUSED, answer, "redirected " + why));
        }
        URI newBase = BaseAddress.redirected(target.get(), request.relative());
        if (PERMANENT.contains(answer.statusCode()) && request.base().equals(base)) {
            base = newBase;
        }
        return ask(request.below(newBase));
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
            return CompletableFuture.completedFuture(reader.read(answer.body(), requestId(answer)));
        } catch (UnreadableException e) {
            String type = answer.headers().firstValue("Content-Type").orElse("no Content-Type");
            return CompletableFuture.failedFuture(
                    failure(Kind.UNREADABLE, answer, e.getMessage() + " (" + PlainText.line(type, 100) + ")"));
        }
    }

    private ServiceException refusal(Request request, HttpResponse<byte[]> answer) {
        String text = ErrorText.of(answer.body(), request.token().value());
        int status = answer.statusCode();
        if (kindOf(status) != Kind.BUSY) {
            base = endpoint; // the account may have moved on from where it redirected to
        }
        return failure(
                kindOf(status),
                answer,
                text.isEmpty() ? "HTTP " + status : text,
                request.token().ofSecretText());
    }

    private static Kind kindOf(int status) {
        return switch (status) {
            case 401 -> Kind.UNAUTHORIZED;
            case 403 -> Kind.FORBIDDEN;
            case 404 -> Kind.NOT_FOUND;
            case 408, 429 -> Kind.BUSY;
            default -> status >= 500 ? Kind.BUSY : status >= 400 ? Kind.REJECTED : Kind.UNREADABLE;
        };
    }

    private ServiceException failure(Kind kind, HttpResponse<byte[]> answer, String message) {
        return failure(kind, answer, message, false);
    }

    private ServiceException failure(Kind kind, HttpResponse<byte[]> answer, String message, boolean ofSecretText) {
        return new ServiceException(
                kind,
                answer.statusCode(),
                message,
                RetryAfter.in(answer.headers(), clock).orElse(null),
                requestId(answer),
                null,
                ofSecretText);
    }

    private static ServiceException noAnswer(Throwable failure) {
        Throwable bare = Futures.unwrap(failure);
        Kind kind = bare instanceof BoundedExchange.TooLongException ? Kind.UNREADABLE : Kind.NO_ANSWER;
        return new ServiceException(kind, 0, BoundedExchange.reasonOf(bare), null, null, bare);
    }

    /** Services send it under one of two names, or both, or with an error alone. */
    private static String requestId(HttpResponse<byte[]> answer) {
        return answer.headers()
                .firstValue("x-ms-request-id")
                .or(() -> answer.headers().firstValue("request-id"))
                .or(() -> answer.statusCode() >= 400 ? ErrorText.reference(answer.body()) : Optional.empty())
                .map(id -> PlainText.line(id, 100))
                .orElse(null);
    }

    private static void log(HttpRequest request, String clientRequestId, long nanos, HttpResponse<byte[]> answer) {
        if (LOGGER.isLoggable(Level.FINE)) {
            LOGGER.log(Level.FINE, "{0} {1}: {2} in {3} ms (client request id {4}, request id {5})", new Object[] {
                request.method(),
                request.uri(),
                answer == null ? "no answer" : "HTTP " + answer.statusCode(),
                Long.toString(TimeUnit.NANOSECONDS.toMillis(nanos)),
                clientRequestId,
                answer == null ? null : requestId(answer)
            });
        }
    }
}
