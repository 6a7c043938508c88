/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.emulator;

import io.jenkins.plugins.ams.http.ForwardingHttpClient;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;
import java.util.function.Function;
import javax.net.ssl.SSLSession;

/**
 * A client that passes requests to an emulator in the same process, without a connection, TLS, or threads. It responds
 * like the JDK's client, including its exceptions. It does not support delayed responses, which would need real time.
 */
final class InProcessHttpClient extends ForwardingHttpClient {

    /** A client of the JDK that provides the settings of this client. It does not send requests. */
    private static final HttpClient SETTINGS = HttpClient.newBuilder()
            .version(Version.HTTP_1_1)
            .followRedirects(Redirect.NEVER)
            .build();

    private final Function<URI, Function<Request, Response>> servers;
    private final Executor executor;

    /**
     * @param servers returns the server with the given scheme, host, and port, or null if there is none
     * @param executor responds to the requests
     */
    InProcessHttpClient(Function<URI, Function<Request, Response>> servers, Executor executor) {
        super(SETTINGS);
        this.servers = servers;
        this.executor = executor;
    }

    @Override
    public Optional<Executor> executor() {
        return Optional.of(executor);
    }

    @Override
    public <T> CompletableFuture<HttpResponse<T>> sendAsync(HttpRequest request, HttpResponse.BodyHandler<T> handler) {
        CompletableFuture<HttpResponse<T>> exchange = new CompletableFuture<>();
        executor.execute(() -> {
            if (exchange.isDone()) { // canceled
                return;
            }
            try {
                respond(request, handler, exchange);
            } catch (IOException | RuntimeException e) {
                exchange.completeExceptionally(e);
            }
        });
        return exchange;
    }

    private <T> void respond(
            HttpRequest request, HttpResponse.BodyHandler<T> bodies, CompletableFuture<HttpResponse<T>> exchange)
            throws IOException {
        URI uri = request.uri();
        Function<Request, Response> server = servers.apply(URI.create(uri.getScheme() + "://" + uri.getAuthority()));
        if (server == null) {
            throw new ConnectException("no emulator has the address of " + uri);
        }
        Response response = server.apply(read(request));
        Response.Delivery delivery = response.delivery();
        if (!delivery.latency().isZero() || delivery.pieceBytes() > 0) {
            throw new UnsupportedOperationException("a delayed response needs a connection");
        }
        switch (delivery.mode()) {
            case HELD -> {} // responds never
            case RESET -> throw new IOException("Connection reset");
            case CLOSED -> throw new IOException("HTTP/1.1 header parser received no bytes");
            case SENT -> deliver(request, response, bodies, exchange);
        }
    }

    private static <T> void deliver(
            HttpRequest request,
            Response response,
            HttpResponse.BodyHandler<T> bodies,
            CompletableFuture<HttpResponse<T>> exchange) {
        Map<String, List<String>> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        response.headers().forEach((name, value) -> headers.put(name, List.of(value)));
        HttpHeaders all = HttpHeaders.of(headers, (name, value) -> true);
        HttpResponse.BodySubscriber<T> subscriber = bodies.apply(new Head(response.status(), all));
        byte[] body = response.body();
        long kept = response.delivery().keepBytes();
        boolean truncated = kept >= 0 && kept < body.length;
        subscriber.onSubscribe(new Subscription());
        subscriber.onNext(List.of(ByteBuffer.wrap(truncated ? Arrays.copyOf(body, (int) kept) : body)));
        if (truncated) {
            subscriber.onError(new IOException("fixed content-length: " + body.length + ", bytes received: " + kept));
        } else {
            subscriber.onComplete();
        }
        subscriber.getBody().whenComplete((value, failure) -> {
            if (failure == null) {
                exchange.complete(new Received<>(request, response.status(), all, value));
            } else {
                exchange.completeExceptionally(failure);
            }
        });
    }

    private static Request read(HttpRequest request) {
        URI uri = request.uri();
        String target = uri.getRawQuery() == null ? uri.getRawPath() : uri.getRawPath() + '?' + uri.getRawQuery();
        String body = request.bodyPublisher()
                .map(publisher -> {
                    HttpResponse.BodySubscriber<String> text =
                            HttpResponse.BodySubscribers.ofString(StandardCharsets.UTF_8);
                    publisher.subscribe(new Body(text));
                    return text.getBody().toCompletableFuture().join();
                })
                .orElse("");
        return new Request(request.method(), target, request.headers().map(), body, "https://" + uri.getAuthority());
    }

    /** Requests the whole body at once. */
    private record Body(HttpResponse.BodySubscriber<String> text) implements Flow.Subscriber<ByteBuffer> {

        @Override
        public void onSubscribe(Flow.Subscription subscription) {
            text.onSubscribe(subscription);
        }

        @Override
        public void onNext(ByteBuffer buffer) {
            text.onNext(List.of(buffer));
        }

        @Override
        public void onError(Throwable failure) {
            text.onError(failure);
        }

        @Override
        public void onComplete() {
            text.onComplete();
        }
    }

    /** A subscription that cannot be canceled, because it has already delivered the whole body. */
    private static final class Subscription implements Flow.Subscription {

        @Override
        public void request(long count) {}

        @Override
        public void cancel() {}
    }

    private record Head(int statusCode, HttpHeaders headers) implements HttpResponse.ResponseInfo {

        @Override
        public Version version() {
            return Version.HTTP_1_1;
        }
    }

    private record Received<T>(HttpRequest request, int statusCode, HttpHeaders headers, T body)
            implements HttpResponse<T> {

        @Override
        public Optional<HttpResponse<T>> previousResponse() {
            return Optional.empty();
        }

        @Override
        public Optional<SSLSession> sslSession() {
            return Optional.empty();
        }

        @Override
        public URI uri() {
            return request.uri();
        }

        @Override
        public Version version() {
            return Version.HTTP_1_1;
        }
    }
}
