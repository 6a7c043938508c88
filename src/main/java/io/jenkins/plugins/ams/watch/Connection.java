package io.jenkins.plugins.ams.watch;

import io.jenkins.plugins.ams.auth.Futures;
import io.jenkins.plugins.ams.service.AmsService;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * What the waits on one account and principal share: the requests in flight, of which there are few; the pause that the
 * service asked for; and the queue of who is looked at next.
 */
final class Connection {

    /** Requests at once: enough to hide the service's latency, too few to look like an attack. */
    static final int MOST_IN_FLIGHT = 4;

    /** So many requests in a row may get no answer before that is taken for more than a stumble of the network. */
    private static final int FAULTS_BY_CHANCE = 2;

    /** A wait that is due this soon shares the request of one that is due now. */
    private static final long SHARING_MILLIS = 1000;

    private final JobWatcher watcher;
    private final Target target;
    private final AmsService service;
    private final Look look;

    private final PriorityQueue<Watch> waiting = new PriorityQueue<>(Comparator.comparingLong(Watch::due));

    /** Requests that belong to a look under way; they go before new looks. */
    private final Queue<Pending> ready = new ArrayDeque<>();

    private int inFlight;
    private int faults;
    private long pausedUntil;
    private long lastUsed;
    private Timer.Alarm alarm;
    private long alarmAt = Long.MAX_VALUE;

    /** @param wanted false once whoever asked has gone */
    private record Pending(BooleanSupplier wanted, Runnable request) {}

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
            watch.connection(this);
            if (watch.isOver()) {
                return; // cancelled in between, when there was no queue to take it out of
            }
            watch.due(watcher.timer().millis() + Math.max(0, delay.toMillis()));
            waiting.add(watch);
        }
        pump();
    }

    /** A wait is over. */
    synchronized void remove(Watch watch) {
        waiting.remove(watch);
        dropUnwanted();
    }

    /** Forgets requests that nobody waits for any more. */
    synchronized void dropUnwanted() {
        ready.removeIf(pending -> !pending.wanted().getAsBoolean());
        setAlarm(watcher.timer().millis());
    }

    /**
     * Sends a request as soon as there is room.
     *
     * @param wanted whether the answer is still waited for; asked until the request is sent
     * @param then gets the answer or what went wrong, on a thread of the watcher's
     */
    <T> void send(BooleanSupplier wanted, Supplier<CompletableFuture<T>> request, BiConsumer<T, Exception> then) {
        synchronized (this) {
            if (!wanted.getAsBoolean()) {
                return;
            }
            ready.add(new Pending(wanted, () -> dispatch(request, then)));
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
                faults++;
            }
            if (RetryPolicy.mayBeChance(fault) && faults <= FAULTS_BY_CHANCE) {
                return RetryPolicy.pause(fault, faultsOfWatch, watcher.random());
            }
            long until =
                    now + RetryPolicy.pause(fault, faults, watcher.random()).toMillis();
            pausedUntil = Math.max(pausedUntil, until);
            return Duration.ofMillis(pausedUntil - now);
        }
    }

    /** Whether nothing has been asked for so long that all that the connection knows may be forgotten. */
    synchronized boolean isIdleFor(Duration time) {
        return waiting.isEmpty()
                && ready.isEmpty()
                && inFlight == 0
                && watcher.timer().millis() - lastUsed >= time.toMillis();
    }

    synchronized int inFlight() {
        return inFlight;
    }

    /** Sends what may be sent now, and sets the alarm for what may not. */
    void pump() {
        List<Runnable> requests = new ArrayList<>();
        synchronized (this) {
            long now = watcher.timer().millis();
            while (now >= pausedUntil && inFlight < MOST_IN_FLIGHT) {
                Runnable request =
                        ready.isEmpty() ? nextLook(now) : ready.remove().request();
                if (request == null) {
                    break;
                }
                inFlight++;
                lastUsed = now;
                requests.add(request);
            }
            setAlarm(now);
        }
        requests.forEach(Runnable::run);
    }

    /** Takes those that are due, and those that are nearly, out of the queue; null if nobody is due. */
    private Runnable nextLook(long now) {
        Watch first = waiting.peek();
        if (first == null || first.due() > now) {
            return null;
        }
        List<Watch> together = new ArrayList<>();
        together.add(waiting.remove());
        int most = first.isAlone() ? 1 : service.jobsPerRequest();
        while (together.size() < most
                && !waiting.isEmpty()
                && waiting.peek().due() <= now + SHARING_MILLIS
                && !waiting.peek().isAlone()) {
            together.add(waiting.remove());
        }
        return () -> dispatch(() -> look.ask(together), (jobs, fault) -> look.answered(together, jobs, fault));
    }

    private <T> void dispatch(Supplier<CompletableFuture<T>> request, BiConsumer<T, Exception> then) {
        CompletableFuture<T> answer;
        try {
            answer = request.get();
        } catch (RuntimeException e) {
            answer = CompletableFuture.failedFuture(e); // a defect of the client; its wait gets to hear of it
        }
        answer.whenComplete((value, thrown) -> watcher.execute(() -> {
            Exception fault = thrown == null ? null : Futures.exception(thrown);
            synchronized (this) {
                inFlight--;
                if (fault == null) {
                    faults = 0;
                }
            }
            try {
                then.accept(value, fault);
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
            alarm = watcher.timer().after(Duration.ofMillis(next - now), () -> watcher.execute(() -> alarmed(next)));
        }
    }

    /** When there will be something to send; never, if that is when an answer comes. */
    private long nextAlarm() {
        if (inFlight < MOST_IN_FLIGHT) { // otherwise the next answer pumps
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
