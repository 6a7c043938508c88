/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.benchmark;

import io.jenkins.plugins.ams.benchmark.RemoteAccounts.Account;
import io.jenkins.plugins.ams.benchmark.RemoteAccounts.RemoteJob;
import io.jenkins.plugins.ams.console.ConsoleLog;
import io.jenkins.plugins.ams.polling.JobWait;
import io.jenkins.plugins.ams.polling.JobWaitListener;
import io.jenkins.plugins.ams.polling.PollTarget;
import io.jenkins.plugins.ams.runtime.StandaloneRuntime;
import io.jenkins.plugins.ams.runtime.StandaloneRuntime.Lookups;
import io.jenkins.plugins.ams.runtime.StandaloneRuntime.Store;
import io.jenkins.plugins.ams.service.EmulatedService;
import io.jenkins.plugins.ams.testing.NoOpPage;
import io.jenkins.plugins.ams.testing.RealTime;
import io.jenkins.plugins.ams.wait.ReportingListener;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;

/**
 * Measures the start of Jenkins with thousands of waits, as after a restart. All waits start at the same time, and each
 * needs credentials from a slow store. One in a hundred waits is for a second account, and these start last.
 */
final class Start implements AutoCloseable {

    /** Duration of a lookup, and of recording a use, which writes a file while holding a lock. */
    private static final Duration DELAY = Duration.ofMillis(15);

    /** Longer than an idle background thread lives. */
    private static final Duration IDLE = Duration.ofSeconds(70);

    /**
     * The figures of a start.
     *
     * @param waits the number of waits
     * @param builds the number of builds per Jenkins job; each build has one wait
     * @param recorded whether the use of the credentials was recorded before the restart
     * @param millisUntilOther the time until the first successful poll of a wait for the second account
     * @param millisUntilAll the time until each wait was polled once
     * @param millisUntilReported the time until each build was notified of its job and tasks
     * @param lookups the number of lookups in the store
     * @param records the number of recorded uses of credentials
     * @param errors the number of errors that builds were notified of, although nothing was wrong
     * @param threads the maximum number of threads, including that of the JDK's HTTP client
     * @param threadsLater the same more than a minute after the last build was notified, while all waits continue
     */
    record Figures(
            int waits,
            int builds,
            boolean recorded,
            long millisUntilOther,
            long millisUntilAll,
            long millisUntilReported,
            int lookups,
            int records,
            int errors,
            int threads,
            int threadsLater) {}

    private final EmulatedService api;
    private final RemoteAccounts remote;
    private final StandaloneRuntime runtime;
    private final List<JobWait> jobWaits = new ArrayList<>();
    private final AtomicInteger lookups = new AtomicInteger();
    private final AtomicInteger records = new AtomicInteger();
    private final AtomicInteger errors = new AtomicInteger();
    private int maxThreads;

    Start(EmulatedService api, int waits) throws Exception {
        this.api = api;
        remote = new RemoteAccounts(api, 2, waits, true, true, RemoteAccounts.TOKEN_LIFETIME);
        runtime = new StandaloneRuntime(remote.trust(), Prediction.SEED);
    }

    /**
     * Starts all waits, and measures until each was polled once.
     *
     * @param builds the number of builds per Jenkins job, each with one wait
     * @param recorded whether the use of the credentials was recorded before the restart
     */
    Figures run(int builds, boolean recorded) throws InterruptedException {
        Lookups shared = runtime.lookups();
        List<RemoteJob> jobs = remote.jobs().stream()
                .sorted(Comparator.comparingInt(RemoteJob::account))
                .toList();
        CountDownLatch reported = new CountDownLatch(jobs.size());
        List<JobWait> otherAccountWaits = new ArrayList<>();
        long start = System.nanoTime();
        Object project = null;
        int number = 0;
        for (RemoteJob job : jobs) {
            if (number++ % builds == 0) {
                project = new Object();
            }
            Account account = remote.accounts().get(job.account());
            Store store = store(account.target(api, runtime.tokens(), runtime.http()), recorded);
            ConsoleLog log = new ConsoleLog(line -> {}, runtime.clock(), runtime.scheduler());
            AtomicBoolean isReported = new AtomicBoolean();
            Runnable report = () -> {
                if (isReported.compareAndSet(false, true)) {
                    reported.countDown();
                }
            };
            ReportingListener reporting = new ReportingListener(
                    job.id(), log, new NoOpPage(), seen -> report.run(), () -> false, outcome -> report.run());
            JobWaitListener listener = new CountingListener(reporting, errors);
            JobWait wait = runtime.poller()
                    .waitFor(
                            job.id(),
                            shared.source(new Object(), project, "account " + job.account(), store),
                            Duration.ofSeconds(60),
                            null,
                            JobWait.Start.NEW,
                            listener);
            jobWaits.add(wait);
            if (job.account() == 1) {
                otherAccountWaits.add(wait);
            }
        }
        long millisUntilOther = millisUntil(() -> otherAccountWaits.stream().anyMatch(Start::isPolled), start);
        long millisUntilAll = millisUntil(() -> jobWaits.stream().allMatch(Start::isPolled), start);
        long millisUntilReported = millisUntil(() -> reported.getCount() == 0, start);
        if (!recorded) {
            while (records.get() < jobs.size()) {
                RealTime.sleep(Duration.ofMillis(200));
            }
        }
        int most = maxThreads;
        RealTime.sleep(IDLE);
        maxThreads = 0;
        countThreads();
        return new Figures(
                jobs.size(),
                builds,
                recorded,
                millisUntilOther,
                millisUntilAll,
                millisUntilReported,
                lookups.get(),
                records.get(),
                errors.get(),
                most,
                maxThreads);
    }

    private static boolean isPolled(JobWait wait) {
        return wait.isEnded() || wait.lastJob().isPresent();
    }

    private long millisUntil(BooleanSupplier condition, long start) throws InterruptedException {
        while (!condition.getAsBoolean()) {
            countThreads();
            RealTime.sleep(Duration.ofMillis(50));
        }
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
    }

    private Store store(PollTarget target, boolean recorded) {
        return new Store() {
            @Override
            public PollTarget find() throws InterruptedException {
                lookups.incrementAndGet();
                RealTime.sleep(DELAY);
                return target;
            }

            @Override
            public boolean isRecorded(Object build) {
                return recorded;
            }

            @Override
            public void record(Object build) {
                try {
                    RealTime.sleep(DELAY);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
                records.incrementAndGet();
            }
        };
    }

    private void countThreads() {
        long threads = Thread.getAllStackTraces().keySet().stream()
                .filter(StandaloneRuntime::isOwn)
                .count();
        maxThreads = Math.max(maxThreads, (int) threads);
    }

    @Override
    public void close() throws Exception {
        jobWaits.forEach(JobWait::cancel);
        runtime.close();
        remote.close();
    }
}
