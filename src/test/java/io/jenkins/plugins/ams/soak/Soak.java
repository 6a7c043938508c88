package io.jenkins.plugins.ams.soak;

import io.jenkins.plugins.ams.auth.ClientSecret;
import io.jenkins.plugins.ams.auth.Principal;
import io.jenkins.plugins.ams.auth.TokenCache;
import io.jenkins.plugins.ams.emulator.Emulator;
import io.jenkins.plugins.ams.service.AmsV2Service;
import io.jenkins.plugins.ams.service.EndpointPolicy;
import io.jenkins.plugins.ams.watch.JobWatcher;
import io.jenkins.plugins.ams.watch.ScheduledTimer;
import io.jenkins.plugins.ams.watch.Target;
import java.net.http.HttpClient;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Hundreds of waits under every fault at once, for some time: each has to end as its job ended, once, and nothing may be
 * left behind. The product's own code below the line, in real time; what comes of it is told by {@link #report}.
 */
final class Soak implements AutoCloseable {

    /** Waits at a time. */
    private static final int WAITS = 200;

    /** Waits on one connection back off together; many connections show more ways than one long pause. */
    private static final int CONNECTIONS = 20;

    /** After the faults are over: the longest back-off, the longest exchange, and a share for a slow machine. */
    private static final Duration BOUND = Duration.ofMinutes(4);

    private final long seed;
    private final Random random;
    private final JumpingClock clock;
    private final Emulator emulator = Emulator.start();
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(Soak::daemon);
    private final ExecutorService workers = Executors.newFixedThreadPool(4, Soak::daemon);
    private final ExecutorService tokenRequests = Executors.newFixedThreadPool(2, Soak::daemon);
    private final HttpClient http = HttpClient.newBuilder()
            .sslContext(emulator.sslContext())
            .connectTimeout(Duration.ofSeconds(10))
            .executor(workers)
            .build();
    private final TokenCache tokens;
    private final JobWatcher watcher;
    private final Trouble trouble;
    private final Set<SoakWait> open = ConcurrentHashMap.newKeySet();
    private final Map<SoakWait.Expected, Integer> right = new EnumMap<>(SoakWait.Expected.class);
    private final List<String> wrong = new ArrayList<>();
    private int begun;

    Soak(long seed) {
        this.seed = seed;
        this.random = new Random(seed);
        this.clock = new JumpingClock(random.nextLong());
        this.tokens = new TokenCache(() -> http, tokenRequests, clock);
        this.watcher = new JobWatcher(clock, new ScheduledTimer(timer), workers, new Random(random.nextLong()));
        this.trouble = new Trouble(emulator, clock, random.nextLong());
    }

    /** Keeps so many waits going for so long, then ends the faults and lets the waits come to their ends. */
    void run(Duration time) throws InterruptedException {
        long until = System.nanoTime() + time.toNanos();
        while (System.nanoTime() < until) {
            while (open.size() < WAITS) {
                begin();
            }
            abortSome();
            trouble.tick();
            pause(Duration.ofSeconds(1));
        }
        trouble.end();
        long bound = System.nanoTime() + BOUND.toNanos();
        while (!open.isEmpty() && System.nanoTime() < bound) {
            open.stream().filter(Soak::isToBeAborted).forEach(this::abort);
            pause(Duration.ofMillis(100));
        }
        open.forEach(wait -> note("hangs: expected " + wait.expected() + " of " + wait.job()));
        if (watcher.size() > open.size()) {
            note("left behind: " + (watcher.size() - open.size()) + " watches");
        }
    }

    /** What happened, as a table. */
    String report() {
        StringBuilder text = new StringBuilder("Soak with -Dsoak.seed=" + seed + '\n');
        text.append(String.format("%-32s %8d%n", "waits", begun));
        trouble.struck().forEach((name, count) -> text.append(String.format("  fault %-24s %8d%n", name, count)));
        synchronized (this) {
            right.forEach((expected, count) -> text.append(String.format("  right %-24s %8d%n", expected, count)));
            text.append(String.format("%-32s %8d%n", "wrong", wrong.size()));
            wrong.stream()
                    .limit(20)
                    .forEach(line -> text.append("  ").append(line).append('\n'));
        }
        return text.toString();
    }

    synchronized boolean isRight() {
        return wrong.isEmpty() && !right.isEmpty();
    }

    private void begin() {
        SoakWait wait = new SoakWait(emulator, random, this::ended);
        int connection = random.nextInt(CONNECTIONS);
        begun++;
        open.add(wait);
        Duration limit = wait.timeLimit();
        Instant deadline = limit == null ? null : clock.instant().plus(limit);
        wait.watch(watcher.watch(
                wait.job(), () -> target(connection, wait.expected()), Duration.ofSeconds(60), deadline, wait));
    }

    private Target target(int connection, SoakWait.Expected expected) {
        String secret = expected == SoakWait.Expected.REFUSED ? "wrong" : emulator.clientSecret();
        Principal principal = new Principal(
                emulator.authority(),
                false,
                emulator.tenant(),
                emulator.clientId(),
                new ClientSecret(secret),
                emulator.scope());
        EndpointPolicy policy = new EndpointPolicy(Set.of(emulator.endpoint().getHost()));
        return new Target(
                List.of(connection, principal),
                () -> new AmsV2Service(emulator.endpoint(), tokens.tokensOf(principal), () -> http, policy, clock));
    }

    private void ended(SoakWait wait) {
        open.remove(wait);
        if (wait.wrong() != null) {
            note(wait.wrong());
        } else {
            count(wait);
        }
    }

    private void abortSome() {
        open.stream().filter(Soak::isToBeAborted).limit(3).forEach(this::abort);
    }

    private void abort(SoakWait wait) {
        wait.abort();
        open.remove(wait);
        if (wait.wrong() != null) {
            note(wait.wrong());
        } else {
            count(wait);
        }
    }

    private static boolean isToBeAborted(SoakWait wait) {
        return wait.expected() == SoakWait.Expected.ABORTED;
    }

    private synchronized void count(SoakWait wait) {
        right.merge(wait.expected(), 1, Integer::sum);
    }

    private synchronized void note(String line) {
        wrong.add(line);
    }

    /** Waits without sleeping on a lock that somebody may need. */
    private static void pause(Duration time) throws InterruptedException {
        if (new CountDownLatch(1).await(time.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new IllegalStateException("nobody counts down");
        }
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
        tokenRequests.shutdownNow();
    }
}
