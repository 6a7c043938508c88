/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.polling;

import io.jenkins.plugins.ams.http.AmsException;
import io.jenkins.plugins.ams.service.JobState;
import io.jenkins.plugins.ams.service.MediaJob;
import io.jenkins.plugins.ams.service.MediaTask;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Records its calls, and detects concurrent calls and calls after the end. */
class RecordingListener implements JobWaitListener {

    private final List<JobState> states = new ArrayList<>();
    private final List<AmsException> errors = new ArrayList<>();
    private final List<AmsException> rejections = new ArrayList<>();
    private final List<Duration> retryDelays = new ArrayList<>();
    private final List<Duration> recoveries = new ArrayList<>();
    private final List<Heartbeat> heartbeats = new ArrayList<>();
    private final List<WaitOutcome> outcomes = new ArrayList<>();
    private final List<String> misuses = new ArrayList<>();
    private final List<Integer> percents = new ArrayList<>();
    private List<MediaTask> lastTasks = List.of();
    private Thread inside;

    @Override
    public void onPolled(MediaJob job, List<MediaTask> tasks, JobProgress progress) {
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
    public void onError(AmsException error, Duration retryDelay) {
        enter();
        synchronized (this) {
            errors.add(error);
            retryDelays.add(retryDelay);
        }
        leave();
    }

    @Override
    public void onRejected(AmsException error, Duration retryDelay, Duration retryPeriod) {
        enter();
        synchronized (this) {
            rejections.add(error);
        }
        leave();
    }

    @Override
    public void onRecovered(Duration after) {
        enter();
        synchronized (this) {
            recoveries.add(after);
        }
        leave();
    }

    /** The arguments of {@link #onHeartbeat}. */
    record Heartbeat(AmsException error, Duration failingFor, Duration untilPoll) {}

    @Override
    public void onHeartbeat(AmsException error, Duration failingFor, Duration untilPoll) {
        enter();
        synchronized (this) {
            heartbeats.add(new Heartbeat(error, failingFor, untilPoll));
        }
        leave();
    }

    @Override
    public void onEnded(WaitOutcome outcome) {
        enter();
        synchronized (this) {
            outcomes.add(outcome);
        }
        leave();
    }

    /** Returns the states, without consecutive duplicates. */
    synchronized List<JobState> states() {
        return List.copyOf(states);
    }

    /** Returns the progress at each poll. */
    synchronized List<Integer> percents() {
        return List.copyOf(percents);
    }

    synchronized List<MediaTask> lastTasks() {
        return lastTasks;
    }

    synchronized List<AmsException> errors() {
        return List.copyOf(errors);
    }

    /** Returns the errors that are retried for a limited period. */
    synchronized List<AmsException> rejections() {
        return List.copyOf(rejections);
    }

    synchronized List<Duration> retryDelays() {
        return List.copyOf(retryDelays);
    }

    synchronized List<Duration> recoveries() {
        return List.copyOf(recoveries);
    }

    /** Returns the arguments of the heartbeats. */
    synchronized List<Heartbeat> waiting() {
        return List.copyOf(heartbeats);
    }

    /** Returns all outcomes; more than one is a defect. */
    synchronized List<WaitOutcome> outcomes() {
        return List.copyOf(outcomes);
    }

    /** Returns the only outcome. */
    synchronized WaitOutcome outcome() {
        if (outcomes.size() != 1) {
            throw new AssertionError("expected one outcome, got " + outcomes);
        }
        return outcomes.get(0);
    }

    /** Returns the violations of the listener's contract. */
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
