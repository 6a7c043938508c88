/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.soak;

import io.jenkins.plugins.ams.emulator.EmulatedJob;
import io.jenkins.plugins.ams.emulator.Emulator;
import io.jenkins.plugins.ams.emulator.JobScript;
import io.jenkins.plugins.ams.polling.InFlightRequests;
import io.jenkins.plugins.ams.polling.JobPoller;
import io.jenkins.plugins.ams.polling.JobWait;
import io.jenkins.plugins.ams.polling.PollTarget;
import io.jenkins.plugins.ams.polling.Scheduler;
import io.jenkins.plugins.ams.runtime.ExecutorScheduler;
import io.jenkins.plugins.ams.service.EmulatedService;
import io.jenkins.plugins.ams.testing.RealTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Runs hundreds of concurrent waits with all faults at the same time, and checks that each wait ends once and like its
 * job, and that no threads, tasks or requests remain. Uses the plugin's code that does not depend on Jenkins in real
 * time. {@link #report} returns the results.
 */
final class Soak implements AutoCloseable {

    private static final Lateness.Row NO_WAITS = new Lateness.Row(0, 0, 0);

    /** Number of concurrent waits for each job that is canceled at the start, all at the same time and of one account. */
    private static final int WAITS_PER_CANCELLATION = 2;

    /**
     * Timeout after the end of the faults: the maximum backoff and several request timeouts, with a margin for slow
     * machines.
     */
    private static final Duration END_TIMEOUT = Duration.ofMinutes(8);

    private static final Duration POLL_INTERVAL = Duration.ofSeconds(10);

    /** The name of times in which the machine is so busy that nothing in this test continues. */
    private static final String STALL = "machine: busy";

    private static final long MIN_STALL_MILLIS = 200;

    private static final Duration MIN_TICK = Duration.ofMillis(400);

    /** How long a job is Canceling. */
    static final Duration CANCELING = Duration.ofSeconds(5);

    private static final int WORKERS = 4;
    private static final int CONSOLES = 16;
    private static final int TOKEN_REQUESTS = 2;

    private final long seed;
    private final int concurrentWaits;
    private final Random random;
    private final JumpingClock clock;
    private final Emulator emulator = Emulator.start();
    private final ThreadPoolExecutor workers = pool(WORKERS);
    private final ThreadPoolExecutor consoles = pool(CONSOLES);
    private final ThreadPoolExecutor tokenRequests = pool(TOKEN_REQUESTS);
    private final Lateness lateness = new Lateness();
    private final EmulatedService api;
    private final int speedup;
    private final Scheduler scheduler;
    private final ServiceFaults serviceFaults;
    private final ControllerFaults controllerFaults;
    private final SoakAccounts accounts;
    private final List<SoakWait> all = new ArrayList<>();
    private final Set<SoakWait> open = ConcurrentHashMap.newKeySet();
    private final List<SoakCancellation> cancellations = new CopyOnWriteArrayList<>();
    private final Set<SoakCancellation> openCancellations = ConcurrentHashMap.newKeySet();
    private JobPoller poller;

    /** Replaced together with the poller, as at a restart of the controller. */
    private ScheduledThreadPoolExecutor timer;

    private int stalls;
    private final List<String> hangs = new ArrayList<>();
    private final List<String> leaks = new ArrayList<>();

    /**
     * Creates a soak test.
     *
     * @param api the API of the service
     * @param concurrentWaits the number of concurrent waits
     * @param speedup the factor by which the jobs and the time of the poller are accelerated. If it is more than 1, no
     *     requests hang, because their timeout is in real time
     */
    Soak(EmulatedService api, long seed, int concurrentWaits, int speedup) {
        this.api = api;
        this.seed = seed;
        this.concurrentWaits = concurrentWaits;
        this.random = new Random(seed);
        this.clock = new JumpingClock(random.nextLong());
        this.speedup = speedup;
        this.serviceFaults = new ServiceFaults(emulator, clock, random.nextLong(), speedup == 1);
        this.controllerFaults = new ControllerFaults(random.nextLong(), this::restart);
        this.scheduler = newTimer();
        this.poller = newPoller(scheduler);
        this.accounts = new SoakAccounts(api, emulator, clock, workers, tokenRequests);
    }

    /**
     * Runs waits, then ends the faults and waits until all waits have ended.
     *
     * @param time the minimum time before the faults end
     * @param waits the minimum number of waits that end before, however busy the machine is
     */
    void run(Duration time, int waits) throws InterruptedException {
        long until = System.nanoTime() + time.toNanos();
        for (int i = 0; i < concurrentWaits / WAITS_PER_CANCELLATION; i++) {
            EmulatedJob job = emulator.addJob(JobScript.named("canceled")
                    .task("task", Duration.ofHours(1))
                    .canceling(CANCELING.dividedBy(speedup)));
            cancel(job, accounts.targets(0));
        }
        while (System.nanoTime() < until || all.size() - open.size() < waits) {
            while (open.size() < concurrentWaits) {
                startWait();
            }
            waitsToAbort().filter(SoakWait::shouldAbort).limit(3).forEach(this::abort);
            serviceFaults.tick();
            controllerFaults.tick();
            long before = System.currentTimeMillis();
            RealTime.sleep(tick());
            long stalled = System.currentTimeMillis() - before - tick().toMillis();
            if (stalled > MIN_STALL_MILLIS) {
                lateness.add(new Lateness.Period(STALL, before, before + tick().toMillis() + stalled));
                stalls++;
            }
        }
        serviceFaults.end();
        controllerFaults.end();
        long endDeadline = System.nanoTime() + END_TIMEOUT.toNanos();
        while (!(open.isEmpty() && openCancellations.isEmpty() && isIdle()) && System.nanoTime() < endDeadline) {
            waitsToAbort().forEach(this::abort);
            cancellations.stream().filter(SoakCancellation::isRejected).forEach(SoakCancellation::finishJob);
            RealTime.sleep(Duration.ofMillis(100));
        }
        openCancellations.forEach(cancellation -> hangs.add("a cancellation"));
        open.forEach(wait -> hangs.add("expected " + wait.expected() + " of " + wait.job()));
        findLeaks();
        if (speedup == 1) {
            controllerFaults.periods().forEach(lateness::add);
            List<Lateness.Ended> ended =
                    all.stream().map(SoakWait::ended).filter(Objects::nonNull).toList();
            lateness.analyze(
                    ended,
                    accounts.exchanges().faults(emulator.requests().all()),
                    POLL_INTERVAL.toMillis(),
                    2 * concurrentWaits / SoakAccounts.COUNT,
                    concurrentWaits / WAITS_PER_CANCELLATION);
        }
    }

    /** A second of the poller's time, but not shorter than this machine may take for what happens in one. */
    private Duration tick() {
        Duration second = Duration.ofSeconds(1).dividedBy(speedup);
        return second.compareTo(MIN_TICK) < 0 ? MIN_TICK : second;
    }

    /** Returns a table of the results. */
    String report() {
        StringBuilder text = new StringBuilder("Soak with -Dsoak.api=" + api + " -Dsoak.seed=" + seed + '\n');
        row(text, "waits", all.size());
        Map<String, Integer> counts = serviceFaults.counts();
        counts.putAll(controllerFaults.counts());
        counts.put(STALL, stalls);
        row(text, "faults", counts.values().stream().mapToInt(Integer::intValue).sum());
        Map<String, Lateness.Row> late = lateness.byFault();
        text.append(
                String.format("%-40s %8s %8s %8s %8s%n", "  unexplained delay, ms", "count", "waits", "99%", "max"));
        counts.forEach((name, count) -> {
            Lateness.Row row = late.getOrDefault(name, NO_WAITS);
            text.append(String.format(
                    "  %-38s %8d %8d %8d %8d%n", name, count, row.waits(), row.percentile99(), row.max()));
        });
        Lateness.Row any = lateness.all();
        text.append(String.format(
                "  %-38s %8s %8d %8d %8d%n", "all waits", "", any.waits(), any.percentile99(), any.max()));
        row(text, "correct", correct().size());
        Map<SoakWait.Expected, Long> ends = correct().stream()
                .collect(Collectors.groupingBy(SoakWait::expected, TreeMap::new, Collectors.counting()));
        ends.forEach((expected, count) -> row(text, "  " + expected, count));
        row(text, "cancellations", cancellations.size());
        row(
                text,
                "  rejected",
                cancellations.stream().filter(SoakCancellation::isRejected).count());
        rows(text, "incorrect", incorrect());
        rows(text, "console mismatches", consoleMismatches());
        rows(text, "late", lateness.late());
        rows(text, "hangs", hangs);
        rows(text, "leaks", leaks);
        return text.toString();
    }

    boolean isCorrect() {
        return incorrect().isEmpty()
                && consoleMismatches().isEmpty()
                && lateness.late().isEmpty()
                && hangs.isEmpty()
                && leaks.isEmpty()
                && !correct().isEmpty();
    }

    private void startWait() {
        SoakWait wait = new SoakWait(api, emulator, random, clock, scheduler, speedup, open::remove);
        add(wait);
        if (wait.expected() == SoakWait.Expected.ABORTED && all.size() % 2 == 0) {
            wait.setAbortCondition(serviceFaults.hang(wait.job()));
        }
        wait.startTime();
        Instant deadline = clock.instant().plus(wait.timeLimit());
        wait.setJobWait(poller.waitFor(wait.job(), source(wait), POLL_INTERVAL, deadline, JobWait.Start.NEW, wait));
    }

    private void add(SoakWait wait) {
        wait.setConsole(controllerFaults.console());
        all.add(wait);
        open.add(wait);
    }

    private Scheduler newTimer() {
        timer = new ScheduledThreadPoolExecutor(1, Soak::daemon);
        timer.setRemoveOnCancelPolicy(true); // like the plugin's scheduler
        return new AcceleratedScheduler(new ExecutorScheduler(timer), speedup);
    }

    private JobPoller newPoller(Scheduler pollerScheduler) {
        return new JobPoller(
                clock,
                pollerScheduler,
                controllerFaults.threads(workers),
                controllerFaults.threads(consoles),
                new Random(random.nextLong()));
    }

    /** Simulates a restart: resumes the waits and cancellations without an outcome with a new poller. */
    private void restart() {
        poller.shutDown();
        timer.shutdownNow();
        poller = newPoller(newTimer());
        accounts.clearTokens();
        openCancellations.forEach(cancellation -> cancellation.start(poller));
        for (SoakWait before : List.copyOf(open)) {
            before.abort();
            SoakWait wait = before.resumed(random.nextInt(3) == 0);
            if (!open.remove(before)) {
                continue; // the wait has ended in the meantime
            }
            all.remove(before);
            add(wait);
            wait.startTime();
            Instant deadline = clock.instant().plus(wait.timeLimit());
            JobWait.Start start = wait.isSeen() ? JobWait.Start.RESUMED_SEEN : JobWait.Start.RESUMED;
            wait.setJobWait(poller.waitFor(wait.job(), source(wait), POLL_INTERVAL, deadline, start, wait));
        }
    }

    private PollTarget.Source source(SoakWait wait) {
        if (wait.expected() == SoakWait.Expected.FAILED) {
            return accounts.withWrongSecret();
        } else if (wait.expected() == SoakWait.Expected.REDIRECT_LOOP) {
            return accounts.withRedirectLoop();
        }
        if (wait.connection() < 0) {
            wait.setConnection(random.nextInt(SoakAccounts.COUNT));
        }
        return accounts.targets(wait.connection());
    }

    private Stream<SoakWait> waitsToAbort() {
        return open.stream().filter(wait -> wait.expected() == SoakWait.Expected.ABORTED);
    }

    private void abort(SoakWait wait) {
        wait.abort();
        open.remove(wait);
        cancel(wait.emulated(), accounts.targets(random.nextInt(SoakAccounts.COUNT)));
    }

    private void cancel(EmulatedJob job, PollTarget.Source source) {
        SoakCancellation cancellation = new SoakCancellation(api.idOf(job), job, source, openCancellations::remove);
        cancellations.add(cancellation);
        openCancellations.add(cancellation);
        cancellation.start(poller);
    }

    private List<String> consoleMismatches() {
        return all.stream().flatMap(wait -> wait.consoleMismatches().stream()).toList();
    }

    private List<SoakWait> correct() {
        return all.stream()
                .filter(wait -> wait.mismatch() == null && !open.contains(wait))
                .toList();
    }

    private List<String> incorrect() {
        return Stream.concat(
                        all.stream().map(SoakWait::mismatch),
                        cancellations.stream().map(SoakCancellation::mismatch))
                .filter(Objects::nonNull)
                .toList();
    }

    /** Returns whether no tasks are scheduled or running and no requests are in flight. */
    private boolean isIdle() {
        return timer.getQueue().isEmpty()
                && InFlightRequests.count(poller) == 0
                && isIdle(workers)
                && isIdle(consoles)
                && isIdle(tokenRequests);
    }

    private static boolean isIdle(ThreadPoolExecutor pool) {
        return pool.getActiveCount() == 0 && pool.getQueue().isEmpty();
    }

    private void findLeaks() {
        leak("waits", poller.size() - open.size());
        leak("scheduled tasks", timer.getQueue().size());
        leak("busy threads", workers.getActiveCount() + consoles.getActiveCount() + tokenRequests.getActiveCount());
        leak("requests in flight", InFlightRequests.count(poller));
        leak(
                "tasks",
                workers.getQueue().size()
                        + consoles.getQueue().size()
                        + tokenRequests.getQueue().size());
    }

    private void leak(String name, int count) {
        if (count != 0) {
            leaks.add(count + " " + name);
        }
    }

    private static void rows(StringBuilder text, String name, List<String> lines) {
        row(text, name, lines.size());
        lines.stream().limit(20).forEach(line -> text.append("  ").append(line).append('\n'));
    }

    private static void row(StringBuilder text, String name, long count) {
        text.append(String.format("%-40s %8d%n", name, count));
    }

    private static ThreadPoolExecutor pool(int threads) {
        return new ThreadPoolExecutor(threads, threads, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), Soak::daemon);
    }

    private static Thread daemon(Runnable task) {
        Thread thread = new Thread(task, "soak");
        thread.setDaemon(true);
        return thread;
    }

    @Override
    public void close() {
        emulator.close();
        timer.shutdownNow();
        workers.shutdownNow();
        consoles.shutdownNow();
        tokenRequests.shutdownNow();
    }
}
