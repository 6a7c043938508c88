/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.polling;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Queues the notifications for the listener of one wait or one cancellation.
 *
 * <p>Notifications are delivered in order by one thread at a time, and {@link #post} does not block. A listener may
 * hang, for example because the disk that stores the console log does not respond. A listener that hangs blocks only
 * one thread, and delays only the notifications for its own wait or cancellation.
 *
 * <p>At most one notification of each kind is pending. A new notification replaces a pending notification of the same
 * kind. If an error is still pending when the recovery from it is posted, neither notification is delivered. These
 * rules limit memory use if a listener hangs for days.
 *
 * <p>Thread-safe; guarded by its own lock. The listener is called without a lock.
 */
final class Notifications {

    private static final Logger LOGGER = Logger.getLogger(Notifications.class.getName());

    /** The kinds of notifications. A new notification replaces a pending notification of the same kind. */
    enum Kind {
        POLLED,
        ERROR,
        RECOVERED,
        WAITING,
        ENDED
    }

    private final String wait;
    private final Executor executor;
    private final Map<Kind, Runnable> pending = new LinkedHashMap<>();
    private boolean delivering;
    private boolean closed;

    /**
     * Creates an empty queue.
     *
     * @param description describes the wait or cancellation in log messages
     * @param executor delivers the notifications; must not throw exceptions
     */
    Notifications(String description, Executor executor) {
        this.wait = description;
        this.executor = executor;
    }

    /** Delivers a notification after all previously posted notifications. */
    void post(Kind kind, Runnable call) {
        synchronized (this) {
            if (closed || kind == Kind.RECOVERED && pending.remove(Kind.ERROR) != null) {
                return;
            }
            pending.remove(kind); // moves the kind to the end
            pending.put(kind, call);
            if (delivering) {
                return;
            }
            delivering = true;
        }
        executor.execute(this::deliver);
    }

    /** Discards pending and future notifications. A call that is already in progress is not interrupted. */
    synchronized void close() {
        closed = true;
        pending.clear();
    }

    private void deliver() {
        for (Runnable call = next(); call != null; call = next()) {
            try {
                call.run();
            } catch (RuntimeException | Error e) { // Catch Errors too: later notifications must not be lost.
                LOGGER.log(Level.WARNING, e, () -> "A listener of " + wait + " failed");
            }
        }
    }

    private synchronized Runnable next() {
        Iterator<Runnable> calls = pending.values().iterator();
        if (!calls.hasNext()) {
            delivering = false;
            return null;
        }
        Runnable next = calls.next();
        calls.remove();
        return next;
    }
}
