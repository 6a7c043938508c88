/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.benchmark;

import com.sun.management.OperatingSystemMXBean;
import io.jenkins.plugins.ams.auth.Identity;
import io.jenkins.plugins.ams.auth.TokenCache;
import io.jenkins.plugins.ams.report.ConsoleLog;
import io.jenkins.plugins.ams.report.ReportingListener;
import io.jenkins.plugins.ams.service.EmulatedService;
import io.jenkins.plugins.ams.service.JobId;
import io.jenkins.plugins.ams.testing.NoPage;
import io.jenkins.plugins.ams.testing.RealTime;
import io.jenkins.plugins.ams.watch.JobWatcher;
import io.jenkins.plugins.ams.watch.Lateness;
import io.jenkins.plugins.ams.watch.ScheduledTimer;
import io.jenkins.plugins.ams.watch.Target;
import io.jenkins.plugins.ams.watch.Watch;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryType;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * What very many waits cost one controller: the product's watcher, client and console log over real HTTP and TLS, with as
 * many threads as in Jenkins, against accounts that answer after 100 ms. The jobs are those of {@link Prediction}, as one
 * would meet them at any moment, so each is at another point of its life.
 */
final class Scale implements AutoCloseable {

    /** As in {@code AmsThreads}. */
    private static final int WORKERS = 3;

    private static final int TOKEN_REQUESTS = 2;
    private static final int CONSOLES = 16;

    private static final String THREADS = "benchmark";

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

    private record Account(URI endpoint, Identity identity) {}

    private record Counts(long jobs, long tasks, long assets, long tokens) {}

    private final EmulatedService api;
    private final int accounts;
    private final int waits;
    private final boolean together;
    private final Path directory;
    private final Process server;
    private final BufferedReader answers;
    private final List<Account> where = new ArrayList<>();
    private final List<String> jobs = new ArrayList<>();
    private final ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1, Scale::thread);
    private final ExecutorService workers = Executors.newFixedThreadPool(WORKERS, Scale::thread);
    private final ExecutorService consoles = Executors.newFixedThreadPool(CONSOLES, Scale::thread);
    private final ExecutorService tokenRequests = Executors.newFixedThreadPool(TOKEN_REQUESTS, Scale::thread);
    private final HttpClient http;
    private final List<Watch> watches = new ArrayList<>();

    private long[] late = new long[1 << 20];
    private int looks;
    private boolean counting;
    private int mostThreads;

    Scale(EmulatedService api, int accounts, int waits, boolean together) throws Exception {
        this.api = api;
        this.accounts = accounts;
        this.waits = waits;
        this.together = together;
        directory = Files.createTempDirectory("scale");
        Path file = directory.resolve("accounts");
        server = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        classPath(),
                        ScaleServer.class.getName(),
                        file.toString(),
                        Integer.toString(accounts),
                        Integer.toString(waits),
                        Boolean.toString(!together),
                        api.name())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        answers = new BufferedReader(new InputStreamReader(server.getInputStream(), StandardCharsets.UTF_8));
        while (!Files.exists(file)) {
            if (!server.isAlive()) {
                throw new IOException("the accounts' process ended with " + server.exitValue());
            }
            RealTime.pass(Duration.ofMillis(100));
        }
        List<String> lines = Files.readAllLines(file);
        String[] trust = lines.get(0).split(" ");
        for (int i = 0; i < accounts; i++) {
            String[] place = lines.get(1 + 2 * i).split(" ");
            String[] application = lines.get(2 + 2 * i).split(" ");
            URI endpoint = URI.create(place[0]);
            where.add(new Account(
                    endpoint, api.identity(URI.create(place[1]), place[2], application[0], application[1], endpoint)));
        }
        jobs.addAll(lines.subList(1 + 2 * accounts, lines.size()));
        http = HttpClient.newBuilder()
                .sslContext(trusting(Path.of(trust[0]), trust[1]))
                .connectTimeout(Duration.ofSeconds(10))
                .executor(workers)
                .build();
        timer.setRemoveOnCancelPolicy(true);
    }

    /** Begins all waits, lets each be looked at and go on for a while, and measures for so long. */
    Figures run(Duration warmUp, Duration measured) throws Exception {
        TokenCache tokens = new TokenCache(() -> http, tokenRequests, Clock.systemUTC());
        JobWatcher watcher = new JobWatcher(
                Clock.systemUTC(), new ScheduledTimer(timer), workers, consoles, new Random(Prediction.SEED));
        Lateness.tell(watcher, this::sent);
        long heapBefore = liveHeap();
        for (String line : jobs) {
            String[] words = line.split(" ");
            begin(watcher, tokens, where.get(Integer.parseInt(words[0])), api.jobId(words[1]));
        }
        while (watches.stream()
                .anyMatch(watch -> !watch.isOver() && watch.lastJob().isEmpty())) {
            watch(Duration.ofSeconds(1));
        }
        watch(warmUp);
        Counts before = counts();
        long cpuBefore = cpuNanos();
        long start = System.nanoTime();
        count(true);
        watch(measured);
        count(false);
        double seconds = (System.nanoTime() - start) / 1e9;
        long cpu = cpuNanos() - cpuBefore;
        Counts after = counts();
        watches.removeIf(Watch::isOver); // nobody else keeps these
        int waiting = watcher.size();
        long heap = liveHeap();
        watches.forEach(Watch::cancel);
        watches.clear();
        long heapOfConnections = liveHeap();
        long[] sorted = Arrays.copyOf(late, looks);
        Arrays.sort(sorted);
        return new Figures(
                accounts,
                together,
                waits,
                looks / seconds,
                Math.max(0, sorted[looks / 2]),
                Math.max(0, sorted[looks * 99 / 100]),
                mostThreads,
                (heap - heapOfConnections) / waiting,
                (heapOfConnections - heapBefore) / accounts,
                after.tokens(),
                (after.jobs() - before.jobs()) / seconds,
                (after.tasks() - before.tasks()) / seconds,
                looks / (double) (after.jobs() - before.jobs()),
                cpu / 1e3 / looks);
    }

    private void begin(JobWatcher watcher, TokenCache tokens, Account account, JobId job) {
        Target target = new Target(
                List.of(account.endpoint(), account.identity()),
                () -> api.service(
                        account.endpoint(), tokens.tokensOf(account.identity()), () -> http, Clock.systemUTC()));
        ConsoleLog log =
                new ConsoleLog(line -> {}, Clock.systemUTC(), new ScheduledTimer(timer), new ConsoleLog.Memory());
        ReportingListener listener =
                new ReportingListener(job, log, new NoPage(), seen -> {}, () -> false, outcome -> {});
        watches.add(watcher.watch(job, () -> target, Duration.ofSeconds(60), null, listener));
    }

    private synchronized void sent(long millisLate) {
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
                    .map(Thread::getName)
                    .filter(name -> name.startsWith(THREADS) || name.startsWith("HttpClient"))
                    .count();
            mostThreads = Math.max(mostThreads, (int) threads);
        }
    }

    private Counts counts() throws IOException {
        OutputStream commands = server.getOutputStream();
        commands.write('\n');
        commands.flush();
        long[] counts = Arrays.stream(answers.readLine().split(" "))
                .mapToLong(Long::parseLong)
                .toArray();
        return new Counts(counts[0], counts[1], counts[2], counts[3]);
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

    private static String classPath() throws Exception {
        // of the class loader's, since a build tool may have started this without a java.class.path
        StringBuilder path = new StringBuilder();
        for (ClassLoader loader = Scale.class.getClassLoader(); loader != null; loader = loader.getParent()) {
            if (loader instanceof URLClassLoader urls) {
                for (URL url : urls.getURLs()) {
                    path.append(Path.of(url.toURI())).append(File.pathSeparator);
                }
            }
        }
        return path.isEmpty() ? System.getProperty("java.class.path") : path.toString();
    }

    private static SSLContext trusting(Path store, String password) throws IOException, GeneralSecurityException {
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store)) {
            keys.load(in, password.toCharArray());
        }
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(keys);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, factory.getTrustManagers(), null);
        return context;
    }

    private static Thread thread(Runnable task) {
        Thread thread = new Thread(task, THREADS);
        thread.setDaemon(true);
        return thread;
    }

    @Override
    public void close() throws IOException, InterruptedException {
        watches.forEach(Watch::cancel);
        server.getOutputStream().close();
        if (!server.waitFor(30, TimeUnit.SECONDS)) {
            server.destroyForcibly();
        }
        timer.shutdownNow();
        workers.shutdownNow();
        tokenRequests.shutdownNow();
        consoles.shutdownNow();
        Files.deleteIfExists(directory.resolve("accounts"));
        Files.deleteIfExists(directory);
    }
}
