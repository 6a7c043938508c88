/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.watch;

import io.jenkins.plugins.ams.auth.Futures;
import io.jenkins.plugins.ams.service.AmsService;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * What the waits on one account and principal share: the requests in flight, of which there are few; the pause that the
 * service asked for; and the queue of who is looked at next.
 */
final class Connection {

    /** So many requests in a row may get no answer before that is taken for more than a stumble of the network. */
    private static final int FAULTS_BY_CHANCE = 2;

    /** A wait that is due this soon shares the request of one that is due now... */
    private static final long SHARING_MILLIS = 1000;

    /** ...or within this share of the time between its looks: it costs the service no request, and is early at worst. */
    private static final double SHARING_SHARE = 0.25;

    private final JobWatcher watcher;
    private final Target target;
    private final AmsService service;
    private final Look look;

    private final PriorityQueue<Watch> waiting = new PriorityQueue<>(Comparator.comparingLong(Watch::due));

    /** Requests that belong to a look under way; they go before new looks. */
    private final Queue<Request<?>> ready = new ArrayDeque<>();

    private final Set<Request<?>> underWay = new HashSet<>();

    private final Pace pace = new Pace();
    private int faults;
    private Exception lastFault;
    private long troubledSince;
    private long pausedUntil;
    private long lastUsed;
    private Timer.Alarm alarm;
    private long alarmAt = Long.MAX_VALUE;

    /**
     * How things stand with a wait that has nothing to do itself.
     *
     * @param fault what keeps it from its look, which is due; null if nothing does that it is not told anyway
     * @param troubledSince when that began, of the watcher's timer
     * @param untilLook zero if its look is under way, or due as soon as there is room
     */
    record Standing(Exception fault, long troubledSince, Duration untilLook) {

        static final Standing UNDER_WAY = new Standing(null, 0, Duration.ZERO);
    }

    Connection(JobWatcher watcher, Target target) {
        this.watcher = watcher;
        this.target = target;
        this.service = target.service().get();
        this.look = new Look(watcher, this);
        this.pausedUntil = watcher.timer().millis();
        this.lastUsed = pausedUntil;
    }

    Target target() {
        return target;
    }

    AmsService service() {
        return service;
    }

    /** Puts a wait into the queue, to be looked at after a delay. */
    void enqueue(Watch watch, Duration delay) {
        synchronized (this) {
            enqueue(watch, Math.max(0, delay.toMillis()), SHARING_MILLIS, 0);
        }
        pump();
    }

    /** Puts a wait into the queue for its next look; a connection that has too much to do puts it off. */
    void plan(Watch watch, PollSchedule.Next next) {
        synchronized (this) {
            boolean tasksComeAlong = service.hasDetailsOf(watch.job()); // as they did now
            boolean asksForTasks = next.tasks() && !tasksComeAlong;
            watch.wantsTasks(next.tasks() || tasksComeAlong); // a better estimate costs nothing then
            double requestsPerSecond = pace.requestsPerSecond(next.delay(), asksForTasks);
            long delay = pace.putOff(next.delay(), waiting.size() + 1).toMillis();
            long slack = Math.max(SHARING_MILLIS, Math.round(SHARING_SHARE * delay));
            enqueue(watch, delay, slack, requestsPerSecond);
        }
        pump();
    }

    private void enqueue(Watch watch, long delay, long slack, double requestsPerSecond) {
        watch.connection(this);
        if (watch.isOver()) {
            return; // cancelled in between, when there was no queue to take it out of
        }
        watch.plan(watcher.timer().millis() + delay, slack, requestsPerSecond);
        waiting.add(watch);
        watch.isQueued(true);
        if (watch.isPlanned()) {
            pace.plan(requestsPerSecond);
        }
    }

    /** A wait is over. */
    void remove(Watch watch) {
        synchronized (this) {
            if (waiting.remove(watch)) {
                unplan(watch);
            }
        }
        dropUnwanted();
    }

    /**
     * Forgets requests that nobody waits for any more, and aborts those that are under way: one that hangs would keep its
     * place until its time is up.
     */
    void dropUnwanted() {
        List<Request<?>> unwanted;
        synchronized (this) {
            ready.removeIf(request -> !request.isWanted());
            setAlarm(watcher.timer().millis());
            unwanted = underWay.stream().filter(request -> !request.isWanted()).toList();
        }
        unwanted.forEach(Request::giveUp);
    }

    /**
     * Sends a request as soon as there is room.
     *
     * @param wanted whether the answer is still waited for
     * @param then gets the answer or what went wrong, on a thread of the watcher's
     */
    <T> void send(BooleanSupplier wanted, Supplier<CompletableFuture<T>> request, BiConsumer<T, Exception> then) {
        synchronized (this) {
            if (!wanted.getAsBoolean()) {
                return;
            }
            ready.add(new Request<>(wanted, request, then));
        }
        pump();
    }

    /**
     * Takes note of a transient fault.
     *
     * @param faultsOfWatch how many the wait met in a row, this one included
     * @return how long the wait that met it should be left alone
     */
    Duration faulted(Exception fault, int faultsOfWatch) {
        synchronized (this) {
            if (!RetryPolicy.concernsConnection(fault)) {
                return RetryPolicy.pause(fault, faultsOfWatch, watcher.random());
            }
            long now = watcher.timer().millis();
            if (now >= pausedUntil) {
                // the first to tell; those that were in flight beside it tell nothing new
                if (faults++ == 0) {
                    troubledSince = now;
                }
                lastFault = fault;
            }
            if (RetryPolicy.mayBeChance(fault) && faults <= FAULTS_BY_CHANCE) {
                return RetryPolicy.pause(fault, faultsOfWatch, watcher.random());
            }
            if (now >= pausedUntil) {
                pace.refused(waiting.size());
            }
            long until =
                    now + RetryPolicy.pause(fault, faults, watcher.random()).toMillis();
            pausedUntil = Math.max(pausedUntil, until);
            return Duration.ofMillis(pausedUntil - now);
        }
    }

    /** Where a wait stands in the queue. */
    synchronized Standing standing(Watch watch) {
        if (!watch.isQueued()) {
            return Standing.UNDER_WAY;
        }
        long now = watcher.timer().millis();
        // of many that are due a few look, and these alone meet a fault; what passes soon is not worth a word of others
        boolean kept = watch.due() <= now && lastFault != null && now - troubledSince >= Heartbeat.INTERVAL.toMillis();
        long at = Math.max(watch.due(), pausedUntil);
        return new Standing(kept ? lastFault : null, troubledSince, Duration.ofMillis(Math.max(0, at - now)));
    }

    /** Whether nothing has been asked for so long that all that the connection knows may be forgotten. */
    synchronized boolean isIdleFor(Duration time) {
        long now = watcher.timer().millis();
        return waiting.isEmpty()
                && ready.isEmpty()
                && underWay.isEmpty()
                && now >= pausedUntil // else the next wait would ask before the service wants to be asked
                && now - lastUsed >= time.toMillis();
    }

    synchronized int inFlight() {
        return underWay.size();
    }

    /** Sends what may be sent now, and sets the alarm for what may not. */
    void pump() {
        List<Request<?>> requests = new ArrayList<>();
        synchronized (this) {
            long now = watcher.timer().millis();
            while (now >= pausedUntil && underWay.size() < pace.allowed(waiting.size())) {
                Request<?> request = ready.isEmpty() ? nextLook(now) : ready.remove();
                if (request == null) {
                    break;
                }
                underWay.add(request);
                lastUsed = now;
                requests.add(request);
            }
            setAlarm(now);
        }
        requests.forEach(this::dispatch);
    }

    /** Takes those that are due, and those that are nearly, out of the queue; null if nobody is due. */
    private Request<?> nextLook(long now) {
        Watch first = waiting.peek();
        if (first == null || first.due() > now) {
            return null;
        }
        List<Watch> together = new ArrayList<>();
        together.add(next(now));
        int most = first.isAlone() ? 1 : service.jobsPerRequest();
        while (together.size() < most
                && !waiting.isEmpty()
                && waiting.peek().sharesFrom() <= now
                && !waiting.peek().isAlone()) {
            together.add(next(now));
        }
        pace.looked(together.size());
        return new Request<>(
                () -> together.stream().anyMatch(watch -> !watch.isOver()),
                () -> look.ask(together),
                (jobs, fault) -> look.answered(together, jobs, fault));
    }

    private Watch next(long now) {
        Watch next = waiting.remove();
        next.isQueued(false);
        unplan(next);
        watcher.sentAfter(now - next.due());
        return next;
    }

    private void unplan(Watch watch) {
        if (watch.isPlanned()) {
            pace.unplan(watch.requestsPerSecond());
        }
    }

    private <T> void dispatch(Request<T> request) {
        long sent = watcher.timer().millis();
        request.send()
                .whenComplete((value, thrown) -> watcher.execute(() -> {
                    Exception fault = thrown == null ? null : Futures.exception(thrown);
                    synchronized (this) {
                        underWay.remove(request);
                        if (fault == null) {
                            faults = 0;
                            lastFault = null;
                            pace.answered(Duration.ofMillis(watcher.timer().millis() - sent));
                        }
                    }
                    try {
                        request.answered(value, fault);
                    } finally {
                        pump();
                    }
                }));
    }

    private void setAlarm(long now) {
        long next = nextAlarm();
        if (next == alarmAt) {
            return;
        }
        if (alarm != null) {
            alarm.cancel();
            alarm = null;
        }
        alarmAt = next;
        if (next != Long.MAX_VALUE) {
            alarm = watcher.after(Duration.ofMillis(next - now), () -> alarmed(next));
        }
    }

    /** When there will be something to send; never, if that is when an answer comes. */
    private long nextAlarm() {
        if (underWay.size() < pace.allowed(waiting.size())) { // otherwise the next answer pumps
            if (!ready.isEmpty()) {
                return pausedUntil;
            } else if (!waiting.isEmpty()) {
                return Math.max(pausedUntil, waiting.peek().due());
            }
        }
        return Long.MAX_VALUE;
    }

    private void alarmed(long at) {
        synchronized (this) {
            if (alarmAt == at) { // otherwise another was set before this one was heard, and stays
                alarm = null;
                alarmAt = Long.MAX_VALUE;
            }
        }
        pump();
    }
}
