/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.page;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.ams.console.DurationText;
import io.jenkins.plugins.ams.result.AmsJobResult;
import io.jenkins.plugins.ams.result.AmsTaskResult;
import io.jenkins.plugins.ams.result.WaitRecord;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/**
 * A job's timeline, which shows how long each task was Queued, Scheduled, and Processing. Positions are percentages of
 * the timeline's width. The timeline starts when the job is created and ends when the job ends, or at the current time
 * if the job has not ended.
 */
@Restricted(NoExternalUse.class)
public final class Timeline {

    /** A phase of a task. Its label is the service's name for the state and is not translated. */
    public enum Phase {
        QUEUED("Queued"),
        SCHEDULED("Scheduled"),
        PROCESSING("Processing");

        private final String label;

        Phase(String label) {
            this.label = label;
        }

        /** Returns the service's name for the phase. */
        public String label() {
            return label;
        }

        /** Returns the name of the phase in style sheets. */
        public String style() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** Possible intervals between ticks, in seconds. */
    private static final long[] STEPS = {
        1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200, 86_400
    };

    private static final int MAX_STEPS = 5;

    /** Minimum width of a segment in percent. Narrower segments would not be visible. */
    private static final double MIN_WIDTH = 0.4;

    /** Position in percent beyond which a tick's label ends at the tick instead of being centered on the tick. */
    private static final double NEAR_THE_END = 94;

    private final Instant from;
    private final Instant until;
    private final List<Row> rows = new ArrayList<>();
    private final List<Tick> ticks = new ArrayList<>();

    private Timeline(Instant from, Instant until) {
        this.from = from;
        this.until = until;
    }

    /**
     * Creates the timeline of a job. The timeline has no rows if the job's creation time is unknown.
     *
     * @param until the end of the timeline if the job has not ended, or null if the job has never been polled
     */
    static Timeline of(WaitRecord wait, @CheckForNull Instant until) {
        AmsJobResult job = wait.getJob();
        Instant from = job.created();
        if (from == null || until == null) {
            return new Timeline(Instant.EPOCH, Instant.EPOCH);
        }
        Instant end = job.ended() == null ? until : job.ended();
        for (AmsTaskResult task : job.getTasks()) {
            end = later(end, later(task.started(), task.ended()));
        }
        Timeline timeline = new Timeline(from, later(from, end));
        if (job.getTasks().isEmpty()) {
            timeline.addRow(null, wait.scheduledSeen(), job.started(), job.ended());
        }
        for (AmsTaskResult task : job.getTasks()) {
            boolean over = task.state().isTerminal();
            Instant taskEnd = task.ended() != null || !over ? task.ended() : job.ended();
            timeline.addRow(task, task.scheduled(), task.started(), taskEnd);
        }
        timeline.addTicks();
        return timeline;
    }

    /** Returns a row for each task, or a single row for the job if its tasks are unknown. */
    public List<Row> getRows() {
        return rows;
    }

    /** Returns the ticks of the time axis, at regular intervals from the job's creation. */
    public List<Tick> getTicks() {
        return ticks;
    }

    /**
     * A phase of a task, drawn as a segment of the task's row.
     *
     * @param left the position of the left edge, such as {@code 12.50%}
     * @param width the width, such as {@code 8.25%}
     * @param text the name and the duration of the phase
     */
    public record Segment(Phase phase, String left, String width, String text) {}

    /**
     * A tick of the time axis.
     *
     * @param left the position, such as {@code 12.50%}
     * @param anchor the SVG {@code text-anchor} of the label
     * @param text the label, which is the time since the job's creation
     */
    public record Tick(String left, String anchor, String text) {}

    /** The phases of a task, or of the job if its tasks are unknown. */
    public static final class Row {

        private final AmsTaskResult task;
        private final List<Segment> segments = new ArrayList<>();
        private final String[] durations = new String[Phase.values().length];

        private Row(AmsTaskResult task) {
            this.task = task;
        }

        /** Returns the task, or null if the row represents the job. */
        @CheckForNull
        public AmsTaskResult getTask() {
            return task;
        }

        public List<Segment> getSegments() {
            return segments;
        }

        /** Returns how long the task was Queued, as localized text, or null if the task has not been in this phase. */
        @CheckForNull
        public String getQueued() {
            return durations[Phase.QUEUED.ordinal()];
        }

        /**
         * Returns how long the task was Scheduled, as localized text, or null if the phase was skipped or not observed.
         */
        @CheckForNull
        public String getScheduled() {
            return durations[Phase.SCHEDULED.ordinal()];
        }

        /**
         * Returns how long the task was Processing, as localized text, or null if the task has not been in this phase.
         */
        @CheckForNull
        public String getProcessing() {
            return durations[Phase.PROCESSING.ordinal()];
        }

        /** Returns the phases and their durations as text for screen readers. */
        public String getText() {
            return segments.stream().map(Segment::text).collect(Collectors.joining(", "));
        }
    }

    private void addRow(AmsTaskResult task, Instant scheduled, Instant started, Instant ended) {
        Row row = new Row(task);
        Instant end = ended == null ? until : ended;
        Instant waited = started == null ? end : started;
        Instant queued = scheduled == null || scheduled.isAfter(waited) ? waited : scheduled;
        addSegment(row, Phase.QUEUED, from, queued);
        addSegment(row, Phase.SCHEDULED, queued, waited);
        if (started != null) {
            addSegment(row, Phase.PROCESSING, started, end);
        }
        rows.add(row);
    }

    private void addSegment(Row row, Phase phase, Instant begin, Instant end) {
        Instant left = begin.isBefore(from) ? from : begin;
        Duration duration = Duration.between(left, end);
        if (duration.isNegative() || duration.isZero()) {
            return;
        }
        String words = DurationText.of(duration);
        double at = percent(left);
        double width = Math.max(MIN_WIDTH, percent(end) - at);
        at = Math.min(at, 100 - width); // keep a segment of minimum width within the timeline
        row.durations[phase.ordinal()] = words;
        row.segments.add(new Segment(phase, text(at), text(width), phase.label() + ' ' + words));
    }

    private void addTicks() {
        long seconds = Duration.between(from, until).toSeconds();
        long step = step(seconds);
        for (long at = 0; at <= seconds; at += step) {
            double left = percent(from.plusSeconds(at));
            String anchor = at == 0 ? "start" : left > NEAR_THE_END ? "end" : "middle";
            ticks.add(new Tick(text(left), anchor, DurationText.of(Duration.ofSeconds(at))));
        }
    }

    private static long step(long seconds) {
        for (long step : STEPS) {
            if (seconds / step <= MAX_STEPS) {
                return step;
            }
        }
        long days = STEPS[STEPS.length - 1];
        return (seconds / MAX_STEPS / days + 1) * days;
    }

    private double percent(Instant time) {
        double whole = Duration.between(from, until).toMillis();
        double part = Duration.between(from, time).toMillis();
        return whole <= 0 ? 0 : Math.max(0, Math.min(100, 100 * part / whole));
    }

    private static String text(double percent) {
        return String.format(Locale.ROOT, "%.2f%%", percent);
    }

    private static Instant later(@CheckForNull Instant a, @CheckForNull Instant b) {
        if (a == null || b == null) {
            return a == null ? b : a;
        }
        return a.isAfter(b) ? a : b;
    }
}
