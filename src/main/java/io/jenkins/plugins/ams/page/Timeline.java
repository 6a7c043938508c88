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
 * A timeline of a job: for each task, how long it was Queued, Scheduled and Processing. Positions are percentages of the
 * timeline's width, from the job's creation to its end or to now.
 */
@Restricted(NoExternalUse.class)
public final class Timeline {

    /** A phase of a task, under the service's name, which is not translated. */
    public enum Phase {
        QUEUED("Queued"),
        SCHEDULED("Scheduled"),
        PROCESSING("Processing");

        private final String label;

        Phase(String label) {
            this.label = label;
        }

        /** Returns the service's name of the phase. */
        public String label() {
            return label;
        }

        /** Returns the name for style sheets. */
        public String style() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** Round distances between two ticks, in seconds. */
    private static final long[] STEPS = {
        1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200, 86_400
    };

    private static final int MAX_STEPS = 5;

    /** Narrower segments would not be visible. In percent. */
    private static final double MIN_WIDTH = 0.4;

    /** The position, in percent, from which the text of a tick ends at the tick instead of being centered on it. */
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
     * Returns the timeline of a job, without rows if the service did not send when the job was created.
     *
     * @param until the end of the timeline, unless the job has ended
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

    /** Returns a row for each task, or one for the job while its tasks are not known. */
    public List<Row> getRows() {
        return rows;
    }

    /** Returns the ticks of the time axis, at round times since the job's creation. */
    public List<Tick> getTicks() {
        return ticks;
    }

    /**
     * A phase in a row.
     *
     * @param left the position of its beginning, such as {@code 12.50%}
     * @param width the width, in the same form
     * @param text the phase and its duration, in words
     */
    public record Segment(Phase phase, String left, String width, String text) {}

    /**
     * A tick of the time axis.
     *
     * @param left the position, such as {@code 12.50%}
     * @param anchor the SVG {@code text-anchor} of the text
     * @param text the time since the job's creation
     */
    public record Tick(String left, String anchor, String text) {}

    /** The phases of one task, or of the job. */
    public static final class Row {

        private final AmsTaskResult task;
        private final List<Segment> segments = new ArrayList<>();
        private final String[] durations = new String[Phase.values().length];

        private Row(AmsTaskResult task) {
            this.task = task;
        }

        /** Returns the task; null for the job. */
        public AmsTaskResult getTask() {
            return task;
        }

        public List<Segment> getSegments() {
            return segments;
        }

        /** Returns how long it was Queued; null if it never was. */
        public String getQueued() {
            return durations[Phase.QUEUED.ordinal()];
        }

        /** Returns how long it was Scheduled; null if it never was, or if no poll found it so. */
        public String getScheduled() {
            return durations[Phase.SCHEDULED.ordinal()];
        }

        /** Returns how long it was Processing; null if it never was. */
        public String getProcessing() {
            return durations[Phase.PROCESSING.ordinal()];
        }

        /** Returns the row in words, for screen readers. */
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
        at = Math.min(at, 100 - width); // a segment of minimum width at the very end would be outside
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

    private static Instant later(Instant a, Instant b) {
        if (a == null || b == null) {
            return a == null ? b : a;
        }
        return a.isAfter(b) ? a : b;
    }
}
