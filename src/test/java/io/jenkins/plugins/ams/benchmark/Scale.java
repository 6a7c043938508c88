/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.benchmark;

import com.sun.management.OperatingSystemMXBean;
import io.jenkins.plugins.ams.benchmark.RemoteAccounts.Account;
import io.jenkins.plugins.ams.benchmark.RemoteAccounts.Counts;
import io.jenkins.plugins.ams.benchmark.RemoteAccounts.RemoteJob;
import io.jenkins.plugins.ams.console.ConsoleLog;
import io.jenkins.plugins.ams.polling.JobPoller;
import io.jenkins.plugins.ams.polling.JobWait;
import io.jenkins.plugins.ams.polling.PollDelays;
import io.jenkins.plugins.ams.polling.PollTarget;
import io.jenkins.plugins.ams.runtime.StandaloneRuntime;
import io.jenkins.plugins.ams.service.EmulatedService;
import io.jenkins.plugins.ams.service.JobId;
import io.jenkins.plugins.ams.testing.NoOpPage;
import io.jenkins.plugins.ams.testing.RealTime;
import io.jenkins.plugins.ams.wait.ReportingListener;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryType;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Measures the costs of thousands of waits: the plugin's poller, HTTP client and console log with HTTP, TLS and the
 * threads as in Jenkins, for accounts that respond after 100 ms. The jobs are sampled from the population of {@link
 * Prediction} at a random moment, so they are at different points of their lifetimes.
 */
final class Scale implements AutoCloseable {

    /**
     * The figures of a measurement.
     *
     * @param accounts the number of accounts
     * @param batched whether the services support requests for several jobs
     * @param waits the number of waits at the start
     * @param pollsPerSecond the number of polled jobs per second, independent of the number of jobs per request
     * @param p50DelayMillis the median time between when a poll was due and when its request was sent
     * @param p99DelayMillis the 99th percentile of these times
     * @param threads the maximum number of threads, including that of the JDK's HTTP client
     * @param bytesPerWait the live heap that is freed when the waits are canceled, per wait
     * @param bytesPerAccount the live heap that remains after that, mostly for HTTP connections and TLS, per account
     * @param tokenRequests the number of token requests since the start
     * @param jobRequestsPerSecond the number of requests for jobs per second
     * @param taskRequestsPerSecond the number of requests for tasks per second
     * @param pollsPerRequest the number of polled jobs per request for jobs
     * @param microsPerPoll the CPU time of the process per polled job in microseconds, including requests for tasks
     */
    record Figures(
            int accounts,
            boolean batched,
            int waits,
            double pollsPerSecond,
            long p50DelayMillis,
            long p99DelayMillis,
            int threads,
            long bytesPerWait,
            long bytesPerAccount,
            long tokenRequests,
            double jobRequestsPerSecond,
            double taskRequestsPerSecond,
            double pollsPerRequest,
            double microsPerPoll) {}

    private final EmulatedService api;
    private final int waits;
    private final boolean batched;
    private final RemoteAccounts remote;
    private final StandaloneRuntime runtime;
    private final List<JobWait> jobWaits = new ArrayList<>();

    private long[] delays = new long[1 << 20];
    private int polls;
    private boolean counting;
    private int maxThreads;

    Scale(EmulatedService api, int accounts, int waits, boolean batched) throws Exception {
        this.api = api;
        this.waits = waits;
        this.batched = batched;
        remote = new RemoteAccounts(api, accounts, waits, batched, false, RemoteAccounts.TOKEN_LIFETIME);
        runtime = new StandaloneRuntime(remote.trust(), Prediction.SEED);
    }

    /** Starts all waits, and measures for the given time when each was polled once and the warm-up time has passed. */
    Figures run(Duration warmUp, Duration measured) throws Exception {
        JobPoller poller = runtime.poller();
        PollDelays.report(poller, this::onSent);
        long heapBefore = liveHeap();
        for (RemoteJob job : remote.jobs()) {
            startWait(remote.accounts().get(job.account()), job.id());
        }
        while (jobWaits.stream()
                .anyMatch(wait -> !wait.isEnded() && wait.lastJob().isEmpty())) {
            sampleThreads(Duration.ofSeconds(1));
        }
        sampleThreads(warmUp);
        Counts before = remote.counts();
        long cpuBefore = cpuNanos();
        long start = System.nanoTime();
        setCounting(true);
        sampleThreads(measured);
        setCounting(false);
        double seconds = (System.nanoTime() - start) / 1e9;
        long cpu = cpuNanos() - cpuBefore;
        Counts after = remote.counts();
        jobWaits.removeIf(JobWait::isEnded); // so that they do not count as live heap
        int waiting = poller.size();
        long heap = liveHeap();
        jobWaits.forEach(JobWait::cancel);
        jobWaits.clear();
        long heapOfConnections = liveHeap();
        long[] sorted = Arrays.copyOf(delays, polls);
        Arrays.sort(sorted);
        return new Figures(
                remote.accounts().size(),
                batched,
                waits,
                polls / seconds,
                Math.max(0, sorted[polls / 2]),
                Math.max(0, sorted[polls * 99 / 100]),
                maxThreads,
                (heap - heapOfConnections) / waiting,
                (heapOfConnections - heapBefore) / remote.accounts().size(),
                after.tokens(),
                (after.jobs() - before.jobs()) / seconds,
                (after.tasks() - before.tasks()) / seconds,
                polls / (double) (after.jobs() - before.jobs()),
                cpu / 1e3 / polls);
    }

    private void startWait(Account account, JobId job) {
        PollTarget target = account.target(api, runtime.tokens(), runtime.http());
        ConsoleLog log = new ConsoleLog(line -> {}, runtime.clock(), runtime.scheduler());
        ReportingListener listener =
                new ReportingListener(job, log, new NoOpPage(), seen -> {}, () -> false, outcome -> {});
        jobWaits.add(
                runtime.poller().waitFor(job, () -> target, Duration.ofSeconds(60), null, JobWait.Start.NEW, listener));
    }

    private synchronized void onSent(JobId job, long millisLate) {
        if (counting) {
            if (polls == delays.length) {
                delays = Arrays.copyOf(delays, 2 * polls);
            }
            delays[polls++] = millisLate;
        }
    }

    private synchronized void setCounting(boolean on) {
        counting = on;
    }

    private void sampleThreads(Duration time) throws InterruptedException {
        long until = System.nanoTime() + time.toNanos();
        while (System.nanoTime() < until) {
            RealTime.sleep(Duration.ofMillis(500));
            long threads = Thread.getAllStackTraces().keySet().stream()
                    .filter(StandaloneRuntime::isOwn)
                    .count();
            maxThreads = Math.max(maxThreads, (int) threads);
        }
    }

    private static long cpuNanos() {
        return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getProcessCpuTime();
    }

    private static long liveHeap() throws InterruptedException {
        long used = Long.MAX_VALUE;
        for (int i = 0; i < 5; i++) { // the minimum of several samples, to exclude requests in flight
            System.gc();
            // the usage after the last collection, because requests continually allocate
            long usedAfterGc = ManagementFactory.getMemoryPoolMXBeans().stream()
                    .filter(pool -> pool.getType() == MemoryType.HEAP && pool.getCollectionUsage() != null)
                    .mapToLong(pool -> pool.getCollectionUsage().getUsed())
                    .sum();
            used = Math.min(used, usedAfterGc);
            RealTime.sleep(Duration.ofMillis(200));
        }
        return used;
    }

    @Override
    public void close() throws IOException, InterruptedException {
        jobWaits.forEach(JobWait::cancel);
        runtime.close();
        remote.close();
    }
}
