/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.auth;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.ams.auth.AuthenticationException.Kind;
import io.jenkins.plugins.ams.http.AmsException.Context;
import io.jenkins.plugins.ams.http.Futures;
import io.jenkins.plugins.ams.http.HttpExchange;
import io.jenkins.plugins.ams.http.RetryAfter;
import io.jenkins.plugins.ams.http.StrictJson;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;

/**
 * Obtains tokens from Ravnur Media Services in exchange for an API key. The subscription ID and the key are sent in a
 * {@code POST auth/token} request, and the response body is the token itself. Redirects are not followed, so that the
 * key is sent only to the account's own host.
 */
final class ApiKeyTokenProvider implements TokenProvider {

    private static final int MAX_BYTES = 64 * 1024;

    /**
     * Assumed lifetime of a token without a readable expiry time. A token that expires earlier is renewed when the
     * service rejects it.
     */
    private static final Duration DEFAULT_LIFETIME = Duration.ofMinutes(30);

    /** The end of the year 9999 in seconds since 1970. Later expiry times are ignored. */
    private static final long MAX_EXPIRY = 253_402_300_799L;

    private final ApiKeyIdentity identity;
    private final Supplier<HttpClient> client;
    private final Clock clock;
    private final Duration timeout;

    ApiKeyTokenProvider(ApiKeyIdentity identity, Supplier<HttpClient> client, Clock clock, Duration timeout) {
        this.identity = identity;
        this.client = client;
        this.clock = clock;
        this.timeout = timeout;
    }

    @Override
    public CompletableFuture<AccessToken> acquire(@CheckForNull String claims) {
        String body = JsonMapper.builder()
                .build()
                .createObjectNode()
                .put("subscriptionId", identity.subscriptionId())
                .put("apiKey", identity.apiKey().value())
                .toString();
        HttpRequest request = HttpRequest.newBuilder(identity.address())
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .header("Content-Type", "application/json")
                .header("Accept", "*/*")
                .build();
        return HttpExchange.send(client.get(), request, timeout, MAX_BYTES).handle((response, failure) -> {
            if (failure != null) {
                throw new CompletionException(AuthenticationException.causedBy(
                        Kind.TRANSIENT_OF_SERVICE, HttpExchange.reasonOf(failure), Futures.unwrap(failure)));
            }
            return toToken(response);
        });
    }

    private AccessToken toToken(HttpResponse<byte[]> response) {
        int status = response.statusCode();
        if (status != 200) {
            // omit the body, because it may repeat the key from the request
            throw new CompletionException(AuthenticationException.of(
                    isRejection(response) ? Kind.WRONG_KEY : Kind.TRANSIENT_OF_SERVICE,
                    "HTTP " + status,
                    Context.NONE.withRetryAfter(RetryAfter.in(response.headers(), clock))));
        }
        String text = new String(response.body(), StandardCharsets.UTF_8).strip();
        String token = text.length() > 1 && text.startsWith("\"") && text.endsWith("\"")
                ? text.substring(1, text.length() - 1) // remove the quotation marks of a JSON string
                : text;
        if (!BearerTokens.isToken(token) || token.startsWith("<") || token.startsWith("{")) {
            throw new CompletionException(
                    AuthenticationException.of(Kind.TRANSIENT_OF_SERVICE, "the service responded without a token"));
        }
        return new AccessToken(
                token, expiry(token).orElseGet(() -> clock.instant().plus(DEFAULT_LIFETIME)), true);
    }

    /**
     * Returns whether the service itself rejected the key, rather than a gateway in front of it. The service's error
     * responses are undocumented. This method assumes that the service sent the response if it is a 401 without a body,
     * or if its body is an Azure Resource Manager error or a problem details object (RFC 9457).
     */
    private static boolean isRejection(HttpResponse<byte[]> response) {
        int status = response.statusCode();
        if (status < 400 || status == 408 || status == 429 || status >= 500) {
            return false;
        }
        boolean emptyUnauthorized = status == 401 && response.body().length == 0;
        return emptyUnauthorized
                || StrictJson.object(response.body())
                        .filter(body ->
                                body.hasNonNull("error") || body.hasNonNull("message") || body.hasNonNull("title"))
                        .isPresent();
    }

    /**
     * Returns the expiry time from a JWT's {@code exp} claim (RFC 7519, section 4.1.4), or empty if the token is not a
     * JWT or has no valid expiry time. The expiry time is used only to decide when to renew the token.
     */
    private static Optional<Instant> expiry(String token) {
        String[] parts = token.split("\\.");
        if (parts.length != 3) {
            return Optional.empty();
        }
        try {
            return StrictJson.object(Base64.getUrlDecoder().decode(parts[1]))
                    .map(claims -> claims.path("exp"))
                    .filter(JsonNode::isNumber)
                    .map(JsonNode::asLong)
                    .filter(seconds -> seconds > 0 && seconds <= MAX_EXPIRY)
                    .map(Instant::ofEpochSecond);
        } catch (IllegalArgumentException notBase64) {
            return Optional.empty();
        }
    }
}
