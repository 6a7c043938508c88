/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.wait;

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
 * The cancellations whose outcome is not known yet, in a file that survives a restart and a killed process. A request is
 * written before the service is asked, as no build may be able to ask again: a freestyle build ends with its process,
 * and so does a Pipeline whose durability setting saves nothing while it runs. Requests that come together are written
 * together, so that a thousand builds that are aborted at once cost a few writes; that a request is done is written a
 * little later, because asking the service once more does no harm.
 *
 * <p>Guarded by this; the store is called with {@link #writing} held.
 */
final class PendingCancellations {

    private static final Logger LOGGER = Logger.getLogger(PendingCancellations.class.getName());

    /** From one write to the next: what comes in between is written together. */
    static final Duration WRITE_INTERVAL = Duration.ofMillis(100);

    /** How long requests that are done stay in the file. */
    static final Duration REMOVAL_DELAY = Duration.ofSeconds(2);

    private static final String FILE = "file";

    private final Store store;
    private final Scheduler timer;
    private final DebouncedTasks<String> writes;
    private final Object writing = new Object();

    /** In the order of the requests; null until the file has been read. */
    private Set<CancellationRequest> requests;

    private List<CompletableFuture<Void>> written = new ArrayList<>();
    private boolean isChanged;
    private boolean isRemovalPlanned;

    /** Where the requests are kept. */
    interface Store {
        /** Reads what was written last; empty if nothing was. */
        List<CancellationRequest> read() throws IOException;

        /** Replaces what was written before, completely or not at all. */
        void write(List<CancellationRequest> requests) throws IOException;
    }

    /** @param writer runs the writes; may take as long as a disk does */
    PendingCancellations(Store store, Scheduler timer, Executor writer) {
        this.store = store;
        this.timer = timer;
        this.writes = new DebouncedTasks<>(timer, writer, file -> write());
    }

    /** Returns the requests whose outcome is not known, in their order. */
    synchronized List<CancellationRequest> all() {
        return List.copyOf(requests());
    }

    /**
     * Adds a request.
     *
     * @return completes when the request is on disk, or could not be written, which is logged
     */
    CompletableFuture<Void> add(CancellationRequest request) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        synchronized (this) {
            requests().add(request);
            isChanged = true;
            written.add(done);
        }
        writes.request(FILE, WRITE_INTERVAL);
        return done;
    }

    /** Adds a request and writes it in this thread, because Jenkins is being shut down and no other is left to do it. */
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

    /** Writes what has changed in this thread. */
    void flush() {
        write();
    }

    private void writeRemovals() {
        synchronized (this) {
            isRemovalPlanned = false;
        }
        writes.request(FILE, WRITE_INTERVAL);
    }

    private void write() {
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
                LOGGER.log(Level.WARNING, "Could not store what is to be canceled; a restart would forget it", e);
            } finally {
                done.forEach(each -> each.complete(null));
            }
        }
    }

    /** What cannot be read is left alone and logged by the store. */
    private Set<CancellationRequest> requests() {
        if (requests == null) {
            requests = new LinkedHashSet<>();
            try {
                store.read().stream().filter(CancellationRequest::isComplete).forEach(requests::add);
            } catch (IOException e) {
                LOGGER.log(Level.WARNING, "Could not read what is to be canceled; check for AMS jobs that run on", e);
            }
        }
        return requests;
    }
}
