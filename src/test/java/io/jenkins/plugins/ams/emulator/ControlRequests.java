/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.emulator;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Parses the requests of the control API. Rejects unknown names, so that typing errors are reported. */
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

    private ControlRequests() {}

    /**
     * Parses a job, such as <code>{"name": "Encoding", "queued": 5, "scheduled": 2, "tasks": [{"name": "Encode",
     * "seconds": 60}], "ends": "error", "code": "ErrorParsingConfiguration", "message": "…"}</code>. Times are in
     * seconds. All fields are optional.
     */
    static JobScript job(JsonNode json) {
        requireKnown(json, JOB);
        JobScript script = JobScript.named(json.path("name").asText("Job"))
                .queued(seconds(json.path("queued").asDouble(0)))
                .scheduled(seconds(json.path("scheduled").asDouble(0)))
                .canceling(seconds(json.path("canceling").asDouble(5)))
                .progressRefreshedEvery(seconds(json.path("refresh").asDouble(1)));
        if (json.has("id")) {
            script = script.id(json.get("id").asText());
        }
        if (json.has("transform")) {
            script = script.transform(json.get("transform").asText());
        }
        for (JsonNode task : json.path("tasks")) {
            requireKnown(task, TASK);
            script = script.task(
                    task.path("name").asText("Task"),
                    seconds(task.path("seconds").asDouble(60)));
        }
        for (JsonNode output : json.path("outputs")) {
            script = script.outputAsset(output.asText());
        }
        if (json.path("parallel").asBoolean()) {
            script = script.tasksInParallel();
        }
        String ends = json.path("ends").asText("finished").toLowerCase(Locale.ROOT);
        return switch (ends) {
            case "finished" -> script.endsFinished();
            case "canceled" -> script.endsCanceled();
            case "error" ->
                script.endsInError(
                        json.path("task").asInt(-1),
                        json.path("code").asText("Unknown"),
                        json.path("message").asText("The task failed."));
            default -> throw new IllegalArgumentException("ends must be finished, error or canceled, not " + ends);
        };
    }

    /**
     * Parses a fault, such as <code>{"fault": "status", "status": 503, "retryAfter": 8, "kinds": ["JOBS"], "times":
     * 3}</code>. The default for "fault" is "gateway" if there is a gateway, and otherwise "status". Times are in
     * seconds, except "millis".
     */
    static Fault fault(JsonNode json) {
        requireKnown(json, FAULT);
        Duration time = Duration.ofMillis(json.path("millis").asLong(1000));
        int bytes = json.path("bytes").asInt(10);
        String defaultName = json.has("gateway") ? "gateway" : "status";
        String name = json.path("fault").asText(defaultName).toLowerCase(Locale.ROOT);
        Fault fault =
                switch (name) {
                    case "status" -> status(json);
                    case "gateway" -> Fault.gateway(gateway(json));
                    case "reset" -> Fault.reset();
                    case "closed" -> Fault.closed();
                    case "hang" -> Fault.hang();
                    case "lost" -> Fault.lostResponse();
                    case "html" -> Fault.htmlPage();
                    case "garbage" -> Fault.garbage();
                    case "huge" -> Fault.hugeBody(json.path("bytes").asInt(64 << 20));
                    case "slow" -> Fault.slowBody(bytes, time);
                    case "truncated" -> Fault.truncatedBody(bytes);
                    case "latency" -> Fault.latency(time);
                    case "type" -> Fault.contentType(json.path("contentType").asText("text/plain"));
                    default -> throw new IllegalArgumentException("no such fault: " + name);
                };
        if (json.has("retryAfter")) {
            fault = fault.retryAfter(seconds(json.get("retryAfter").asDouble()));
        }
        if (json.has("body")) {
            fault = fault.body(
                    json.path("contentType").asText("text/plain"),
                    json.get("body").asText());
        }
        return scoped(fault, json);
    }

    private static Fault status(JsonNode json) {
        int status = json.path("status").asInt(503);
        return json.has("code")
                ? Fault.error(
                        status, json.get("code").asText(), json.path("message").asText("The request is not valid."))
                : Fault.status(status);
    }

    private static Gateway gateway(JsonNode json) {
        String name = json.path("gateway").asText(Gateway.INGRESS.name()).toUpperCase(Locale.ROOT);
        try {
            return Gateway.valueOf(name);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "no such gateway: " + name + "; known gateways: " + List.of(Gateway.values()), e);
        }
    }

    private static Fault scoped(Fault unscoped, JsonNode json) {
        Fault fault = unscoped;
        List<RequestKind> kinds = new ArrayList<>();
        for (JsonNode kind : json.path("kinds")) {
            kinds.add(RequestKind.valueOf(kind.asText().toUpperCase(Locale.ROOT)));
        }
        if (!kinds.isEmpty()) {
            fault = fault.on(kinds.get(0), kinds.toArray(new RequestKind[0]));
        }
        if (json.has("job")) {
            fault = fault.forJob(json.get("job").asText());
        }
        if (json.has("times")) {
            fault = fault.times(json.get("times").asInt());
        }
        if (json.has("probability")) {
            fault = fault.withProbability(
                    json.get("probability").asDouble(), json.path("seed").asLong(0));
        }
        return fault;
    }

    private static Duration seconds(double seconds) {
        return Duration.ofMillis(Math.round(seconds * 1000));
    }

    private static void requireKnown(JsonNode json, Set<String> known) {
        for (Iterator<String> names = json.fieldNames(); names.hasNext(); ) {
            String name = names.next();
            if (!known.contains(name)) {
                throw new IllegalArgumentException("unknown name: " + name + "; known names: " + known);
            }
        }
    }
}
