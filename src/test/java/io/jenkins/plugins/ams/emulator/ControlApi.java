/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.emulator;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Controls jobs and faults over HTTP, with paths below {@code /emulator/}, for manual tests with curl. Each response
 * says what was done. There is no authentication, so the emulator listens only on the loopback address. Requests to this
 * API are not logged or affected by faults.
 */
final class ControlApi {

    private static final String BASE = "/emulator/";
    private static final Pattern PATH = Pattern.compile(BASE + "([^/]+)(?:/([^/]+)(/.+)?)?");
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final Set<String> STATE = Set.of("state", "progress", "task", "code", "message");
    private static final Set<String> AUTHORITY = Set.of("error", "claims", "secret", "lifetime", "expireTokens");
    private static final List<String> STATES =
            List.of("Queued", "Scheduled", "Processing", "Finished", "Error", "Canceled", "Canceling");
    private static final List<String> OPERATIONS = List.of(
            "GET jobs",
            "POST jobs",
            "GET jobs/{id}",
            "POST jobs/{id}/state",
            "POST submissions",
            "DELETE submissions",
            "GET faults",
            "POST faults",
            "DELETE faults",
            "POST azure-ad",
            "GET requests",
            "DELETE requests");

    private final Emulator emulator;
    private final JobStore jobs;

    ControlApi(Emulator emulator, JobStore jobs) {
        this.emulator = emulator;
        this.jobs = jobs;
    }

    static boolean isBelow(String rawPath) {
        return rawPath.startsWith(BASE) || rawPath.equals("/emulator");
    }

    Response respond(Request request) {
        try {
            if (!request.rawQuery().isEmpty()) {
                throw new IllegalArgumentException("the control API has no parameters in the URL; send JSON instead");
            }
            Matcher path = PATH.matcher(Request.decodePath(request.rawPath()));
            if (!path.matches()) {
                return route(request, "", "");
            }
            String operation = request.method() + " " + path.group(1)
                    + (path.group(2) == null ? "" : "/{id}")
                    + (path.group(3) == null ? "" : path.group(3));
            return route(request, operation, path.group(2));
        } catch (JsonProcessingException | IllegalArgumentException e) {
            return text(400, e.getMessage());
        }
    }

    private Response route(Request request, String operation, String id) throws JsonProcessingException {
        switch (operation) {
            case "POST jobs":
                return json(201, described(emulator.addJob(ControlRequests.job(request.body()))));
            case "GET jobs":
                ArrayNode all = MAPPER.createArrayNode();
                jobs.all().forEach(job -> all.add(described(job)));
                return json(200, all);
            case "GET jobs/{id}", "POST jobs/{id}/state":
                Optional<EmulatedJob> found = jobs.find(Ids.job(Ids.guid(id)));
                if (found.isEmpty()) {
                    return text(404, "there is no job " + id + "; GET jobs lists all jobs");
                }
                if (request.method().equals("POST")) {
                    change(found.get(), JsonFields.of(request.body(), STATE));
                }
                return json(200, described(found.get()));
            case "POST submissions":
                return submissions(ControlRequests.submissions(request.body()));
            case "DELETE submissions":
                emulator.submissions().reset();
                return text(200, "Submitted jobs behave as by default.");
            case "POST faults":
                Fault fault = ControlRequests.fault(request.body());
                emulator.faults().inject(fault);
                return text(200, "Injected: " + fault.description());
            case "GET faults":
                ArrayNode active = MAPPER.createArrayNode();
                emulator.faults().active().forEach(each -> active.add(each.toString()));
                return json(200, active);
            case "DELETE faults":
                int faults = emulator.faults().active().size();
                emulator.faults().clear();
                return text(200, "Cleared faults: " + faults);
            case "POST azure-ad":
                return text(
                        200, String.join("\n", change(emulator.azureAd(), JsonFields.of(request.body(), AUTHORITY))));
            case "GET requests":
                return requests();
            case "DELETE requests":
                int requests = emulator.requests().all().size();
                emulator.requests().clear();
                return text(200, "Cleared requests: " + requests);
            default:
                return text(404, "the control API at " + BASE + " has " + String.join(", ", OPERATIONS));
        }
    }

    private Response submissions(ControlRequests.Behavior behavior) {
        if (behavior.times() == 0) {
            emulator.submissions().all(behavior.script());
            return text(200, "All jobs that are submitted from now on behave like this.");
        }
        emulator.submissions().next(behavior.times(), behavior.script());
        return text(200, "Jobs that are submitted next and behave like this: " + behavior.times());
    }

    private Response requests() throws JsonProcessingException {
        ArrayNode log = MAPPER.createArrayNode();
        for (RecordedRequest request : emulator.requests().all()) {
            log.addObject()
                    .put("time", request.time().toString())
                    .put("kind", request.kind().name())
                    .put("method", request.method())
                    .put("target", request.target())
                    .put("status", request.status());
        }
        return json(200, log);
    }

    private static void change(EmulatedJob job, JsonFields fields) {
        if (!fields.has("state") && !fields.has("progress")) {
            throw new IllegalArgumentException("state or progress is required");
        }
        int state = fields.has("state") ? number(fields) : -1;
        List<Double> progress = fields.numbers("progress");
        int tasks = job.snapshot().tasks().size();
        if (progress.size() > tasks) {
            throw fields.wrong("progress", "a list of at most " + tasks + " numbers, one for each task");
        }
        int task = fields.integer("task", 0, tasks - 1, -1);
        String code = fields.text("code", "Unknown");
        String message = fields.text("message", "The task failed.");
        for (int i = 0; i < progress.size(); i++) {
            job.setProgress(i, progress.get(i));
        }
        if (state == 4) {
            job.fail(task, code, message);
        } else if (state >= 0) {
            job.setState(state);
        }
    }

    private static int number(JsonFields fields) {
        JsonNode state = fields.get("state");
        for (int i = 0; i < STATES.size(); i++) {
            if (STATES.get(i).equalsIgnoreCase(state.asText())) {
                return i;
            }
        }
        if (!state.isInt() || state.asInt() < 0) {
            throw fields.wrong("state", "a number or one of " + STATES);
        }
        return state.asInt();
    }

    /** Changes the authority, and returns what was changed. */
    private static List<String> change(AzureAd azureAd, JsonFields fields) {
        String error = fields.has("error") ? error(fields) : null;
        String secret = fields.text("secret", null);
        int lifetime = fields.integer("lifetime", 0, Integer.MAX_VALUE, -1);
        JsonNode claims = fields.get("claims");
        if (claims != null && !claims.isNull() && !claims.isObject()) {
            throw fields.wrong("claims", "a JSON object or null");
        }
        boolean expire = fields.flag("expireTokens");
        List<String> changes = new ArrayList<>();
        if (error != null) {
            setError(azureAd, error);
            changes.add("Response to token requests: " + error);
        }
        if (claims != null) {
            azureAd.requireClaims(claims.isNull() ? null : claims.toString());
            changes.add("Required claims: " + claims);
        }
        if (secret != null) {
            azureAd.rotateSecret(secret);
            changes.add("The client secret was changed.");
        }
        if (lifetime >= 0) {
            azureAd.tokenLifetime(Duration.ofSeconds(lifetime));
            changes.add("Lifetime of new tokens in seconds: " + lifetime);
        }
        if (expire) {
            azureAd.expireTokens();
            changes.add("All tokens have expired.");
        }
        if (changes.isEmpty()) {
            throw new IllegalArgumentException("nothing to change; known names: "
                    + AUTHORITY.stream().sorted().toList());
        }
        return changes;
    }

    private static String error(JsonFields fields) {
        List<String> known = Stream.concat(
                        Arrays.stream(AzureAd.AuthorityError.values()), Arrays.stream(AadError.values()))
                .map(each -> each.name().toLowerCase(Locale.ROOT))
                .toList();
        return fields.choice("error", known, null).toUpperCase(Locale.ROOT);
    }

    /** Sets the error that the authority returns, in place of a previous one; {@code NONE} ends it. */
    private static void setError(AzureAd azureAd, String name) {
        Optional<AadError> aadError = Arrays.stream(AadError.values())
                .filter(each -> each.name().equals(name))
                .findFirst();
        azureAd.fault(aadError.isPresent() ? AzureAd.AuthorityError.NONE : AzureAd.AuthorityError.valueOf(name));
        azureAd.error(aadError.orElse(null));
    }

    private static ObjectNode described(EmulatedJob job) {
        JobSnapshot snapshot = job.snapshot();
        ObjectNode node = MAPPER.createObjectNode()
                .put("id", snapshot.id())
                .put("v3Id", job.v3Id())
                .put("name", snapshot.name())
                .put("state", snapshot.state())
                .put("stateName", name(snapshot.state()));
        ArrayNode tasks = node.putArray("tasks");
        for (JobSnapshot.Task task : snapshot.tasks()) {
            tasks.addObject()
                    .put("name", task.name())
                    .put("stateName", name(task.state()))
                    .put("progress", task.progress());
        }
        return node;
    }

    private static String name(int state) {
        return state >= 0 && state < STATES.size() ? STATES.get(state) : "Unknown";
    }

    private static Response json(int status, JsonNode node) throws JsonProcessingException {
        String text = MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(node);
        return Response.of(status, "application/json; charset=utf-8", text + "\n");
    }

    private static Response text(int status, String text) {
        return Response.of(status, "text/plain; charset=utf-8", text + "\n");
    }
}
