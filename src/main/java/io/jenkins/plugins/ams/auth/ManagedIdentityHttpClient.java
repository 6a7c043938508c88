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
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/**
 * Sends MSAL4J's requests to the address where this machine gets the tokens of its managed identities. MSAL4J loses
 * the status of a refusal and puts its body and headers into the log, so refusals end here: what is wrong is read from
 * them, in the forms of IMDS ({@code error}, {@code error_description}) and of App Service ({@code message}).
 *
 * <p>Nothing that is wrong is final at once: the metadata service starts with the machine, as Jenkins does, and an identity
 * that was just assigned is not found for a while.
 */
final class ManagedIdentityHttpClient implements MsalHttpClient {

    /**
     * How long an identity is requested in vain before the machine counts as one that does not have it. Azure documents
     * that changes of managed identities and starts of machines take some minutes.
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

    /** Whether this identity ever got a token. */
    private boolean succeeded;

    /** When requests began to fail, of {@link #nanoTime}; null while they do not. */
    private Long failingSince;

    /**
     * @param client must use no proxy: the address means this machine, and to a proxy it would mean the proxy's
     * @param clock what a date in Retry-After is counted from
     * @param nanoTime elapsed time, as {@link System#nanoTime}
     * @param retryPeriod how long errors of this identity are transient
     * @param missingKind what to call a machine without such an identity
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
                throw Futures.completion(
                        unreachable("no answer from " + host + ": " + HttpExchange.reasonOf(failure), null));
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
        throw Futures.completion(rejection(response, body, host));
    }

    /**
     * MSAL4J 1.26.0 sends a resource id to IMDS by the name that it has for App Service. IMDS documents
     * {@code msi_res_id} alone, and where it does not know the other it would answer for the system-assigned identity.
     */
    private static URI address(HttpRequest request) {
        String address = request.url().toString();
        return URI.create(
                request.url().getPath().equals(IMDS_PATH)
                        ? RESOURCE_ID.matcher(address).replaceFirst("$1msi_res_id=")
                        : address);
    }

    /** What else is in there MSAL4J would quote in its log, the token included. */
    private static boolean isToken(JsonNode body) {
        return body.path("access_token").isTextual()
                && body.path("expires_on").asText().matches("[0-9]{1,15}(\\.[0-9]{1,15})?|[0-9T:.+-]{10,40}Z?");
    }

    private AuthenticationException rejection(HttpResponse<byte[]> response, Optional<JsonNode> body, String host) {
        int status = response.statusCode();
        Duration retryAfter = RetryAfter.in(response.headers(), clock).orElse(null);
        Optional<String> description =
                body.map(ManagedIdentityHttpClient::errorDescription).filter(text -> !text.isEmpty());
        String text = host + " answered HTTP " + status
                + (status == 200
                        ? " without a token"
                        : description.map(value -> ": " + value).orElse(""));
        // https://learn.microsoft.com/entra/identity/managed-identities-azure-resources/how-to-use-vm-token
        if (status == 408 || status == 410 || status == 429 || status >= 500) {
            return new AuthenticationException(Kind.TRANSIENT, null, text, retryAfter, null, null);
        }
        if (description.isEmpty() || status < 400 || status == 404) {
            // while it is updated the service responds 404; and the metadata services of other clouds have this address
            // too
            return unreachable(text, retryAfter);
        }
        Optional<String> code = MsalErrorTranslator.codeIn(description.get());
        if (code.isPresent()) { // of Azure AD, which has found the identity
            Kind kind = new MsalErrorTranslator(clock, null).kindOf(code.get(), description.get());
            return new AuthenticationException(kind, code.get(), description.get(), retryAfter, null, null);
        }
        if (status != 400) {
            return new AuthenticationException(Kind.REJECTED, null, text, retryAfter, null, null);
        }
        return isRetryPeriodOver()
                ? AuthenticationException.of(missingKind, text)
                : new AuthenticationException(Kind.TRANSIENT, null, text, retryAfter, null, null);
    }

    private static String errorDescription(JsonNode body) {
        JsonNode error = body.path("error");
        String text = body.path("error_description").asText(body.path("message").asText());
        String nested = error.path("message").asText();
        return PlainText.firstLine(
                !text.isEmpty() ? text : !nested.isEmpty() ? nested : error.asText(), MAX_TEXT_LENGTH);
    }

    /** An error of something that is no metadata service, or not yet. One that has worked is waited for. */
    private AuthenticationException unreachable(String text, Duration retryAfter) {
        return isRetryPeriodOver() && !hasSucceeded()
                ? AuthenticationException.of(missingKind, text)
                : new AuthenticationException(Kind.TRANSIENT, null, text, retryAfter, null, null);
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
