/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.soak;

import io.jenkins.plugins.ams.emulator.RecordedRequest;
import io.jenkins.plugins.ams.http.ForwardingHttpClient;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The requests of the soak as their client sees them: also those that never reach the emulator. */
final class Exchanges {

    /** By which a request of the client is found among those that the emulator has received. */
    private static final String NUMBER = "x-soak-request";

    private static final Pattern GUID = Pattern.compile("[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}");

    /** What a request is called that fails though the emulator did not receive it. */
    static final String SILENT = "silent connections";

    static final String EXPIRED = "401, token expired";
    static final String AUTHORITY = "authority: down for 3 s";

    /** How an exchange ended. */
    enum Result {
        SUCCESS,
        /** It says neither that the service works nor that it does not. */
        REDIRECT,
        FAILURE,
        /** By the client, because nobody needs it any longer. */
        CANCELED
    }

    /** One request and its response. Times are in milliseconds of the system's clock. */
    static final class Exchange {

        private final int connection;
        private final boolean token;
        private final Set<String> jobs = new HashSet<>();
        private final long start = System.currentTimeMillis();
        private volatile long end = Long.MAX_VALUE;
        private volatile int status;
        private volatile Result result = Result.FAILURE;

        private Exchange(int connection, HttpRequest request) {
            this.connection = connection;
            String path = request.uri().getRawPath();
            this.token = path.endsWith("/token");
            Matcher matcher = GUID.matcher(request.uri().toString().toLowerCase(Locale.ROOT));
            while (!token && matcher.find()) {
                jobs.add(matcher.group());
            }
        }

        private void complete(HttpResponse<?> response, Throwable failure) {
            if (response != null) {
                status = response.statusCode();
                boolean redirect = status / 100 == 3;
                result = redirect ? Result.REDIRECT : status / 100 == 2 ? Result.SUCCESS : Result.FAILURE;
            } else if (failure instanceof CancellationException) {
                result = Result.CANCELED;
            }
            end = System.currentTimeMillis();
        }

        int connection() {
            return connection;
        }

        boolean isToken() {
            return token;
        }

        boolean isFor(String job) {
            return jobs.contains(job);
        }

        long start() {
            return start;
        }

        /** {@link Long#MAX_VALUE} while there is no response. */
        long end() {
            return end;
        }

        /** 0 without a response. */
        int status() {
            return status;
        }

        Result result() {
            return result;
        }
    }

    private final AtomicLong numbers = new AtomicLong();
    private final Map<Long, Exchange> byNumber = Collections.synchronizedMap(new HashMap<>());
    private final Queue<Exchange> all = new ConcurrentLinkedQueue<>();

    /** A client that keeps record of what is sent over one connection of the poller. */
    HttpClient observed(HttpClient client, int connection) {
        return new ObservedHttpClient(client, connection);
    }

    Collection<Exchange> all() {
        return all;
    }

    /**
     * What befell the exchanges, by the names of the faults.
     *
     * @param received the requests that the emulator has received
     */
    Map<Exchange, Set<String>> faults(List<RecordedRequest> received) {
        Map<Exchange, Set<String>> faults = new HashMap<>();
        Set<Exchange> seen = new HashSet<>();
        for (RecordedRequest request : received) {
            Exchange exchange = request.header(NUMBER)
                    .map(number -> byNumber.get(Long.valueOf(number)))
                    .orElse(null);
            if (exchange != null) {
                seen.add(exchange);
                faults.computeIfAbsent(exchange, key -> new HashSet<>()).addAll(request.faults());
            }
        }
        for (Exchange exchange : all) {
            Set<String> names = faults.computeIfAbsent(exchange, key -> new HashSet<>());
            if (exchange.result() == Result.FAILURE && !seen.contains(exchange)) {
                names.add(SILENT);
            } else if (exchange.result() == Result.FAILURE && names.isEmpty()) {
                names.add(exchange.isToken() ? AUTHORITY : exchange.status() == 401 ? EXPIRED : "other");
            }
        }
        return faults;
    }

    private final class ObservedHttpClient extends ForwardingHttpClient {

        private final int connection;

        ObservedHttpClient(HttpClient client, int connection) {
            super(client);
            this.connection = connection;
        }

        @Override
        public <T> HttpResponse<T> send(HttpRequest request, HttpResponse.BodyHandler<T> handler) throws IOException {
            throw new UnsupportedOperationException("the plugin holds no thread while it waits for a response");
        }

        @Override
        public <T> CompletableFuture<HttpResponse<T>> sendAsync(
                HttpRequest request, HttpResponse.BodyHandler<T> handler) {
            Exchange exchange = new Exchange(connection, request);
            long number = numbers.incrementAndGet();
            byNumber.put(number, exchange);
            all.add(exchange);
            HttpRequest numbered = HttpRequest.newBuilder(request, (name, value) -> true)
                    .header(NUMBER, Long.toString(number))
                    .build();
            CompletableFuture<HttpResponse<T>> sent = client.sendAsync(numbered, handler);
            sent.whenComplete(exchange::complete);
            return sent; // canceling another future would not close the connection
        }

        @Override
        public <T> CompletableFuture<HttpResponse<T>> sendAsync(
                HttpRequest request,
                HttpResponse.BodyHandler<T> handler,
                HttpResponse.PushPromiseHandler<T> pushPromiseHandler) {
            return sendAsync(request, handler);
        }
    }
}
