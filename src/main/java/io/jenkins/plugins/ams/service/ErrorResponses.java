/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.service;

import io.jenkins.plugins.ams.auth.AccessToken;
import io.jenkins.plugins.ams.auth.AuthenticationException;
import io.jenkins.plugins.ams.auth.Futures;
import io.jenkins.plugins.ams.auth.HttpExchange;
import io.jenkins.plugins.ams.auth.PlainText;
import io.jenkins.plugins.ams.auth.RetryAfter;
import io.jenkins.plugins.ams.service.ServiceException.Kind;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Says in the plugin's terms what an HTTP response that is not a success means. A rejection counts only in the words of
 * the service itself: see {@link #isOwn}.
 */
final class ErrorResponses {

    /**
     * Statuses that are never about what was asked for: 407 of a proxy, 421 and 425 (RFC 9110, RFC 8470) of a server that
     * does not want the connection, 444 and 499 of nginx and 460 and 463 of a load balancer whose own connection broke,
     * 449 (Microsoft's "retry with").
     */
    private static final Set<Integer> OF_GATEWAYS = Set.of(407, 421, 425, 444, 449, 460, 463, 499);

    /** A captive portal (RFC 6585). */
    private static final int NETWORK_AUTHENTICATION_REQUIRED = 511;

    /** From here on statuses are those of content delivery networks that do not reach the server. */
    private static final int FIRST_OF_NETWORKS = 520;

    private static final Pattern BEARER = Pattern.compile("(?:^|,)\\s*Bearer\\b", Pattern.CASE_INSENSITIVE);

    /** As in "The access token has expired." and Azure Resource Manager's ExpiredAuthenticationToken. */
    private static final Pattern EXPIRED = Pattern.compile(
            "ExpiredAuthenticationToken|\\btoken\\b[^.]{0,40}\\bexpired\\b|\\bexpired\\b[^.]{0,40}\\btoken\\b",
            Pattern.CASE_INSENSITIVE);

    private final ErrorForm form;
    private final Clock clock;

    /** @param clock what a date in Retry-After is counted from */
    ErrorResponses(ErrorForm form, Clock clock) {
        this.form = form;
        this.clock = clock;
    }

    /** A status that is no success. */
    ServiceException rejected(HttpResponse<byte[]> response, AccessToken token) {
        int status = response.statusCode();
        ErrorBodyParser error = ErrorBodyParser.of(response.body(), token.value());
        return exception(
                kindOf(response, error),
                response,
                error.code(),
                error.line().isEmpty() ? "HTTP " + status : error.line(),
                retryAfter(response)
                        .or(() -> status == 429 || status == 503 ? error.retryAfter() : Optional.empty())
                        .orElse(null),
                token.ofSecretText());
    }

    /**
     * Returns whether the token is rejected, so that a new one may help: with 401, or with a 403 that says that it has
     * expired, in whatever form.
     */
    boolean rejectsToken(HttpResponse<byte[]> response) {
        return switch (response.statusCode()) {
            case 401 -> isOwn(response);
            case 403 ->
                EXPIRED.matcher(ErrorBodyParser.of(response.body(), "[token]").line())
                        .find();
            default -> false;
        };
    }

    /** A claims challenge that another token with the claims did not satisfy. */
    AuthenticationException insufficientClaims(HttpResponse<byte[]> response, AccessToken token) {
        String text = ErrorBodyParser.of(response.body(), token.value()).line();
        return new AuthenticationException(
                AuthenticationException.Kind.INSUFFICIENT_CLAIMS,
                null,
                text.isEmpty() ? "HTTP " + response.statusCode() : text,
                retryAfter(response).orElse(null),
                requestId(response).orElse(null),
                null);
    }

    /** A success whose body is none of the service's. */
    ServiceException unreadable(HttpResponse<byte[]> response, String reason) {
        return exception(Kind.INVALID_RESPONSE, response, reason);
    }

    /** A redirect that is not followed. */
    ServiceException redirectRejected(HttpResponse<byte[]> response, String reason) {
        return exception(Kind.REDIRECT_REJECTED, response, reason);
    }

    /** No response. */
    static ServiceException noResponse(Throwable failure) {
        Throwable bare = Futures.unwrap(failure);
        Kind kind = bare instanceof HttpExchange.TooLongException ? Kind.INVALID_RESPONSE : Kind.NO_RESPONSE;
        return new ServiceException(kind, 0, HttpExchange.reasonOf(bare), null, null, bare);
    }

    /** The service's ID of the request. Services send it under one of two names, or both, or with an error only. */
    static Optional<String> requestId(HttpResponse<byte[]> response) {
        return response.headers()
                .firstValue("x-ms-request-id")
                .or(() -> response.headers().firstValue("request-id"))
                .or(() -> response.statusCode() >= 400
                        ? ErrorBodyParser.of(response.body(), "[token]").reference()
                        : Optional.empty())
                .map(id -> PlainText.line(id, 100));
    }

    private Kind kindOf(HttpResponse<byte[]> response, ErrorBodyParser error) {
        int status = response.statusCode();
        if (OF_GATEWAYS.contains(status) || status == NETWORK_AUTHENTICATION_REQUIRED || status >= FIRST_OF_NETWORKS) {
            return Kind.GATEWAY;
        } else if (status == 408 || status == 429 || status >= 500) {
            return Kind.UNAVAILABLE;
        } else if (status < 400) {
            return Kind.INVALID_RESPONSE;
        } else if (!isOwn(response)) {
            return Kind.GATEWAY;
        }
        return switch (status) {
            case 401 -> Kind.UNAUTHORIZED;
            case 403 -> Kind.FORBIDDEN;
            case 404 -> error.isAboutAccount() ? Kind.ACCOUNT_NOT_FOUND : Kind.NOT_FOUND;
            default -> error.isAboutAccountByCode() ? Kind.ACCOUNT_NOT_FOUND : Kind.CLIENT_ERROR;
        };
    }

    /**
     * Returns whether the service itself sent a rejection: it has the form of the API's errors.
     *
     * <p>A 401 needs no such body. AMS v2 has answered it in plain text, and for an expired token nobody recorded a body
     * at all; servers that check tokens with a library send an empty one. It is about the token if it asks for a Bearer
     * token (RFC 6750 wants it to), or for nothing at all. A page, or a challenge of another kind (Basic, Negotiate), comes
     * from a proxy that wants a password of its own.
     */
    private boolean isOwn(HttpResponse<byte[]> response) {
        if (form.fits(response.body())) {
            return true;
        }
        if (response.statusCode() != 401) {
            return false;
        }
        List<String> challenges = response.headers().allValues("WWW-Authenticate");
        return challenges.isEmpty()
                ? !ErrorBodyParser.isMarkup(response.body())
                : challenges.stream()
                        .anyMatch(challenge -> BEARER.matcher(challenge).find());
    }

    private Optional<Duration> retryAfter(HttpResponse<byte[]> response) {
        return RetryAfter.in(response.headers(), clock);
    }

    private ServiceException exception(Kind kind, HttpResponse<byte[]> response, String message) {
        return exception(kind, response, "", message, retryAfter(response).orElse(null), false);
    }

    private static ServiceException exception(
            Kind kind,
            HttpResponse<byte[]> response,
            String code,
            String message,
            Duration retryAfter,
            boolean ofSecretText) {
        return new ServiceException(
                kind,
                response.statusCode(),
                code,
                message,
                retryAfter,
                requestId(response).orElse(null),
                null,
                ofSecretText);
    }
}
