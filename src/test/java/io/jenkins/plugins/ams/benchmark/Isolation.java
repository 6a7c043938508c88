/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.benchmark;

import io.jenkins.plugins.ams.auth.Identity;
import io.jenkins.plugins.ams.benchmark.RemoteAccounts.Account;
import io.jenkins.plugins.ams.benchmark.RemoteAccounts.RemoteJob;
import io.jenkins.plugins.ams.console.ConsoleLog;
import io.jenkins.plugins.ams.page.JobPage;
import io.jenkins.plugins.ams.polling.JobProgress;
import io.jenkins.plugins.ams.polling.JobWait;
import io.jenkins.plugins.ams.polling.PollDelays;
import io.jenkins.plugins.ams.polling.PollTarget;
import io.jenkins.plugins.ams.polling.WaitOutcome;
import io.jenkins.plugins.ams.runtime.StandaloneRuntime;
import io.jenkins.plugins.ams.service.EmulatedService;
import io.jenkins.plugins.ams.service.JobId;
import io.jenkins.plugins.ams.service.MediaJob;
import io.jenkins.plugins.ams.service.MediaTask;
import io.jenkins.plugins.ams.testing.RealTime;
import io.jenkins.plugins.ams.wait.ReportingListener;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Measures delays of polls of a healthy account in the presence of hung ones: ten accounts with a host name that is not
 * resolved, ten with an authority that does not respond, and a build with a console that hangs.
 */
final class Isolation implements AutoCloseable {

    private static final int HUNG_ACCOUNTS = 10;
    private static final int WAITS_PER_HUNG_ACCOUNT = 20;

    /** Timeout of the resolver in Linux with two name servers that do not respond and one search domain. */
    private static final Duration NAME_SERVER_TIMEOUT = Duration.ofSeconds(20);

    /** Short enough that tokens are renewed during the measurement. */
    private static final Duration TOKEN_LIFETIME = Duration.ofSeconds(60);

    /**
     * The figures of the healthy account.
     *
     * @param withHungAccounts whether there were hung accounts
     * @param millisUntilAll the time until each wait was polled once, when the waits of all accounts start at the same
     *     time. The other figures are from the time after that
     * @param polls the number of polls
     * @param p50DelayMillis the median time between when a poll was due and when its request was sent
     * @param p99DelayMillis the 99th percentile of these times
     * @param maxDelayMillis the maximum of these times
     * @param p50ReportMillis the median time between the request and the notification of the build, including 100 ms
     *     until the response of the service
     * @param p99ReportMillis the 99th percentile of these times
     * @param maxReportMillis the maximum of these times
     * @param threads the maximum number of threads, including that of the JDK's HTTP client
     */
    record Figures(
            boolean withHungAccounts,
            long millisUntilAll,
            int polls,
            long p50DelayMillis,
            long p99DelayMillis,
            long maxDelayMillis,
            long p50ReportMillis,
            long p99ReportMillis,
            long maxReportMillis,
            int threads) {}

    private final EmulatedService api = EmulatedService.AMS_V2;
    private final RemoteAccounts remote;
    private final StandaloneRuntime runtime;
    private final CountDownLatch end = new CountDownLatch(1);
    private final List<ServerSocket> silentAuthorities = new ArrayList<>();
    private final List<JobWait> jobWaits = new ArrayList<>();
    private final Set<JobId> healthy = ConcurrentHashMap.newKeySet();
    private final Set<JobId> polled = ConcurrentHashMap.newKeySet();
    private final Map<JobId, Long> sentAt = new ConcurrentHashMap<>();
    private final List<Long> delays = new ArrayList<>();
    private final List<Long> reported = new ArrayList<>();
    private int maxThreads;

    Isolation(int waits) throws Exception {
        remote = new RemoteAccounts(api, 1, waits, true, false, TOKEN_LIFETIME);
        runtime = new StandaloneRuntime(remote.trust(), Prediction.SEED, this::resolve);
    }

    /** Starts all waits, and measures for the given time after each wait of the healthy account was polled once. */
    Figures run(boolean withHungAccounts, Duration time) throws Exception {
        PollDelays.report(runtime.poller(), this::onSent);
        long start = System.nanoTime();
        remote.jobs().forEach(job -> healthy.add(job.id()));
        if (withHungAccounts) {
            startHungWaits();
        }
        Account account = remote.accounts().get(0);
        PollTarget target = account.target(api, runtime.tokens(), runtime.http());
        for (RemoteJob job : remote.jobs()) {
            boolean hangs = withHungAccounts && job == remote.jobs().get(0);
            if (hangs) {
                healthy.remove(job.id());
            }
            startWait(job.id(), target, hangs ? line -> hang() : line -> {});
        }
        while (!polled.containsAll(healthy)) {
            countThreads();
        }
        long millisUntilAll = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
        synchronized (this) {
            delays.clear();
            reported.clear();
        }
        long until = System.nanoTime() + time.toNanos();
        while (System.nanoTime() < until) {
            countThreads();
        }
        return figures(withHungAccounts, millisUntilAll);
    }

    private void countThreads() throws InterruptedException {
        RealTime.sleep(Duration.ofMillis(100));
        long threads = Thread.getAllStackTraces().keySet().stream()
                .filter(StandaloneRuntime::isOwn)
                .count();
        maxThreads = Math.max(maxThreads, (int) threads);
    }

    private synchronized Figures figures(boolean withHungAccounts, long millisUntilAll) {
        delays.sort(null);
        reported.sort(null);
        return new Figures(
                withHungAccounts,
                millisUntilAll,
                delays.size(),
                percentile(delays, 50),
                percentile(delays, 99),
                percentile(delays, 100),
                percentile(reported, 50),
                percentile(reported, 99),
                percentile(reported, 100),
                maxThreads);
    }

    private static long percentile(List<Long> sorted, int percent) {
        return Math.max(0, sorted.get(Math.min(sorted.size() - 1, sorted.size() * percent / 100)));
    }

    private void startHungWaits() throws IOException {
        Account account = remote.accounts().get(0);
        for (int i = 0; i < HUNG_ACCOUNTS; i++) {
            PollTarget withoutAddress = Account.target(
                    api,
                    URI.create("https://dead-" + i + ".invalid/api/"),
                    account.identity(),
                    runtime.tokens(),
                    runtime.http());
            ServerSocket silent =
                    new ServerSocket(0, 1000, InetAddress.getLoopbackAddress()); // the kernel accepts connections
            silentAuthorities.add(silent);
            Identity withoutToken = api.identity(
                    URI.create("https://localhost:" + silent.getLocalPort()),
                    remote.tenant(),
                    UUID.randomUUID().toString(),
                    "secret",
                    account.endpoint());
            PollTarget withSilentAuthority =
                    Account.target(api, account.endpoint(), withoutToken, runtime.tokens(), runtime.http());
            for (int j = 0; j < WAITS_PER_HUNG_ACCOUNT; j++) {
                startWait(api.jobId(UUID.randomUUID().toString()), withoutAddress, line -> {});
                startWait(api.jobId(UUID.randomUUID().toString()), withSilentAuthority, line -> {});
            }
        }
    }

    private void startWait(JobId job, PollTarget target, Consumer<String> console) {
        ConsoleLog log = new ConsoleLog(console, runtime.clock(), runtime.scheduler());
        ReportingListener listener =
                new ReportingListener(job, log, new Page(job), polledJob -> {}, () -> false, outcome -> {});
        jobWaits.add(
                runtime.poller().waitFor(job, () -> target, Duration.ofSeconds(60), null, JobWait.Start.NEW, listener));
    }

    /** The page of a build, which is notified after the console. */
    private final class Page implements JobPage {

        private final JobId job;

        Page(JobId job) {
            this.job = job;
        }

        @Override
        public void onShown(ConsoleLog.Shown shown) {}

        @Override
        public void onPolled(MediaJob polledJob, List<MediaTask> tasks, JobProgress progress) {
            onReported(job);
        }

        @Override
        public void onError(String text) {}

        @Override
        public void onEnded(WaitOutcome outcome) {
            polled.add(job);
        }
    }

    private void resolve(String host) throws IOException {
        if (!host.startsWith("dead-")) {
            return; // not one of the simulated hosts
        }
        try {
            end.await(NAME_SERVER_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        throw new UnknownHostException(host);
    }

    private void hang() {
        try {
            end.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void onSent(JobId job, long millisLate) {
        if (healthy.contains(job)) {
            sentAt.put(job, System.nanoTime());
            synchronized (this) {
                delays.add(millisLate);
            }
        }
    }

    private void onReported(JobId job) {
        polled.add(job);
        Long sent = sentAt.remove(job);
        if (sent != null) {
            synchronized (this) {
                reported.add(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - sent));
            }
        }
    }

    @Override
    public void close() throws Exception {
        end.countDown();
        jobWaits.forEach(JobWait::cancel);
        runtime.close();
        remote.close();
        for (ServerSocket silent : silentAuthorities) {
            silent.close();
        }
    }
}
