package io.jenkins.plugins.ams.service;

import io.jenkins.plugins.ams.auth.AccessToken;
import io.jenkins.plugins.ams.auth.BoundedExchange;
import io.jenkins.plugins.ams.auth.Futures;
import io.jenkins.plugins.ams.auth.PlainText;
import io.jenkins.plugins.ams.auth.RetryAfter;
import io.jenkins.plugins.ams.auth.TokenSource;
import io.jenkins.plugins.ams.service.EndpointPolicy.Refusal;
import io.jenkins.plugins.ams.service.ServiceException.Kind;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.time.Duration;
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
 * Sends requests to the AMS v2 REST API: with the token, after redirects, and with what went wrong in our terms. A
 * request is repeated only after answers that say it was not carried out, a redirect and a 401; even CancelJob, a GET
 * with a side effect, can be.
 */
final class AmsV2Client {

    /** For one request and its answer, from connecting to the end of the body. */
    static final Duration LIMIT = Duration.ofSeconds(30);

    /** 25 jobs, or 30 tasks with a long history each, have a few 100,000 bytes. */
    static final int MAX_BYTES = 4 * 1024 * 1024;

    private static final int MOST_REDIRECTS = 3;
    private static final Set<Integer> PERMANENT = Set.of(301, 308);
    private static final Set<Integer> TEMPORARY = Set.of(302, 307);
    private static final Logger LOGGER = Logger.getLogger(AmsV2Client.class.getName());

    /** Makes a result of the body of an answer and the service's id of the request, which may be null. */
    interface Reader<T> {
        T read(byte[] body, String requestId) throws AmsV2Json.UnreadableException;
    }

    private record Request(URI base, String relative, AccessToken token, boolean renewed, int redirects) {

        URI uri() {
            return URI.create(base + relative);
        }

        Request with(AccessToken renewedToken) {
            return new Request(base, relative, renewedToken, true, redirects);
        }

        Request below(URI newBase) {
            return new Request(newBase, relative, token, renewed, redirects + 1);
        }
    }

    private final URI endpoint;
    private final TokenSource tokens;
    private final Supplier<HttpClient> client;
    private final EndpointPolicy policy;
    private final Clock clock;
    private final Duration limit;

    /** Where requests start: the endpoint, or where it redirected to for good. */
    private volatile URI base;

    AmsV2Client(
            URI endpoint,
            TokenSource tokens,
            Supplier<HttpClient> client,
            EndpointPolicy policy,
            Clock clock,
            Duration limit) {
        Optional<Refusal> refusal = policy.refusalOfEndpoint(endpoint);
        if (refusal.isPresent()) {
            throw new IllegalArgumentException("not an endpoint that may be used (" + refusal.get() + ")");
        }
        this.endpoint = AmsV2Urls.asBase(endpoint);
        this.tokens = tokens;
        this.client = client;
        this.policy = policy;
        this.clock = clock;
        this.limit = limit;
        this.base = this.endpoint;
    }

    URI endpoint() {
        return endpoint;
    }

    /**
     * GETs what is at an address relative to the base.
     *
     * @return fails with a {@link ServiceException} or an {@link io.jenkins.plugins.ams.auth.AuthenticationException},
     *     possibly wrapped
     */
    <T> CompletableFuture<T> get(String relative, Reader<T> reader) {
        return tokens.token()
                .thenCompose(token -> ask(new Request(base, relative, token, false, 0)))
                .thenCompose(answer -> read(answer, reader));
    }

    private CompletableFuture<HttpResponse<byte[]>> ask(Request request) {
        return exchange(request).thenCompose(answer -> {
            int status = answer.statusCode();
            if (PERMANENT.contains(status) || TEMPORARY.contains(status)) {
                return follow(request, answer);
            }
            if (status == 401 && !request.renewed()) {
                LOGGER.fine("The service refused the access token (401), asking with a new one");
                return tokens.renew(request.token()).thenCompose(renewed -> ask(request.with(renewed)));
            }
            if (status >= 200 && status < 300) {
                return CompletableFuture.completedFuture(answer);
            }
            return CompletableFuture.failedFuture(refusal(request, answer));
        });
    }

    private CompletableFuture<HttpResponse<byte[]>> exchange(Request request) {
        String clientRequestId = UUID.randomUUID().toString();
        HttpRequest http = HttpRequest.newBuilder(request.uri())
                .header("Authorization", "Bearer " + request.token().value())
                .header("Accept", "application/json")
                .header("x-ms-version", "2.19")
                .header("DataServiceVersion", "3.0")
                .header("MaxDataServiceVersion", "3.0")
                .header("x-ms-client-request-id", clientRequestId)
                .build();
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
        URI newBase = AmsV2Urls.baseOf(target.get(), request.relative());
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
        } catch (AmsV2Json.UnreadableException e) {
            String type = answer.headers().firstValue("Content-Type").orElse("no Content-Type");
            return CompletableFuture.failedFuture(
                    failure(Kind.UNREADABLE, answer, e.getMessage() + " (" + PlainText.line(type, 100) + ")"));
        }
    }

    private ServiceException refusal(Request request, HttpResponse<byte[]> answer) {
        // a service that echoes the request must not get the token into a log
        String text = ErrorText.of(answer.body()).replace(request.token().value(), "[token]");
        int status = answer.statusCode();
        return failure(kindOf(status), answer, text.isEmpty() ? "HTTP " + status : text);
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
        return new ServiceException(
                kind,
                answer.statusCode(),
                message,
                RetryAfter.in(answer.headers(), clock).orElse(null),
                requestId(answer),
                null);
    }

    private static ServiceException noAnswer(Throwable failure) {
        Throwable bare = Futures.unwrap(failure);
        Kind kind = bare instanceof BoundedExchange.TooLongException ? Kind.UNREADABLE : Kind.NO_ANSWER;
        return new ServiceException(kind, 0, BoundedExchange.reasonOf(bare), null, null, bare);
    }

    /** The service sends the same id under two names. */
    private static String requestId(HttpResponse<?> answer) {
        return answer.headers()
                .firstValue("x-ms-request-id")
                .or(() -> answer.headers().firstValue("request-id"))
                .map(id -> PlainText.line(id, 100))
                .orElse(null);
    }

    private static void log(HttpRequest request, String clientRequestId, long nanos, HttpResponse<?> answer) {
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
