/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.soak;

import io.jenkins.plugins.ams.emulator.RecordedRequest;
import io.jenkins.plugins.ams.http.ForwardingHttpClient;
import java.net.URI;
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

/** Records the requests of the soak test as the client sees them, including those that do not reach the emulator. */
final class Exchanges {

    /** The header that identifies a request of the client in the emulator's log. */
    private static final String NUMBER = "x-soak-request";

    private static final Pattern GUID = Pattern.compile("[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}");

    /** The fault of a request that failed and did not reach the emulator. */
    static final String SILENT = "silent connections";

    static final String EXPIRED = "401, token expired";
    static final String AUTHORITY = "authority: down for 3 s";

    /** How an exchange ended. */
    enum Result {
        SUCCESS,
        REDIRECT,
        FAILURE,
        /** Canceled by the client, because the request was abandoned. */
        CANCELED
    }

    /** A request and its response. Times are in milliseconds of the system clock. */
    static final class Exchange {

        private final int connection;
        private final boolean token;
        private final Set<String> jobs = new HashSet<>();
        private final long start;
        private volatile long end = Long.MAX_VALUE;
        private volatile int status;
        private volatile Result result = Result.FAILURE;

        Exchange(int connection, URI uri, long start) {
            this.connection = connection;
            this.start = start;
            this.token = uri.getRawPath().endsWith("/token");
            Matcher matcher = GUID.matcher(uri.toString().toLowerCase(Locale.ROOT));
            while (!token && matcher.find()) {
                jobs.add(matcher.group());
            }
        }

        /** @param code 0 if the request failed without a response */
        void complete(int code, boolean canceled, long time) {
            status = code;
            result = switch (code / 100) {
                case 2 -> Result.SUCCESS;
                case 3 -> Result.REDIRECT;
                default -> canceled ? Result.CANCELED : Result.FAILURE;
            };
            end = time;
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

        /** Returns when the exchange ended, or {@link Long#MAX_VALUE} if it has not. */
        long end() {
            return end;
        }

        /** Returns the HTTP status, or 0 without a response. */
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

    /** Returns a client that records the requests for an account. */
    HttpClient observed(HttpClient client, int connection) {
        return new ObservedHttpClient(client, connection);
    }

    Collection<Exchange> all() {
        return all;
    }

    /**
     * Returns the names of the faults of each exchange.
     *
     * @param received the emulator's log
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
        public <T> CompletableFuture<HttpResponse<T>> sendAsync(
                HttpRequest request, HttpResponse.BodyHandler<T> handler) {
            Exchange exchange = new Exchange(connection, request.uri(), System.currentTimeMillis());
            long number = numbers.incrementAndGet();
            byNumber.put(number, exchange);
            all.add(exchange);
            HttpRequest numbered = HttpRequest.newBuilder(request, (name, value) -> true)
                    .header(NUMBER, Long.toString(number))
                    .build();
            CompletableFuture<HttpResponse<T>> sent = client().sendAsync(numbered, handler);
            sent.whenComplete((response, failure) -> exchange.complete(
                    response == null ? 0 : response.statusCode(),
                    failure instanceof CancellationException,
                    System.currentTimeMillis()));
            return sent; // canceling another future would not close the connection
        }
    }
}
