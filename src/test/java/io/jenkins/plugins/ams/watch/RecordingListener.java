/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.watch;

import io.jenkins.plugins.ams.service.Job;
import io.jenkins.plugins.ams.service.JobState;
import io.jenkins.plugins.ams.service.Task;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Keeps what it hears, and notices calls that come at the same time or after the end. */
class RecordingListener implements WatchListener {

    private final List<JobState> states = new ArrayList<>();
    private final List<Exception> troubles = new ArrayList<>();
    private final List<Exception> rejections = new ArrayList<>();
    private final List<Duration> pauses = new ArrayList<>();
    private final List<Duration> recoveries = new ArrayList<>();
    private final List<Heard> waiting = new ArrayList<>();
    private final List<Outcome> outcomes = new ArrayList<>();
    private final List<String> misuses = new ArrayList<>();
    private final List<Integer> percents = new ArrayList<>();
    private List<Task> lastTasks = List.of();
    private Thread inside;

    @Override
    public void looked(Job job, List<Task> tasks, Progress progress) {
        enter();
        synchronized (this) {
            lastTasks = tasks;
            percents.add((int) progress.percent());
            if (states.isEmpty() || states.get(states.size() - 1) != job.state()) {
                states.add(job.state());
            }
        }
        leave();
    }

    @Override
    public void troubled(Exception fault, Duration pause) {
        enter();
        synchronized (this) {
            troubles.add(fault);
            pauses.add(pause);
        }
        leave();
    }

    @Override
    public void rejected(Exception error, Duration retryDelay, Duration patience) {
        enter();
        synchronized (this) {
            rejections.add(error);
        }
        leave();
    }

    @Override
    public void recovered(Duration after) {
        enter();
        synchronized (this) {
            recoveries.add(after);
        }
        leave();
    }

    /** What {@link #waiting} was told. */
    record Heard(Exception fault, Duration troubledFor, Duration untilLook) {}

    @Override
    public void waiting(Exception fault, Duration troubledFor, Duration untilLook) {
        enter();
        synchronized (this) {
            waiting.add(new Heard(fault, troubledFor, untilLook));
        }
        leave();
    }

    @Override
    public void ended(Outcome outcome) {
        enter();
        synchronized (this) {
            outcomes.add(outcome);
        }
        leave();
    }

    /** The states seen, each once in a row. */
    synchronized List<JobState> states() {
        return List.copyOf(states);
    }

    /** The progress at each look. */
    synchronized List<Integer> percents() {
        return List.copyOf(percents);
    }

    synchronized List<Task> lastTasks() {
        return lastTasks;
    }

    synchronized List<Exception> troubles() {
        return List.copyOf(troubles);
    }

    /** Errors that are retried for some time only. */
    synchronized List<Exception> rejections() {
        return List.copyOf(rejections);
    }

    synchronized List<Duration> pauses() {
        return List.copyOf(pauses);
    }

    synchronized List<Duration> recoveries() {
        return List.copyOf(recoveries);
    }

    /** What came every minute. */
    synchronized List<Heard> waiting() {
        return List.copyOf(waiting);
    }

    /** All outcomes; more than one is a defect. */
    synchronized List<Outcome> outcomes() {
        return List.copyOf(outcomes);
    }

    /** The one outcome. */
    synchronized Outcome outcome() {
        if (outcomes.size() != 1) {
            throw new AssertionError("expected one outcome, heard " + outcomes);
        }
        return outcomes.get(0);
    }

    /** What a listener must not meet. */
    synchronized List<String> misuses() {
        return List.copyOf(misuses);
    }

    private synchronized void enter() {
        if (inside != null) {
            misuses.add("two calls at once");
        }
        if (!outcomes.isEmpty()) {
            misuses.add("a call after the end");
        }
        inside = Thread.currentThread();
    }

    private synchronized void leave() {
        inside = null;
    }
}
