/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.watch;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * The notifications of one wait, or of one cancellation, that its listener has not received yet. They are delivered one after the other, in
 * order, by at most one thread at a time; whoever posts one never waits for the listener. So a listener that hangs, as
 * on a console whose disk does not respond, holds one thread and delays its own wait alone.
 *
 * <p>At most one notification of each kind is pending: a newer one replaces an older one, and a recovery cancels an
 * error that was not reported yet. What a listener that hangs for days keeps in memory is therefore bounded.
 *
 * <p>Guarded by itself. The listener is called without any lock.
 */
final class Notifications {

    private static final Logger LOGGER = Logger.getLogger(Notifications.class.getName());

    /** What is notified, as far as one replaces another. */
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
     * @param wait the wait, for the log
     * @param executor runs the deliveries; must not throw
     */
    Notifications(String wait, Executor executor) {
        this.wait = wait;
        this.executor = executor;
    }

    /** Delivers a notification as soon as the listener has received those before it. */
    void post(Kind kind, Runnable call) {
        synchronized (this) {
            if (closed || kind == Kind.RECOVERED && pending.remove(Kind.ERROR) != null) {
                return;
            }
            pending.remove(kind); // the newer one goes last
            pending.put(kind, call);
            if (delivering) {
                return;
            }
            delivering = true;
        }
        executor.execute(this::deliver);
    }

    /** Drops what is pending, and what is posted from now on. A call that is under way is not interrupted. */
    synchronized void close() {
        closed = true;
        pending.clear();
    }

    private void deliver() {
        for (Runnable call = next(); call != null; call = next()) {
            try {
                call.run();
            } catch (RuntimeException | Error e) { // Errors too: the notifications that follow must not be lost
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
