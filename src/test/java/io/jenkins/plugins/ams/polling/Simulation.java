/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.polling;

import static org.junit.Assert.assertEquals;

import io.jenkins.plugins.ams.service.JobId;
import io.jenkins.plugins.ams.testing.ManualTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.rules.ExternalResource;

/** A poller in simulated time on the test's own thread: hours take milliseconds, and each run is identical. */
final class Simulation extends ExternalResource {

    final ManualTime time = new ManualTime();
    final Threads threads = new Threads();
    final Threads notifications = new Threads();
    final FakeService service = new FakeService(time);
    final JobPoller poller = new JobPoller(time.clock(), time, threads, notifications, new Random(42));

    Duration pollInterval = Duration.ofSeconds(60);

    private final List<JobWait> jobWaits = new ArrayList<>();
    private final List<RecordingListener> listeners = new ArrayList<>();

    /** A thread pool without threads; {@link Simulation#settle} runs its tasks. */
    static final class Threads implements Executor {

        private final Queue<Runnable> tasks = new ArrayDeque<>();
        private Supplier<Throwable> rejection = () -> null;
        private int rejected;
        private boolean dropsNext;
        private boolean paused;
        private boolean running;

        /** Rejects tasks while this supplier returns an error or exception. */
        void rejectWith(Supplier<Throwable> reason) {
            rejection = reason;
        }

        /** Accepts the next task and never runs it. */
        void dropNext() {
            dropsNext = true;
        }

        /** Keeps tasks without running them, as if all threads were busy. */
        void pause() {
            paused = true;
        }

        /** Returns whether a task waits for {@link #resume}. */
        boolean hasWaiting() {
            return paused && !tasks.isEmpty();
        }

        void resume() {
            paused = false;
        }

        /** Returns whether the caller runs as part of a task of this executor. */
        boolean isRunning() {
            return running;
        }

        /** Returns an executor service that submits its tasks to this executor. It cannot be shut down. */
        ExecutorService asService() {
            return new SharedService(this);
        }

        int rejected() {
            return rejected;
        }

        @Override
        public void execute(Runnable task) {
            Throwable reason = rejection.get();
            if (reason instanceof Error error) {
                rejected++;
                throw error;
            } else if (reason != null) {
                rejected++;
                throw (RuntimeException) reason;
            }
            if (dropsNext) {
                dropsNext = false;
            } else {
                tasks.add(task);
            }
        }

        boolean run() {
            boolean any = false;
            while (!paused && !tasks.isEmpty()) {
                any = true;
                running = true;
                try {
                    tasks.poll().run();
                } finally {
                    running = false;
                }
            }
            return any;
        }
    }

    private static final class SharedService extends AbstractExecutorService {

        private final Executor executor;

        SharedService(Executor executor) {
            this.executor = executor;
        }

        @Override
        public void execute(Runnable task) {
            executor.execute(task);
        }

        @Override
        public void shutdown() {
            throw new UnsupportedOperationException();
        }

        @Override
        public List<Runnable> shutdownNow() {
            throw new UnsupportedOperationException();
        }

        @Override
        public boolean isShutdown() {
            return false;
        }

        @Override
        public boolean isTerminated() {
            return false;
        }

        @Override
        public boolean awaitTermination(long timeout, TimeUnit unit) {
            throw new UnsupportedOperationException();
        }
    }

    @Override
    protected void after() {
        threads.rejectWith(() -> null);
        notifications.rejectWith(() -> null);
        jobWaits.forEach(JobWait::cancel);
        advance(Duration.ofHours(2)); // completes all requests in flight
        assertEquals("waits left behind", 0, poller.size());
        assertEquals("scheduled tasks left behind", 0, time.scheduledTasks());
        listeners.forEach(listener -> assertEquals(List.of(), listener.misuses()));
    }

    PollTarget target() {
        return new PollTarget("account", () -> service);
    }

    /** Begins a wait without sending a request. */
    Waits.Wait begin() {
        return begin(this::target);
    }

    Waits.Wait begin(PollTarget.Source targets) {
        return begin(targets, null, new RecordingListener());
    }

    Waits.Wait begin(PollTarget.Source targets, Duration timeLimit, RecordingListener listener) {
        Instant deadline = timeLimit == null ? null : time.clock().instant().plus(timeLimit);
        return register(
                poller.waitFor(nextJob(), targets, pollInterval, deadline, JobWait.Start.NEW, listener), listener);
    }

    /** Resumes a wait after a restart. */
    Waits.Wait resume(Duration untilDeadline, boolean seen) {
        return resume(this::target, untilDeadline, seen);
    }

    Waits.Wait resume(PollTarget.Source targets, Duration untilDeadline, boolean seen) {
        RecordingListener listener = new RecordingListener();
        Instant deadline = untilDeadline == null ? null : time.clock().instant().plus(untilDeadline);
        JobWait.Start start = seen ? JobWait.Start.RESUMED_SEEN : JobWait.Start.RESUMED;
        return register(poller.waitFor(nextJob(), targets, pollInterval, deadline, start, listener), listener);
    }

    private JobId nextJob() {
        return new JobId("Encoding/job-" + jobWaits.size());
    }

    private Waits.Wait register(JobWait jobWait, RecordingListener listener) {
        jobWaits.add(jobWait);
        listeners.add(listener);
        return new Waits.Wait(jobWait, listener);
    }

    void advance(Duration by) {
        time.advance(by, this::settle);
    }

    /** Advances the time until a wait ends, and returns the duration. */
    Duration advanceUntilEnded(Waits.Wait wait, Duration atMost) {
        long before = time.millis();
        time.advanceUntil(wait.jobWait()::isEnded, atMost, this::settle);
        settle();
        return Duration.ofMillis(time.millis() - before);
    }

    void settle() {
        boolean any;
        do {
            any = threads.run();
            any |= notifications.run();
        } while (any);
    }
}
