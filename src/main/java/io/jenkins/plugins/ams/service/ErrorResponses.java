/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.service;

import io.jenkins.plugins.ams.auth.AccessToken;
import io.jenkins.plugins.ams.auth.AuthenticationException;
import io.jenkins.plugins.ams.http.AmsException.Context;
import io.jenkins.plugins.ams.http.Futures;
import io.jenkins.plugins.ams.http.HttpExchange;
import io.jenkins.plugins.ams.http.PlainText;
import io.jenkins.plugins.ams.http.RetryAfter;
import io.jenkins.plugins.ams.service.ServiceException.Kind;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Translates HTTP error responses into exceptions. A rejection is attributed to the service only if the service itself
 * sent it, as determined by {@link #isOwn}. Otherwise, it is attributed to a gateway.
 */
final class ErrorResponses {

    /**
     * Statuses that are never caused by the requested resource: 407 (proxy authentication), 421 and 425 (the server
     * does not accept the request on this connection; RFC 9110 and RFC 8470), 444 and 499 (nginx), 449 (Microsoft's
     * "Retry With"), and 460 and 463 (load balancers).
     */
    private static final Set<Integer> GATEWAY_STATUSES = Set.of(407, 421, 425, 444, 449, 460, 463, 499);

    /** The status that captive portals send (RFC 6585). */
    private static final int NETWORK_AUTHENTICATION_REQUIRED = 511;

    /** The lowest status that content delivery networks send if they cannot reach the origin server. */
    private static final int FIRST_CDN_STATUS = 520;

    private static final Pattern BEARER = Pattern.compile("(?:^|,)\\s*Bearer\\b", Pattern.CASE_INSENSITIVE);

    /**
     * Matches messages such as "The access token has expired." and Azure Resource Manager's error code
     * ExpiredAuthenticationToken.
     */
    private static final Pattern EXPIRED = Pattern.compile(
            "ExpiredAuthenticationToken|\\btoken\\b[^.]{0,40}\\bexpired\\b|\\bexpired\\b[^.]{0,40}\\btoken\\b",
            Pattern.CASE_INSENSITIVE);

    private final ErrorForm form;
    private final Clock clock;

    /**
     * @param form the API's error format
     * @param clock the clock whose time is compared with dates in {@code Retry-After} headers
     */
    ErrorResponses(ErrorForm form, Clock clock) {
        this.form = form;
        this.clock = clock;
    }

    /** Returns the exception for a response with an error status. */
    ServiceException rejected(HttpResponse<byte[]> response, AccessToken token) {
        int status = response.statusCode();
        ErrorBodyParser error = ErrorBodyParser.of(response.body(), token.value());
        Context context = context(response).withCode(error.code());
        if (status == 429 || status == 503) {
            context = context.withRetryAfter(retryAfter(response).or(error::retryAfter));
        }
        String message = error.line().isEmpty() ? "HTTP " + status : error.line();
        ServiceException exception = ServiceException.of(kindOf(response, error), status, message, context);
        return token.ofSecretText() ? exception.withSecretText() : exception;
    }

    /**
     * Returns whether the service rejected the token but may accept a new token. This is the case for status 401 if the
     * service itself sent it, and for status 403 if the body says, in any format, that the token has expired.
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

    /**
     * Returns the exception for a claims challenge that is repeated even though the token was requested with the
     * required claims.
     */
    AuthenticationException insufficientClaims(HttpResponse<byte[]> response, AccessToken token) {
        String text = ErrorBodyParser.of(response.body(), token.value()).line();
        return AuthenticationException.of(
                AuthenticationException.Kind.INSUFFICIENT_CLAIMS,
                text.isEmpty() ? "HTTP " + response.statusCode() : text,
                context(response));
    }

    /** Returns the exception for a response whose content does not match the service's documentation. */
    ServiceException invalidResponse(HttpResponse<byte[]> response, String reason) {
        return ServiceException.of(Kind.INVALID_RESPONSE, response.statusCode(), reason, context(response));
    }

    /**
     * Returns the exception for a redirect to a host that must not receive the token. The redirect is attributed to a
     * gateway: some proxies redirect every request to a sign-in page, whereas none of the APIs uses redirects to report
     * errors.
     */
    ServiceException untrustedRedirect(HttpResponse<byte[]> response, String reason) {
        return ServiceException.of(Kind.GATEWAY, response.statusCode(), reason, context(response));
    }

    /** Returns the exception for a request that was redirected too many times. */
    ServiceException redirectRejected(HttpResponse<byte[]> response, String reason) {
        return ServiceException.of(Kind.REDIRECT_REJECTED, response.statusCode(), reason, context(response));
    }

    /** Returns the exception for a request that received no response or whose response exceeds the maximum size. */
    static ServiceException noResponse(Throwable failure) {
        Throwable cause = Futures.unwrap(failure);
        String reason = HttpExchange.reasonOf(cause);
        return cause instanceof HttpExchange.TooLongException
                ? ServiceException.invalidResponse(reason, cause)
                : ServiceException.noResponse(reason, cause);
    }

    /**
     * Returns the ID that the service assigned to the request. The ID is in one of two headers or, for some error
     * responses, in the body.
     */
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
        if (GATEWAY_STATUSES.contains(status)
                || status == NETWORK_AUTHENTICATION_REQUIRED
                || status >= FIRST_CDN_STATUS) {
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
     * Returns whether the service itself sent a rejection. The service's rejections are in the API's error format,
     * except for some rejections with status 401.
     *
     * <p>The body of a response with status 401 can have another format: AMS v2 has sent plain text, and servers that
     * validate tokens with a library send an empty body. Such a response is attributed to the service if it requests a
     * Bearer token, as RFC 6750 requires. It is also attributed to the service if it has no challenge and its body is
     * neither HTML nor XML. Any other response with status 401, such as one with a Basic or Negotiate challenge, comes
     * from a proxy that requires its own authentication.
     */
    private boolean isOwn(HttpResponse<byte[]> response) {
        if (form.matches(response.body())) {
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

    private Context context(HttpResponse<byte[]> response) {
        return Context.NONE.withRetryAfter(retryAfter(response)).withRequestId(requestId(response));
    }
}
