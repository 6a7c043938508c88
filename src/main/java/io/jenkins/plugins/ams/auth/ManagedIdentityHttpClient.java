/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.auth;

import com.fasterxml.jackson.databind.JsonNode;
import com.microsoft.aad.msal4j.HttpRequest;
import com.microsoft.aad.msal4j.IHttpResponse;
import com.microsoft.aad.msal4j.ManagedIdentityApplication;
import com.microsoft.aad.msal4j.ManagedIdentitySourceType;
import io.jenkins.plugins.ams.auth.AuthenticationException.Kind;
import io.jenkins.plugins.ams.http.AmsException.Context;
import io.jenkins.plugins.ams.http.HttpExchange;
import io.jenkins.plugins.ams.http.PlainText;
import io.jenkins.plugins.ams.http.RetryAfter;
import io.jenkins.plugins.ams.http.StrictJson;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/**
 * Sends MSAL4J's requests to the endpoint that issues tokens for this machine's managed identities. MSAL4J discards the
 * status of an error response, and logs the response's headers and body. Therefore, this class does not pass error
 * responses to MSAL4J, but evaluates them itself. It supports the formats of IMDS ({@code error}, {@code
 * error_description}) and App Service ({@code message}).
 *
 * <p>Most errors are treated as transient at first. One reason is that Jenkins may start before the metadata service
 * does. Another reason is that the metadata service does not immediately find a newly assigned identity.
 */
final class ManagedIdentityHttpClient implements MsalHttpClient {

    /**
     * How long requests must fail before the machine is assumed not to have the identity. According to Azure's
     * documentation, starting a machine or changing its managed identities can take several minutes.
     */
    static final Duration RETRY_PERIOD = Duration.ofMinutes(5);

    private static final int MAX_BYTES = 64 * 1024;
    private static final int MAX_TEXT_LENGTH = 1000;
    private static final String IMDS_PATH = "/metadata/identity/oauth2/token";
    private static final Pattern RESOURCE_ID = Pattern.compile("([?&])mi_res_id=");

    private final Supplier<HttpClient> client;
    private final Clock clock;
    private final LongSupplier nanoTime;
    private final Duration retryPeriod;
    private final Kind missingKind;

    /** Whether the identity has ever received a token. */
    private boolean succeeded;

    /**
     * The value of {@link #nanoTime} at the first failure since the last successful request, or null if no request has
     * failed since then.
     */
    private Long failingSince;

    /**
     * @param client supplies the HTTP client for each request; the client must not use a proxy, because a proxy would
     *     send the request to the endpoint of the proxy's own machine
     * @param clock the clock to compare {@code Retry-After} dates with if the response has no {@code Date} header
     * @param nanoTime supplies the elapsed time in nanoseconds, like {@link System#nanoTime}
     * @param retryPeriod how long errors are treated as transient
     * @param missingKind the kind of error to report if the machine does not have the identity
     */
    ManagedIdentityHttpClient(
            Supplier<HttpClient> client, Clock clock, LongSupplier nanoTime, Duration retryPeriod, Kind missingKind) {
        this.client = client;
        this.clock = clock;
        this.nanoTime = nanoTime;
        this.retryPeriod = retryPeriod;
        this.missingKind = missingKind;
    }

    @Override
    public CompletableFuture<IHttpResponse> send(HttpRequest request, Duration timeout) {
        java.net.http.HttpRequest translated = AuthorityHttpClient.translate(request, address(request));
        return HttpExchange.send(client.get(), translated, timeout, MAX_BYTES).handle((response, failure) -> {
            String host = request.url().getHost();
            if (failure != null) {
                throw new CompletionException(
                        unreachable("no response from " + host + ": " + HttpExchange.reasonOf(failure), null));
            }
            return checkResponse(response, host);
        });
    }

    private IHttpResponse checkResponse(HttpResponse<byte[]> response, String host) {
        Optional<JsonNode> body = StrictJson.object(response.body());
        boolean isChallenge = response.statusCode() == 401
                && response.headers().firstValue("WWW-Authenticate").isPresent()
                && ManagedIdentityApplication.getManagedIdentitySource() == ManagedIdentitySourceType.AZURE_ARC;
        boolean hasToken = response.statusCode() == 200
                && body.filter(ManagedIdentityHttpClient::isToken).isPresent();
        if (hasToken) {
            recordSuccess();
            return TokenResponses.translateToken(response, body.get());
        }
        if (isChallenge) {
            return TokenResponses.translate(response, body.orElseGet(StrictJson::empty));
        }
        throw new CompletionException(rejection(response, body, host));
    }

    /**
     * Returns the URI to send a request to. For IMDS, the name of the resource ID parameter is corrected: MSAL4J 1.26.0
     * uses App Service's parameter name, but only {@code msi_res_id} is documented for IMDS. If IMDS ignored the
     * undocumented parameter, it would return a token for the system-assigned identity.
     */
    private static URI address(HttpRequest request) {
        String uri = request.url().toString();
        return URI.create(
                request.url().getPath().equals(IMDS_PATH)
                        ? RESOURCE_ID.matcher(uri).replaceFirst("$1msi_res_id=")
                        : uri);
    }

    /**
     * Returns whether MSAL4J accepts a body as a token response. MSAL4J would log any other body, which may contain a
     * token.
     */
    private static boolean isToken(JsonNode body) {
        return body.path("access_token").isTextual()
                && body.path("expires_on").asText().matches("[0-9]{1,15}(\\.[0-9]{1,15})?|[0-9T:.+-]{10,40}Z?");
    }

    private AuthenticationException rejection(HttpResponse<byte[]> response, Optional<JsonNode> body, String host) {
        int status = response.statusCode();
        Context context = Context.NONE.withRetryAfter(RetryAfter.in(response.headers(), clock));
        Optional<String> description =
                body.map(ManagedIdentityHttpClient::errorDescription).filter(text -> !text.isEmpty());
        String text = host + " responded with HTTP " + status
                + (status == 200
                        ? " without a token"
                        : description.map(value -> ": " + value).orElse(""));
        // Microsoft's documentation recommends that clients retry requests after these statuses:
        // https://learn.microsoft.com/entra/identity/managed-identities-azure-resources/how-to-use-vm-token
        if (status == 408 || status == 410 || status == 429 || status >= 500) {
            return AuthenticationException.of(Kind.TRANSIENT, text, context);
        }
        if (description.isEmpty() || status < 400 || status == 404) {
            // IMDS responds with 404 while it is being updated. The other responses in this branch may come from
            // another cloud's metadata service, which has the same IP address.
            return unreachable(text, context);
        }
        Optional<String> code = MsalErrorTranslator.codeIn(description.get());
        if (code.isPresent()) { // Microsoft Entra ID sent the error, so the identity exists
            Kind kind = new MsalErrorTranslator(clock, null).kindOf(code.get(), description.get());
            return AuthenticationException.of(kind, description.get(), context.withCode(code.get()));
        }
        if (status != 400) {
            return AuthenticationException.of(Kind.REJECTED, text, context);
        }
        return isRetryPeriodOver()
                ? AuthenticationException.of(missingKind, text)
                : AuthenticationException.of(Kind.TRANSIENT, text, context);
    }

    private static String errorDescription(JsonNode body) {
        JsonNode error = body.path("error");
        String text = body.path("error_description").asText(body.path("message").asText());
        String nested = error.path("message").asText();
        return PlainText.firstLine(
                !text.isEmpty() ? text : !nested.isEmpty() ? nested : error.asText(), MAX_TEXT_LENGTH);
    }

    /**
     * Returns the error for an unreachable metadata service, or for a response that does not come from Azure's metadata
     * service. The error is always transient if the identity has ever received a token.
     */
    private AuthenticationException unreachable(String text, Context context) {
        return isRetryPeriodOver() && !hasSucceeded()
                ? AuthenticationException.of(missingKind, text)
                : AuthenticationException.of(Kind.TRANSIENT, text, context);
    }

    private synchronized void recordSuccess() {
        succeeded = true;
        failingSince = null;
    }

    private synchronized boolean hasSucceeded() {
        return succeeded;
    }

    private synchronized boolean isRetryPeriodOver() {
        long now = nanoTime.getAsLong();
        if (failingSince == null) {
            failingSince = now;
        }
        return now - failingSince >= retryPeriod.toNanos();
    }
}
