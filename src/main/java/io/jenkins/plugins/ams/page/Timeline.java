/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.page;

import io.jenkins.plugins.ams.console.DurationText;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/**
 * The picture of a job's time: for each task how long it was Queued, Scheduled and Processing. Positions are percentages
 * of the picture's width, from the job's creation to its end or to now.
 */
@Restricted(NoExternalUse.class)
public final class Timeline {

    /** What a task does. The names are the service's, and the same in every language. */
    public enum Phase {
        QUEUED("Queued"),
        SCHEDULED("Scheduled"),
        PROCESSING("Processing");

        private final String label;

        Phase(String label) {
            this.label = label;
        }

        /** As the service says it. */
        public String label() {
            return label;
        }

        /** The name for style sheets. */
        public String style() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** Round distances between two ticks, in seconds. */
    private static final long[] STEPS = {
        1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200, 86_400
    };

    private static final int MAX_STEPS = 5;

    /** Narrower parts of the picture are not seen. */
    private static final double MIN_WIDTH = 0.4;

    /** Beyond, the text of a tick ends at it instead of having it in its middle. */
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
     * Draws a job.
     *
     * @param until the picture's end unless the job has ended
     * @return without rows if the service did not say when the job was created
     */
    static Timeline of(StoredJob job, Instant until) {
        Instant from = job.created();
        if (from == null || until == null) {
            return new Timeline(Instant.EPOCH, Instant.EPOCH);
        }
        Instant end = job.ended() == null ? until : job.ended();
        for (StoredTask task : job.getTasks()) {
            end = later(end, later(task.started(), task.ended()));
        }
        Timeline timeline = new Timeline(from, later(from, end));
        if (job.getTasks().isEmpty()) {
            timeline.addRow(null, job.scheduledSeen(), job.started(), job.ended());
        }
        for (StoredTask task : job.getTasks()) {
            boolean over = task.state().isTerminal();
            Instant taskEnd = task.ended() != null || !over ? task.ended() : job.ended();
            timeline.addRow(task, task.scheduled(), task.started(), taskEnd);
        }
        timeline.addTicks();
        return timeline;
    }

    /** One for each task; one for the job while its tasks are not known. */
    public List<Row> getRows() {
        return rows;
    }

    /** Round times since the job's creation. */
    public List<Tick> getTicks() {
        return ticks;
    }

    /**
     * A part of a row.
     *
     * @param left where it begins, such as {@code 12.50%}
     * @param width how wide it is
     * @param text the phase and how long it was, in words
     */
    public record Segment(Phase phase, String left, String width, String text) {}

    /**
     * A time on the axis.
     *
     * @param left where it is
     * @param anchor which end of its text is there, as SVG says it
     * @param text the time since the job's creation
     */
    public record Tick(String left, String anchor, String text) {}

    /** One task's time. */
    public static final class Row {

        private final StoredTask task;
        private final List<Segment> segments = new ArrayList<>();
        private final String[] durations = new String[Phase.values().length];

        private Row(StoredTask task) {
            this.task = task;
        }

        /** The task; null for the job. */
        public StoredTask getTask() {
            return task;
        }

        public List<Segment> getSegments() {
            return segments;
        }

        /** How long it was Queued; null if it never was. */
        public String getQueued() {
            return durations[Phase.QUEUED.ordinal()];
        }

        /** How long it was Scheduled; null if it never was, and if nobody saw it. */
        public String getScheduled() {
            return durations[Phase.SCHEDULED.ordinal()];
        }

        /** How long it was Processing; null if it never was. */
        public String getProcessing() {
            return durations[Phase.PROCESSING.ordinal()];
        }

        /** The row for those who do not see it. */
        public String getText() {
            return segments.stream().map(Segment::text).collect(Collectors.joining(", "));
        }
    }

    private void addRow(StoredTask task, Instant scheduled, Instant started, Instant ended) {
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
        at = Math.min(at, 100 - width); // the narrowest at the very end would fall out of the picture
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
