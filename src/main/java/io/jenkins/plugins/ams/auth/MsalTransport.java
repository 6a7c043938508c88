/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.auth;

import com.microsoft.aad.msal4j.HttpMethod;
import com.microsoft.aad.msal4j.HttpRequest;
import com.microsoft.aad.msal4j.HttpResponse;
import com.microsoft.aad.msal4j.IHttpClient;
import com.microsoft.aad.msal4j.IHttpResponse;
import io.jenkins.plugins.ams.auth.AuthenticationException.Kind;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Carries MSAL4J's requests over the HTTP client that the service uses too, and so over the same proxy. MSAL4J's own
 * transport waits for ever, and MSAL4J loses the status and the headers of an answer that is not JSON; this one is
 * bounded, and lets nothing through to MSAL4J but what an authority may have said.
 */
final class MsalTransport implements IHttpClient {

    /** For one request to the authority, from connecting to the end of the body. */
    static final Duration LIMIT = Duration.ofSeconds(30);

    /** An answer with a token has some 2,000 bytes, the list of Microsoft's clouds some 1,000. */
    private static final int MAX_BYTES = 256 * 1024;

    /** MSAL4J's name of what Azure AD's sign-in logs call the request id of the client. */
    private static final String REQUEST_ID = "client-request-id";

    private static final Logger LOGGER = Logger.getLogger(MsalTransport.class.getName());

    private final Supplier<HttpClient> client;
    private final Duration limit;
    private final Clock clock;

    MsalTransport(Supplier<HttpClient> client, Duration limit, Clock clock) {
        this.client = client;
        this.limit = limit;
        this.clock = clock;
    }

    /** @throws AuthenticationException a transient one, if the authority gave no answer that MSAL4J understands */
    @Override
    public IHttpResponse send(HttpRequest request) throws AuthenticationException, InterruptedException {
        java.net.http.HttpResponse<byte[]> answer;
        long start = System.nanoTime();
        try {
            answer = BoundedExchange.send(
                            client.get(),
                            translate(request, URI.create(request.url().toString())),
                            limit,
                            MAX_BYTES)
                    .get();
            log(request, start, "HTTP " + answer.statusCode());
        } catch (ExecutionException e) {
            log(request, start, "no answer");
            Throwable failure = Futures.unwrap(e);
            String text = "no answer from " + request.url().getHost() + ": " + BoundedExchange.reasonOf(failure);
            throw new AuthenticationException(Kind.TRANSIENT, null, text, null, null, failure);
        }
        boolean redirect = answer.statusCode() >= 300 && answer.statusCode() < 400;
        if (redirect || StrictJson.object(answer.body()).isEmpty()) {
            throw new AuthenticationException(
                    Kind.TRANSIENT,
                    null,
                    request.url().getHost() + " answered HTTP " + answer.statusCode()
                            + (redirect ? ", a redirect" : " without JSON"),
                    RetryAfter.in(answer.headers(), clock).orElse(null),
                    null,
                    null);
        }
        return translate(answer);
    }

    static IHttpResponse translate(java.net.http.HttpResponse<byte[]> answer) {
        HttpResponse response = new HttpResponse()
                .statusCode(answer.statusCode())
                .body(new String(answer.body(), StandardCharsets.UTF_8));
        response.addHeaders(answer.headers().map());
        return response;
    }

    /** @param address where the request goes, which may be another than MSAL4J wrote */
    static java.net.http.HttpRequest translate(HttpRequest request, URI address) {
        java.net.http.HttpRequest.Builder builder = java.net.http.HttpRequest.newBuilder(address);
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

    /** Neither headers nor bodies: secrets go one way in them and tokens the other. */
    private static void log(HttpRequest request, long start, String result) {
        LOGGER.log(Level.FINE, () -> {
            String id = request.headers() == null ? null : request.headers().get(REQUEST_ID);
            long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
            return request.httpMethod() + " " + request.url() + ": " + result + " in " + millis
                    + " ms (client request id " + id + ")";
        });
    }
}
