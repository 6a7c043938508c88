/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.auth;

import com.fasterxml.jackson.databind.JsonNode;
import com.microsoft.aad.msal4j.HttpRequest;
import com.microsoft.aad.msal4j.IHttpClient;
import com.microsoft.aad.msal4j.IHttpResponse;
import io.jenkins.plugins.ams.auth.AuthenticationException.Kind;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/**
 * Carries MSAL4J's requests to the address where this machine gets the tokens of its managed identities. MSAL4J loses
 * the status of a refusal and puts its body and headers into the log, so refusals end here: what is wrong is read from
 * them, in the forms of IMDS ({@code error}, {@code error_description}) and of App Service ({@code message}).
 */
final class MetadataTransport implements IHttpClient {

    /** After so many requests in a row that nobody answered, and none before, this is no machine of Azure. */
    static final int NOBODY_THERE = 3;

    private static final int MAX_BYTES = 64 * 1024;
    private static final int LONGEST_TEXT = 300;
    private static final String IMDS_PATH = "/metadata/identity/oauth2/token";
    private static final Pattern RESOURCE_ID = Pattern.compile("([?&])mi_res_id=");

    private final Supplier<HttpClient> client;
    private final Duration limit;
    private final Clock clock;
    private final AtomicInteger unanswered = new AtomicInteger();
    private volatile boolean answered;

    /** @param client must use no proxy: the address means this machine, and to a proxy it would mean the proxy's */
    MetadataTransport(Supplier<HttpClient> client, Duration limit, Clock clock) {
        this.client = client;
        this.limit = limit;
        this.clock = clock;
    }

    /** @throws AuthenticationException for everything but a token or the challenge that Azure Arc begins with */
    @Override
    public IHttpResponse send(HttpRequest request) throws AuthenticationException, InterruptedException {
        HttpResponse<byte[]> answer;
        try {
            answer = BoundedExchange.send(
                            client.get(), MsalTransport.translate(request, address(request)), limit, MAX_BYTES)
                    .get();
        } catch (ExecutionException e) {
            String reason = BoundedExchange.reasonOf(Futures.unwrap(e));
            throw nobody("no answer from " + request.url().getHost() + ": " + reason);
        }
        answered = true;
        boolean challenge = answer.statusCode() == 401
                && answer.headers().firstValue("WWW-Authenticate").isPresent();
        if (challenge || isToken(answer)) {
            return MsalTransport.translate(answer);
        }
        throw refusal(answer, request.url().getHost());
    }

    /** There is no such identity; the text says how that came to light. */
    static AuthenticationException none(String text) {
        return new AuthenticationException(Kind.NO_MANAGED_IDENTITY, null, text, null, null, null);
    }

    private AuthenticationException nobody(String text) {
        int times = unanswered.incrementAndGet();
        return !answered && times >= NOBODY_THERE
                ? none(text)
                : new AuthenticationException(Kind.TRANSIENT, null, text, null, null, null);
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
    private static boolean isToken(HttpResponse<byte[]> answer) {
        Optional<JsonNode> body = answer.statusCode() == 200 ? StrictJson.object(answer.body()) : Optional.empty();
        return body.filter(json -> json.path("access_token").isTextual()
                        && json.path("expires_on").asText().matches("[0-9]{1,15}|[0-9T:.+-]{10,40}Z?"))
                .isPresent();
    }

    private AuthenticationException refusal(HttpResponse<byte[]> answer, String host) {
        int status = answer.statusCode();
        // https://learn.microsoft.com/entra/identity/managed-identities-azure-resources/how-to-use-vm-token
        boolean passing =
                status == 200 || status == 404 || status == 408 || status == 410 || status == 429 || status >= 500;
        Kind kind = passing ? Kind.TRANSIENT : status == 400 ? Kind.NO_MANAGED_IDENTITY : Kind.REFUSED;
        String text = host + " answered HTTP " + status
                + (status == 200
                        ? " without a token"
                        : said(answer).map(said -> ": " + said).orElse(""));
        return new AuthenticationException(
                kind, null, text, RetryAfter.in(answer.headers(), clock).orElse(null), null, null);
    }

    private static Optional<String> said(HttpResponse<byte[]> answer) {
        return StrictJson.object(answer.body())
                .map(json -> json.path("error_description")
                        .asText(json.path("message").asText()))
                .map(text -> PlainText.firstLine(text, LONGEST_TEXT))
                .filter(text -> !text.isEmpty());
    }
}
