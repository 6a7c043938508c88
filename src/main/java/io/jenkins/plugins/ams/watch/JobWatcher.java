/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.watch;

import io.jenkins.plugins.ams.auth.Futures;
import io.jenkins.plugins.ams.service.JobId;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.LongConsumer;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.random.RandomGenerator;

/**
 * Waits for jobs: one for all waits of a controller, whichever door they came in by. Nothing here blocks; a wait costs
 * no thread.
 */
public final class JobWatcher {

    private static final Logger LOGGER = Logger.getLogger(JobWatcher.class.getName());

    /** A connection that nobody uses is kept this long, for what it has learnt of the service. */
    private static final Duration IDLE = Duration.ofMinutes(30);

    private final Clock clock;
    private final Timer timer;
    private final Executor threads;
    private final RandomGenerator random;
    private final Map<Object, Connection> connections = new ConcurrentHashMap<>();
    private final Set<Watch> watches = ConcurrentHashMap.newKeySet();
    private final Heartbeat heartbeat = new Heartbeat(this);

    private volatile boolean shut;

    /** Hears of each look how many milliseconds after its time it is sent; less than none for one that shares. */
    private volatile LongConsumer lateness = late -> {};

    /**
     * @param clock the time of day, which the service's times are compared with
     * @param timer the time that looks are planned by
     * @param threads runs what comes of answers; few and bounded
     * @param random spreads looks; {@link RandomGenerator} of the caller's choice, safe for use by many threads
     */
    public JobWatcher(Clock clock, Timer timer, Executor threads, RandomGenerator random) {
        this.clock = clock;
        this.timer = timer;
        this.threads = threads;
        this.random = random;
    }

    /**
     * Begins a wait. Returns at once; the listener hears the rest.
     *
     * @param targets where to look; asked on a thread of the watcher's
     * @param pollInterval the longest time between two looks
     * @param deadline when to give up; null for never
     */
    public Watch watch(
            JobId job, Target.Source targets, Duration pollInterval, Instant deadline, WatchListener listener) {
        forgetIdleConnections();
        Instant now = clock.instant();
        Watch watch = new Watch(this, job, targets, pollInterval, listener, now);
        watches.add(watch);
        heartbeat.adjust();
        if (deadline != null) {
            watch.deadline(after(Duration.between(now, deadline), watch::timeOut));
        }
        execute(() -> {
            try {
                connect(targets.find()).enqueue(watch, Duration.ZERO);
            } catch (Throwable e) { // also an error: of a class that is missing, a build must not hang
                watch.end(new Outcome.Refused(Futures.exception(e)));
            }
        });
        return watch;
    }

    /**
     * Asks the service to cancel a job, patiently but not for ever.
     *
     * @return true if the service accepted; false if the job had ended or was being cancelled already; fails with the
     *     last fault
     */
    public CompletableFuture<Boolean> cancelJob(JobId job, Target.Source targets) {
        CompletableFuture<Boolean> answer = new CompletableFuture<>();
        try {
            threads.execute(() -> {
                try {
                    new Cancellation(this, connect(targets.find()), job, answer).ask();
                } catch (Throwable e) {
                    answer.completeExceptionally(Futures.exception(e));
                }
            });
        } catch (RejectedExecutionException e) {
            answer.completeExceptionally(new IllegalStateException("Jenkins is being shut down", e));
        }
        return answer;
    }

    /** Runs a task of the caller's after some time, on a thread of the watcher's. */
    public Timer.Alarm after(Duration delay, Runnable task) {
        return timer.after(delay, () -> execute(task));
    }

    /**
     * No listener hears anything from now on, an outcome least of all: what fails while Jenkins goes down says nothing of
     * the job. Steps that wait are persisted and take up their wait afterwards.
     */
    public void shut() {
        shut = true;
    }

    /** How many waits are not over. */
    public int size() {
        return watches.size();
    }

    /** For those who measure. */
    void tellLateness(LongConsumer hearer) {
        lateness = hearer;
    }

    void sentAfter(long late) {
        lateness.accept(late);
    }

    /** Requests under way, over all connections. */
    int inFlight() {
        return connections.values().stream().mapToInt(Connection::inFlight).sum();
    }

    /**
     * A wait's credentials were refused. If by now there are others in their place, it goes on with these; if not, it is
     * over. It is also over if these are refused in turn: an authority is not to be tried out with one after the other.
     */
    void findOtherTarget(Watch watch, Connection refused, Exception fault) {
        if (watch.refused() > 1) {
            watch.end(new Outcome.Refused(fault));
            return;
        }
        execute(() -> {
            try {
                Target target = watch.targets().find();
                if (target.key().equals(refused.target().key())) {
                    watch.end(new Outcome.Refused(fault));
                } else {
                    connect(target).enqueue(watch, Duration.ZERO);
                }
            } catch (Throwable e) { // also an error: of a class that is missing, a build must not hang
                watch.end(new Outcome.Refused(Futures.exception(e)));
            }
        });
    }

    boolean isShut() {
        return shut;
    }

    /** Calls a listener; a defect of one is logged and harms no other wait. */
    void tell(Watch watch, Runnable call) {
        try {
            call.run();
        } catch (RuntimeException | Error e) {
            LOGGER.log(Level.WARNING, e, () -> "A listener of the wait for " + watch.job() + " failed");
        }
    }

    void execute(Runnable task) {
        try {
            threads.execute(task);
        } catch (RejectedExecutionException e) {
            // only while Jenkins shuts down, see shut()
            LOGGER.log(Level.FINE, "Dropped as the threads are being shut down", e);
        }
    }

    void closed(Watch watch) {
        watches.remove(watch);
        heartbeat.adjust();
    }

    Set<Watch> watches() {
        return watches;
    }

    Clock clock() {
        return clock;
    }

    Timer timer() {
        return timer;
    }

    RandomGenerator random() {
        return random;
    }

    private Connection connect(Target target) {
        return connections.computeIfAbsent(target.key(), key -> new Connection(this, target));
    }

    private void forgetIdleConnections() {
        connections.values().removeIf(connection -> connection.isIdleFor(IDLE));
    }
}
