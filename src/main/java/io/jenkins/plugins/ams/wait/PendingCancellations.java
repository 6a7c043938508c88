/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.wait;

import io.jenkins.plugins.ams.polling.RetryingExecutor;
import io.jenkins.plugins.ams.polling.Scheduler;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Stores pending cancellations, whose outcome is not known yet. They are stored in a file, so that they survive
 * restarts and crashes. A request is written before it is sent to the service, because the build might not be able to
 * repeat the request. A freestyle build does not survive a restart, and neither does a Pipeline build if its durability
 * setting prevents its state from being saved while it runs. Requests that arrive at about the same time are written
 * together, so that aborting a thousand builds at once requires only a few writes. Removals are written with a delay,
 * because repeating a completed request does no harm.
 *
 * <p>Thread-safe. The object's own lock guards its state. The {@link #writing} lock is held while the store writes.
 */
final class PendingCancellations {

    private static final Logger LOGGER = Logger.getLogger(PendingCancellations.class.getName());

    /** Minimum time between two writes. Requests that arrive in between are written together. */
    static final Duration WRITE_INTERVAL = Duration.ofMillis(100);

    /** How long a completed request remains in the file. */
    static final Duration REMOVAL_DELAY = Duration.ofSeconds(2);

    private final Store store;
    private final Scheduler timer;
    private final RetryingExecutor writer;
    private final Object writing = new Object();

    /** The requests in the order in which they were made, or null until the file has been read. */
    private Set<CancellationRequest> requests;

    private List<CompletableFuture<Void>> written = new ArrayList<>();
    private boolean isChanged;
    private boolean isWriteRequested;
    private boolean isRemovalPlanned;

    /** The earliest time of the next write, in milliseconds on the timer's clock. */
    private long nextWrite;

    /** Persistent storage for the requests. */
    interface Store {
        /** Returns the requests from the last write, or an empty list if nothing has been written. */
        List<CancellationRequest> read() throws IOException;

        /** Atomically replaces the stored requests. */
        void write(List<CancellationRequest> requests) throws IOException;
    }

    /** @param writer the executor that writes the requests; a write can block if the disk is slow */
    PendingCancellations(Store store, Scheduler timer, Executor writer) {
        this.store = store;
        this.timer = timer;
        this.writer = new RetryingExecutor(timer, writer);
        this.nextWrite = timer.millis();
    }

    /** Returns the requests whose outcome is not known, in the order in which they were made. */
    synchronized List<CancellationRequest> all() {
        return List.copyOf(requests());
    }

    /**
     * Adds a request.
     *
     * @return a future that completes when the request is on disk or could not be written; a failed write is logged
     */
    CompletableFuture<Void> add(CancellationRequest request) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        synchronized (this) {
            requests().add(request);
            isChanged = true;
            written.add(done);
        }
        requestWrite();
        return done;
    }

    /**
     * Adds a request and writes it in the calling thread, because no other thread can write it while Jenkins shuts
     * down.
     */
    void addNow(CancellationRequest request) {
        synchronized (this) {
            requests().add(request);
            isChanged = true;
        }
        write();
    }

    /** Removes a request whose outcome is known. */
    void remove(CancellationRequest request) {
        synchronized (this) {
            if (!requests().remove(request)) {
                return;
            }
            isChanged = true;
            if (isRemovalPlanned) {
                return;
            }
            isRemovalPlanned = true;
        }
        timer.schedule(REMOVAL_DELAY, this::writeRemovals);
    }

    private void writeRemovals() {
        synchronized (this) {
            isRemovalPlanned = false;
        }
        requestWrite();
    }

    /** Writes the changes in another thread when {@link #WRITE_INTERVAL} has elapsed since the last such write. */
    private void requestWrite() {
        long delay;
        synchronized (this) {
            if (isWriteRequested) {
                return;
            }
            isWriteRequested = true;
            delay = nextWrite - timer.millis();
        }
        if (delay > 0) {
            try {
                timer.schedule(Duration.ofMillis(delay), () -> writer.execute(this::writeRequested));
                return;
            } catch (RuntimeException | Error e) { // write immediately rather than never
                LOGGER.log(Level.WARNING, "Could not schedule a write; writing immediately", e);
            }
        }
        writer.execute(this::writeRequested);
    }

    private void writeRequested() {
        synchronized (this) {
            isWriteRequested = false;
            nextWrite = timer.millis() + WRITE_INTERVAL.toMillis();
        }
        write();
    }

    /** Writes unsaved changes in the calling thread. */
    void write() {
        synchronized (writing) {
            List<CancellationRequest> now;
            List<CompletableFuture<Void>> done;
            synchronized (this) {
                if (!isChanged) {
                    return;
                }
                now = all();
                done = written;
                written = new ArrayList<>();
                isChanged = false;
            }
            try {
                store.write(now);
            } catch (IOException | RuntimeException e) {
                LOGGER.log(Level.WARNING, "Could not store the pending cancellations; a restart would lose them", e);
            } finally {
                done.forEach(each -> each.complete(null));
            }
        }
    }

    /** Returns the requests, which are read on first use. The store preserves an unreadable file. */
    private Set<CancellationRequest> requests() {
        if (requests == null) {
            requests = new LinkedHashSet<>();
            try {
                store.read().stream().filter(CancellationRequest::isComplete).forEach(requests::add);
            } catch (IOException e) {
                LOGGER.log(Level.WARNING, "Could not read the pending cancellations; check for running AMS jobs", e);
            }
        }
        return requests;
    }
}
