/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.emulator;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;

/** Parses the requests of the control API. {@link JsonFields} rejects what it does not know. */
final class ControlRequests {

    private static final Set<String> JOB = Set.of(
            "name",
            "id",
            "queued",
            "scheduled",
            "tasks",
            "parallel",
            "ends",
            "task",
            "code",
            "message",
            "canceling",
            "refresh",
            "outputs",
            "transform");
    private static final Set<String> TASK = Set.of("name", "seconds");
    private static final Set<String> SUBMISSION = Set.of(
            "queued", "scheduled", "seconds", "ends", "task", "code", "message", "canceling", "refresh", "times");
    private static final Set<String> FAULT = Set.of(
            "fault",
            "status",
            "code",
            "message",
            "gateway",
            "retryAfter",
            "millis",
            "bytes",
            "contentType",
            "body",
            "kinds",
            "job",
            "times",
            "probability",
            "seed");
    private static final List<String> FAULTS = List.of(
            "status",
            "gateway",
            "reset",
            "closed",
            "hang",
            "lost",
            "html",
            "garbage",
            "huge",
            "slow",
            "truncated",
            "latency",
            "type");
    private static final int MAX_TASKS = 30;

    private ControlRequests() {}

    /**
     * How jobs behave that are submitted.
     *
     * @param times the number of jobs, or 0 for all
     */
    record Behavior(int times, UnaryOperator<JobScript> script) {}

    /**
     * Parses a job, such as <code>{"name": "Encoding", "queued": 5, "scheduled": 2, "tasks": [{"name": "Encode",
     * "seconds": 60}], "ends": "error", "code": "ErrorParsingConfiguration", "message": "…"}</code>. Times are in
     * seconds. All fields are optional.
     */
    static JobScript job(String body) {
        JsonFields fields = JsonFields.of(body, JOB);
        JobScript script = JobScript.named(fields.text("name", "Job"));
        if (fields.has("id")) {
            script = script.id(fields.text("id", null));
        }
        script = script.transform(fields.text("transform", script.transform));
        for (JsonFields task : fields.objects("tasks", TASK)) {
            script = script.task(task.text("name", "Task"), task.seconds("seconds", 60));
        }
        for (String output : fields.texts("outputs")) {
            script = script.outputAsset(output);
        }
        if (fields.flag("parallel")) {
            script = script.tasksInParallel();
        }
        return withBehavior(script, fields, Duration.ZERO);
    }

    /** Parses how submitted jobs behave. {@code seconds} is the time of each task. */
    static Behavior submissions(String body) {
        JsonFields fields = JsonFields.of(body, SUBMISSION);
        Duration processing = fields.seconds("seconds", 10);
        UnaryOperator<JobScript> behavior =
                script -> withBehavior(script.processing(processing), fields, script.queued);
        behavior.apply(JobScript.named("job")); // reports errors now
        return new Behavior(fields.integer("times", 1, Integer.MAX_VALUE, 0), behavior);
    }

    private static JobScript withBehavior(JobScript job, JsonFields fields, Duration queued) {
        JobScript script = job.queued(fields.seconds("queued", queued.toMillis() / 1000.0))
                .scheduled(fields.seconds("scheduled", 0))
                .canceling(fields.seconds("canceling", 5))
                .progressRefreshedEvery(fields.seconds("refresh", 1));
        String code = fields.text("code", "Unknown");
        String message = fields.text("message", "The task failed.");
        int task = fields.integer("task", 0, MAX_TASKS - 1, -1);
        return switch (fields.constant("ends", JobScript.Ending.class, JobScript.Ending.FINISHED)) {
            case FINISHED -> script.endsFinished();
            case CANCELED -> script.endsCanceled();
            case ERROR -> script.endsInError(task, code, message);
        };
    }

    /**
     * Parses a fault, such as <code>{"fault": "status", "status": 503, "retryAfter": 8, "kinds": ["JOBS"], "times":
     * 3}</code>. The default for "fault" is "gateway" if there is a gateway, and otherwise "status". Times are in
     * seconds, except "millis".
     */
    static Fault fault(String body) {
        JsonFields fields = JsonFields.of(body, FAULT);
        Duration time = Duration.ofMillis(fields.integer("millis", 0, 3_600_000, 1000));
        int bytes = fields.integer("bytes", 0, 1 << 30, 10);
        String contentType = fields.text("contentType", "text/plain");
        Gateway gateway = fields.constant("gateway", Gateway.class, Gateway.INGRESS);
        Fault status = status(fields);
        Fault fault =
                switch (fields.choice("fault", FAULTS, fields.has("gateway") ? "gateway" : "status")) {
                    case "status" -> status;
                    case "gateway" -> Fault.gateway(gateway);
                    case "reset" -> Fault.reset();
                    case "closed" -> Fault.closed();
                    case "hang" -> Fault.hang();
                    case "lost" -> Fault.lostResponse();
                    case "html" -> Fault.htmlPage();
                    case "garbage" -> Fault.garbage();
                    case "huge" -> Fault.hugeBody(fields.has("bytes") ? bytes : 64 << 20);
                    case "slow" -> Fault.slowBody(Math.max(1, bytes), time);
                    case "truncated" -> Fault.truncatedBody(bytes);
                    case "latency" -> Fault.latency(time);
                    case "type" -> Fault.contentType(contentType);
                    default -> throw new IllegalStateException("the list of faults is incomplete");
                };
        if (fields.has("retryAfter")) {
            fault = fault.retryAfter(fields.seconds("retryAfter", 0));
        }
        if (fields.has("body")) {
            fault = fault.body(contentType, fields.text("body", ""));
        }
        return scoped(fault, fields);
    }

    private static Fault status(JsonFields fields) {
        int status = fields.integer("status", 100, 599, 503);
        String message = fields.text("message", "The request is not valid.");
        return fields.has("code") ? Fault.error(status, fields.text("code", null), message) : Fault.status(status);
    }

    private static Fault scoped(Fault unscoped, JsonFields fields) {
        Fault fault = unscoped;
        List<RequestKind> kinds = fields.constants("kinds", RequestKind.class);
        if (!kinds.isEmpty()) {
            fault = fault.on(kinds.get(0), kinds.toArray(new RequestKind[0]));
        }
        if (fields.has("job")) {
            fault = fault.forJob(fields.text("job", null));
        }
        if (fields.has("times")) {
            fault = fault.times(fields.integer("times", 1, Integer.MAX_VALUE, 1));
        }
        int seed = fields.integer("seed", Integer.MIN_VALUE, Integer.MAX_VALUE, 0);
        return fields.has("probability") ? fault.withProbability(fields.number("probability", 0, 1, 1), seed) : fault;
    }
}
