/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.soak;

import io.jenkins.plugins.ams.soak.Exchanges.Exchange;
import io.jenkins.plugins.ams.soak.Exchanges.Result;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Determines how much later waits ended than they should have, beyond what the faults explain.
 *
 * <p>A fault explains the time of the exchange that it affected, and the retry delay after it: the time in Retry-After, or
 * 2 s that double with each consecutive error, up to two minutes. It affects a wait if the exchange was for its job or a
 * token, or if it was for the same account and concerns the whole service (no response, 401, 429, 502, 503, 504). Faults
 * of the controller explain the time that they last. The rest must not exceed the maximum polling interval, or the
 * interval to which the plugin slows down if the account has more work than it can do.
 */
final class Lateness {

    /** Longest {@code Retry-After} in the soak. */
    private static final long RETRY_AFTER = 2_000;

    private static final long BACKOFF_INITIAL = 2_000;
    private static final long BACKOFF_MAX = 120_000;

    /** A margin for threads that wait for a processor. */
    private static final long TOLERANCE = 2_000;

    private static final double JITTER = 1.05;

    /** Maximum rounds of polls of the account between two polls of a job, see ConcurrencyLimiter. */
    private static final int ROUNDS = 3;

    private static final int REQUESTS_PER_POLL = 2;
    private static final double PLANNED_FRACTION = 0.8;

    private static final Set<Integer> OF_SERVICE = Set.of(0, 401, 429, 502, 503, 504);

    /** A wait that has ended. Times are in milliseconds of the system clock. */
    record Ended(String name, int connection, String job, long begun, long due, long ended, List<Period> hangs) {}

    /** A period in which a fault explains a delay. */
    record Period(String fault, long start, long end) {}

    /** The unexplained delays, in milliseconds, of the waits that a fault affected. */
    record Row(int waits, long percentile99, long max) {}

    private final List<Period> ofController = new ArrayList<>();
    private final Map<String, List<Long>> byFault = new TreeMap<>();
    private final List<Long> all = new ArrayList<>();
    private final List<String> late = new ArrayList<>();

    /** Adds a period in which all waits are delayed. */
    void add(Period period) {
        ofController.add(period);
    }

    /**
     * Analyzes the waits.
     *
     * @param pollInterval the maximum polling interval, in milliseconds
     * @param waits the number of concurrent waits per account
     * @param ofFirst the number of other jobs that the first account polls
     */
    void analyze(
            Collection<Ended> ended, Map<Exchange, Set<String>> faults, long pollInterval, int waits, int ofFirst) {
        Map<Integer, List<Exchange>> byConnection = new HashMap<>();
        faults.keySet()
                .forEach(exchange -> byConnection
                        .computeIfAbsent(exchange.connection(), key -> new ArrayList<>())
                        .add(exchange));
        byConnection.values().forEach(list -> list.sort(Comparator.comparingLong(Exchange::start)));
        for (Ended wait : ended) {
            List<Exchange> exchanges = byConnection.getOrDefault(wait.connection(), List.of());
            List<Period> periods = new ArrayList<>(ofController);
            periods.addAll(wait.hangs());
            periods.addAll(explained(wait, exchanges, faults));
            long unexplained = unexplained(wait, periods);
            int polled = waits + (wait.connection() == 0 ? ofFirst : 0);
            long allowed = Math.max(Math.round(pollInterval * JITTER), round(exchanges, polled)) + TOLERANCE;
            note(wait, periods, unexplained, allowed);
        }
    }

    private void note(Ended wait, List<Period> periods, long unexplained, long allowed) {
        all.add(unexplained);
        Set<String> concerned = new HashSet<>();
        for (Period period : periods) {
            if (period.end() > wait.begun() && period.start() < wait.ended()) {
                concerned.add(period.fault());
            }
        }
        concerned.forEach(fault ->
                byFault.computeIfAbsent(fault, key -> new ArrayList<>()).add(unexplained));
        if (unexplained > allowed) {
            late.add(wait.name() + " ended " + (wait.ended() - wait.due()) + " ms late, " + unexplained
                    + " ms of it without a reason, allowed are " + allowed + " ms");
        }
    }

    /** Returns the maximum interval if the account sends one request at a time. */
    private static long round(List<Exchange> exchanges, int waits) {
        double millis = exchanges.stream()
                .filter(exchange -> exchange.result() == Result.SUCCESS && !exchange.isToken())
                .mapToLong(exchange -> exchange.end() - exchange.start())
                .average()
                .orElse(0);
        return Math.round(ROUNDS * REQUESTS_PER_POLL * waits * millis / PLANNED_FRACTION);
    }

    private static List<Period> explained(Ended wait, List<Exchange> exchanges, Map<Exchange, Set<String>> faults) {
        List<Period> periods = new ArrayList<>();
        int ofWait = 0;
        int ofAccount = 0;
        for (Exchange exchange : exchanges) {
            if (exchange.start() > wait.ended()) {
                break;
            }
            boolean own = exchange.isFor(wait.job());
            boolean failed = exchange.result() == Result.FAILURE;
            boolean concerns = own || exchange.isToken() || failed && OF_SERVICE.contains(exchange.status());
            if (exchange.result() == Result.SUCCESS && !exchange.isToken()) {
                ofAccount = 0;
                ofWait = own ? 0 : ofWait;
            }
            if (!concerns) {
                continue;
            }
            if (failed) {
                ofAccount++;
                ofWait += own || exchange.isToken() ? 1 : 0;
            }
            // an expired token is renewed without a delay
            boolean atOnce = !failed || exchange.status() == 401 && ofWait <= 1;
            long end = exchange.end() == Long.MAX_VALUE ? wait.ended() : exchange.end();
            long delay = atOnce ? 0 : delay(Math.max(ofWait, ofAccount));
            Set<String> names = faults.get(exchange);
            for (String name : names.isEmpty() ? Set.of("none") : names) {
                periods.add(new Period(name, exchange.start(), end + delay));
            }
        }
        return periods;
    }

    private static long delay(int errors) {
        return Math.max(RETRY_AFTER, Math.min(BACKOFF_MAX, BACKOFF_INITIAL << Math.min(errors - 1, 10)));
    }

    /** Returns the time between the expected and the actual end of a wait that is in none of the periods. */
    private static long unexplained(Ended wait, List<Period> periods) {
        List<Period> sorted = new ArrayList<>(periods);
        sorted.sort(Comparator.comparingLong(Period::start));
        long until = wait.due();
        long sum = 0;
        for (Period period : sorted) {
            if (period.start() >= wait.ended()) {
                break;
            }
            if (period.start() > until) {
                sum += period.start() - until;
            }
            until = Math.max(until, period.end());
        }
        return sum + Math.max(0, wait.ended() - until);
    }

    /** Returns descriptions of the waits that ended later than the faults explain. */
    List<String> late() {
        return late;
    }

    Row all() {
        return row(all);
    }

    /** Returns the results by the names of the faults. */
    Map<String, Row> byFault() {
        Map<String, Row> rows = new TreeMap<>();
        byFault.forEach((fault, millis) -> rows.put(fault, row(millis)));
        return rows;
    }

    private static Row row(List<Long> millis) {
        if (millis.isEmpty()) {
            return new Row(0, 0, 0);
        }
        List<Long> sorted = new ArrayList<>(millis);
        Collections.sort(sorted);
        int last = sorted.size() - 1;
        return new Row(sorted.size(), sorted.get((int) Math.floor(last * 0.99)), sorted.get(last));
    }
}
