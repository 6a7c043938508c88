/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.auth;

import com.fasterxml.jackson.databind.JsonNode;
import com.microsoft.aad.msal4j.HttpMethod;
import com.microsoft.aad.msal4j.HttpRequest;
import com.microsoft.aad.msal4j.IHttpResponse;
import io.jenkins.plugins.ams.auth.AuthenticationException.Kind;
import io.jenkins.plugins.ams.http.AmsException.Context;
import io.jenkins.plugins.ams.http.Futures;
import io.jenkins.plugins.ams.http.HostLimiter;
import io.jenkins.plugins.ams.http.HttpExchange;
import io.jenkins.plugins.ams.http.RetryAfter;
import io.jenkins.plugins.ams.http.StrictJson;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Sends MSAL4J's requests to Microsoft Entra ID. It uses the same HTTP client as requests to the service, so the same
 * proxy settings apply. MSAL4J's own transport has no timeout, and MSAL4J discards the status and headers of responses
 * that are not JSON. This class limits the duration of requests and the size of responses, and passes only documented
 * responses to MSAL4J.
 */
final class AuthorityHttpClient implements MsalHttpClient {

    /** Maximum time for a token request, from the start of its first HTTP request to the end of its last response. */
    static final Duration TIMEOUT = Duration.ofSeconds(30);

    /** Maximum size of a response body in bytes. Token responses and Microsoft's list of clouds are about 1 to 2 KB. */
    private static final int MAX_BYTES = 256 * 1024;

    /** The request header that Microsoft Entra ID's sign-in logs show as the client request ID. */
    private static final String REQUEST_ID = "client-request-id";

    private static final Logger LOGGER = Logger.getLogger(AuthorityHttpClient.class.getName());

    private final Supplier<HttpClient> client;
    private final HostLimiter limiter;
    private final Clock clock;

    AuthorityHttpClient(Supplier<HttpClient> client, HostLimiter limiter, Clock clock) {
        this.client = client;
        this.limiter = limiter;
        this.clock = clock;
    }

    @Override
    public CompletableFuture<IHttpResponse> send(HttpRequest request, Duration timeout) {
        long start = System.nanoTime();
        java.net.http.HttpRequest translated =
                translate(request, URI.create(request.url().toString()));
        return limiter.send(
                        request.url().getAuthority(),
                        timeout,
                        remaining -> HttpExchange.send(client.get(), translated, remaining, MAX_BYTES))
                .handle((response, failure) -> {
                    log(request, start, failure == null ? "HTTP " + response.statusCode() : "no response");
                    if (failure != null) {
                        throw new CompletionException(noResponse(request.url().getHost(), Futures.unwrap(failure)));
                    }
                    return checkResponse(request, response);
                });
    }

    private static AuthenticationException noResponse(String host, Throwable failure) {
        String reason = failure instanceof TimeoutException
                ? "too many token requests are queued"
                : HttpExchange.reasonOf(failure);
        return AuthenticationException.causedBy(Kind.TRANSIENT, "no response from " + host + ": " + reason, failure);
    }

    private IHttpResponse checkResponse(HttpRequest request, java.net.http.HttpResponse<byte[]> response) {
        int status = response.statusCode();
        Optional<JsonNode> body = StrictJson.object(response.body());
        String error = null;
        if (status >= 300 && status < 400) {
            error = ", a redirect";
        } else if (body.isEmpty()) {
            error = " without JSON";
        } else if (status >= 400 && !body.get().path("error").isTextual()) {
            error = " without an OAuth error"; // probably sent by a gateway
        }
        if (error != null) {
            throw new CompletionException(AuthenticationException.of(
                    Kind.TRANSIENT,
                    request.url().getHost() + " responded with HTTP " + status + error,
                    Context.NONE.withRetryAfter(RetryAfter.in(response.headers(), clock))));
        }
        return status < 300 && request.httpMethod() == HttpMethod.POST
                ? TokenResponses.translateToken(response, body.get())
                : TokenResponses.translate(response, body.get());
    }

    /**
     * Converts an MSAL4J request to a JDK request.
     *
     * @param uri the URI to send the request to, which may differ from the URI in MSAL4J's request
     */
    static java.net.http.HttpRequest translate(HttpRequest request, URI uri) {
        java.net.http.HttpRequest.Builder builder = java.net.http.HttpRequest.newBuilder(uri);
        if (request.headers() != null) {
            request.headers().forEach(builder::header);
        }
        if (request.httpMethod() == HttpMethod.GET) {
            builder.GET();
        } else {
            String body = request.body() == null ? "" : request.body();
            builder.method(request.httpMethod().methodName, BodyPublishers.ofString(body));
        }
        return builder.build();
    }

    /** Logs a request. Omits headers and bodies because they contain secrets and tokens. */
    private static void log(HttpRequest request, long start, String result) {
        LOGGER.log(Level.FINE, () -> {
            String id = request.headers() == null ? null : request.headers().get(REQUEST_ID);
            long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
            return request.httpMethod() + " " + request.url() + ": " + result + " in " + millis
                    + " ms (client request id " + id + ")";
        });
    }
}
