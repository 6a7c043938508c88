/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.benchmark;

import com.sun.management.OperatingSystemMXBean;
import io.jenkins.plugins.ams.account.StandaloneRuntime;
import io.jenkins.plugins.ams.benchmark.RemoteAccounts.Account;
import io.jenkins.plugins.ams.benchmark.RemoteAccounts.Counts;
import io.jenkins.plugins.ams.benchmark.RemoteAccounts.RemoteJob;
import io.jenkins.plugins.ams.report.ConsoleLog;
import io.jenkins.plugins.ams.report.ReportingListener;
import io.jenkins.plugins.ams.service.EmulatedService;
import io.jenkins.plugins.ams.service.JobId;
import io.jenkins.plugins.ams.testing.NoPage;
import io.jenkins.plugins.ams.testing.RealTime;
import io.jenkins.plugins.ams.watch.JobWatcher;
import io.jenkins.plugins.ams.watch.Lateness;
import io.jenkins.plugins.ams.watch.Target;
import io.jenkins.plugins.ams.watch.Watch;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryType;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What very many waits cost one controller: the product's watcher, client and console log over real HTTP and TLS, with as
 * many threads as in Jenkins, against accounts that answer after 100 ms. The jobs are those of {@link Prediction}, as one
 * would meet them at any moment, so each is at another point of its life.
 */
final class Scale implements AutoCloseable {

    /**
     * Figures of one minute or so.
     *
     * @param looksPerSecond at jobs, whether a request asked for one or for many
     * @param p50Late milliseconds from when a look was due to when its request was sent
     * @param threads most at any time, the HTTP client's own one counted
     * @param bytesPerWait live heap after garbage collection that is gone once the waits are cancelled
     * @param bytesPerAccount live heap that the connections keep, which are the JDK's client and TLS for the most part
     * @param tokenRequests since the beginning
     * @param looksPerRequest looks at jobs per request for jobs
     * @param microsPerLook CPU time of the process, all threads, per look, the requests for tasks included
     */
    record Figures(
            int accounts,
            boolean together,
            int waits,
            double looksPerSecond,
            long p50Late,
            long p99Late,
            int threads,
            long bytesPerWait,
            long bytesPerAccount,
            long tokenRequests,
            double jobRequestsPerSecond,
            double taskRequestsPerSecond,
            double looksPerRequest,
            double microsPerLook) {}

    private final EmulatedService api;
    private final int waits;
    private final boolean together;
    private final RemoteAccounts remote;
    private final StandaloneRuntime runtime;
    private final List<Watch> watches = new ArrayList<>();

    private long[] late = new long[1 << 20];
    private int looks;
    private boolean counting;
    private int mostThreads;

    Scale(EmulatedService api, int accounts, int waits, boolean together) throws Exception {
        this.api = api;
        this.waits = waits;
        this.together = together;
        remote = new RemoteAccounts(api, accounts, waits, together, false, RemoteAccounts.TOKEN_LIFETIME);
        runtime = new StandaloneRuntime(remote.trust(), Prediction.SEED);
    }

    /** Begins all waits, lets each be looked at and go on for a while, and measures for so long. */
    Figures run(Duration warmUp, Duration measured) throws Exception {
        JobWatcher watcher = runtime.watcher();
        Lateness.tell(watcher, this::sent);
        long heapBefore = liveHeap();
        for (RemoteJob job : remote.jobs()) {
            begin(remote.accounts().get(job.account()), job.id());
        }
        while (watches.stream()
                .anyMatch(watch -> !watch.isOver() && watch.lastJob().isEmpty())) {
            watch(Duration.ofSeconds(1));
        }
        watch(warmUp);
        Counts before = remote.counts();
        long cpuBefore = cpuNanos();
        long start = System.nanoTime();
        count(true);
        watch(measured);
        count(false);
        double seconds = (System.nanoTime() - start) / 1e9;
        long cpu = cpuNanos() - cpuBefore;
        Counts after = remote.counts();
        watches.removeIf(Watch::isOver); // nobody else keeps these
        int waiting = watcher.size();
        long heap = liveHeap();
        watches.forEach(Watch::cancel);
        watches.clear();
        long heapOfConnections = liveHeap();
        long[] sorted = Arrays.copyOf(late, looks);
        Arrays.sort(sorted);
        return new Figures(
                remote.accounts().size(),
                together,
                waits,
                looks / seconds,
                Math.max(0, sorted[looks / 2]),
                Math.max(0, sorted[looks * 99 / 100]),
                mostThreads,
                (heap - heapOfConnections) / waiting,
                (heapOfConnections - heapBefore) / remote.accounts().size(),
                after.tokens(),
                (after.jobs() - before.jobs()) / seconds,
                (after.tasks() - before.tasks()) / seconds,
                looks / (double) (after.jobs() - before.jobs()),
                cpu / 1e3 / looks);
    }

    private void begin(Account account, JobId job) {
        Target target = account.target(api, runtime.tokens(), runtime.http());
        ConsoleLog log = new ConsoleLog(line -> {}, runtime.clock(), runtime.timer(), new ConsoleLog.Memory());
        ReportingListener listener =
                new ReportingListener(job, log, new NoPage(), seen -> {}, () -> false, outcome -> {});
        watches.add(runtime.watcher().watch(job, () -> target, Duration.ofSeconds(60), null, listener));
    }

    private synchronized void sent(JobId job, long millisLate) {
        if (counting) {
            if (looks == late.length) {
                late = Arrays.copyOf(late, 2 * looks);
            }
            late[looks++] = millisLate;
        }
    }

    private synchronized void count(boolean on) {
        counting = on;
    }

    private void watch(Duration time) throws InterruptedException {
        long until = System.nanoTime() + time.toNanos();
        while (System.nanoTime() < until) {
            RealTime.pass(Duration.ofMillis(500));
            long threads = Thread.getAllStackTraces().keySet().stream()
                    .filter(StandaloneRuntime::isOwn)
                    .count();
            mostThreads = Math.max(mostThreads, (int) threads);
        }
    }

    private static long cpuNanos() {
        return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getProcessCpuTime();
    }

    private static long liveHeap() throws InterruptedException {
        long used = Long.MAX_VALUE;
        for (int i = 0; i < 5; i++) { // the least of some: requests under way are no wait's
            System.gc();
            // what the collection left, and not what is used by now: requests make garbage all the time
            long left = ManagementFactory.getMemoryPoolMXBeans().stream()
                    .filter(pool -> pool.getType() == MemoryType.HEAP && pool.getCollectionUsage() != null)
                    .mapToLong(pool -> pool.getCollectionUsage().getUsed())
                    .sum();
            used = Math.min(used, left);
            RealTime.pass(Duration.ofMillis(200));
        }
        return used;
    }

    @Override
    public void close() throws IOException, InterruptedException {
        watches.forEach(Watch::cancel);
        runtime.close();
        remote.close();
    }
}
