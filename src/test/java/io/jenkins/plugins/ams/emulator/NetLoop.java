/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.emulator;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Serves many connections and their delayed tasks with one thread. A thousand delayed responses take a thousand queue
 * entries, and no thread is blocked by a client.
 */
final class NetLoop implements AutoCloseable {

    private static final Logger LOGGER = Logger.getLogger(NetLoop.class.getName());
    private static final AtomicInteger NUMBER = new AtomicInteger();

    /** Handles the events of a channel. */
    interface Ready {
        void ready(SelectionKey key) throws IOException;

        void failed(SelectionKey key, IOException e);
    }

    private record TimedTask(long nanos, long order, Runnable task) {}

    private final Selector selector;
    private final Thread thread;
    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final PriorityQueue<TimedTask> timedTasks =
            new PriorityQueue<>(Comparator.comparingLong(TimedTask::nanos).thenComparingLong(TimedTask::order));
    private final ByteBuffer net = ByteBuffer.allocate(1 << 17);
    private final ByteBuffer app = ByteBuffer.allocate(1 << 17);
    private final ByteBuffer out = ByteBuffer.allocate(1 << 17);
    private long order;
    private volatile boolean closed;

    NetLoop() throws IOException {
        this.selector = Selector.open();
        this.thread = new Thread(this::run, "ams-emulator-" + NUMBER.incrementAndGet());
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    Selector selector() {
        return selector;
    }

    /** Returns the buffer for bytes from the network, which all connections share. */
    ByteBuffer netBuffer() {
        return net.clear();
    }

    /** Returns the shared buffer for decrypted bytes. */
    ByteBuffer appBuffer() {
        return app.clear();
    }

    /** Returns the shared buffer for encrypted bytes. */
    ByteBuffer outBuffer() {
        return out.clear();
    }

    /** Runs a task on the loop's thread. Only this method and {@link #close} may be called from other threads. */
    void execute(Runnable task) {
        tasks.add(task);
        selector.wakeup();
    }

    /** Runs a task on the loop's thread after a delay. Must be called from that thread. */
    void schedule(Duration time, Runnable task) {
        timedTasks.add(new TimedTask(System.nanoTime() + time.toNanos(), order++, task));
    }

    private void run() {
        try {
            while (!closed) {
                select();
                for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
                    task.run();
                }
                while (!timedTasks.isEmpty() && timedTasks.peek().nanos() - System.nanoTime() <= 0) {
                    timedTasks.poll().task().run();
                }
                for (SelectionKey key : selector.selectedKeys()) {
                    serve(key);
                }
                selector.selectedKeys().clear();
            }
        } catch (IOException e) {
            LOGGER.log(Level.SEVERE, "the emulator cannot continue", e);
        } finally {
            // register accepted connections, so that they are closed with the others
            for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
                task.run();
            }
            closeAll();
        }
    }

    private void select() throws IOException {
        if (timedTasks.isEmpty()) {
            selector.select();
            return;
        }
        long nanos = timedTasks.peek().nanos() - System.nanoTime();
        if (nanos <= 0) {
            selector.selectNow();
        } else {
            selector.select(nanos / 1_000_000 + 1);
        }
    }

    private static void serve(SelectionKey key) {
        Ready ready = (Ready) key.attachment();
        try {
            ready.ready(key);
        } catch (IOException e) {
            ready.failed(key, e);
        } catch (CancelledKeyException e) {
            LOGGER.log(Level.FINEST, "the connection was closed while it was served", e);
        }
    }

    private void closeAll() {
        for (SelectionKey key : new ArrayList<>(selector.keys())) {
            try {
                key.channel().close();
            } catch (IOException e) {
                LOGGER.log(Level.FINE, "cannot close a connection", e);
            }
        }
        try {
            selector.close();
        } catch (IOException e) {
            LOGGER.log(Level.FINE, "cannot close the selector", e);
        }
    }

    /** Closes all connections and waits until they are closed. */
    @Override
    public void close() {
        closed = true;
        selector.wakeup();
        try {
            thread.join(5000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
