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
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Controls jobs and faults over HTTP, with paths below {@code /emulator/}, for manual tests with curl. There is no
 * authentication, so the emulator listens only on the loopback address. Requests to this API are not logged or affected
 * by faults.
 */
final class ControlApi {

    private static final String BASE = "/emulator/";
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final List<String> STATES =
            List.of("Queued", "Scheduled", "Processing", "Finished", "Error", "Canceled", "Canceling");

    private final Emulator emulator;
    private final JobStore jobs;

    ControlApi(Emulator emulator, JobStore jobs) {
        this.emulator = emulator;
        this.jobs = jobs;
    }

    static boolean isBelow(String rawPath) {
        return rawPath.startsWith(BASE);
    }

    Response respond(Request request) {
        try {
            String[] path = Request.decodePath(request.rawPath().substring(BASE.length()))
                    .split("/");
            return route(request, request.method() + " " + path[0] + (path.length > 2 ? "/" + path[2] : ""), path);
        } catch (JsonProcessingException | IllegalArgumentException e) {
            return text(400, e.getMessage());
        }
    }

    private Response route(Request request, String operation, String[] path) throws JsonProcessingException {
        switch (operation) {
            case "POST jobs":
                EmulatedJob added = emulator.addJob(ControlRequests.job(body(request)));
                return json(201, described(added));
            case "GET jobs":
                ArrayNode all = MAPPER.createArrayNode();
                jobs.all().forEach(job -> all.add(described(job)));
                return json(200, all);
            case "POST jobs/state":
                Optional<EmulatedJob> found = jobs.find(Ids.job(Ids.guid(path[1])));
                if (found.isEmpty()) {
                    return text(404, "no such job");
                }
                change(found.get(), body(request));
                return json(200, described(found.get()));
            case "POST faults":
                emulator.faults().inject(ControlRequests.fault(body(request)));
                return Response.empty(204);
            case "GET faults":
                ArrayNode active = MAPPER.createArrayNode();
                emulator.faults().active().forEach(fault -> active.add(fault.toString()));
                return json(200, active);
            case "DELETE faults":
                emulator.faults().clear();
                return Response.empty(204);
            case "POST azure-ad":
                change(emulator.azureAd(), body(request));
                return Response.empty(204);
            case "GET requests":
                return requests();
            case "DELETE requests":
                emulator.requests().clear();
                return Response.empty(204);
            default:
                return text(404, "the control API has jobs, jobs/{id}/state, faults, azure-ad and requests");
        }
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

    private static void change(EmulatedJob job, JsonNode body) {
        JsonNode progress = body.path("progress");
        for (int i = 0; i < progress.size(); i++) {
            job.setProgress(i, progress.get(i).asDouble());
        }
        JsonNode state = body.path("state");
        if (state.isMissingNode()) {
            return;
        }
        int number = state.isInt() ? state.asInt() : number(state.asText());
        if (number == 4) {
            job.fail(
                    body.path("task").asInt(-1),
                    body.path("code").asText("Unknown"),
                    body.path("message").asText("The task failed."));
        } else {
            job.setState(number);
        }
    }

    private static int number(String state) {
        for (int i = 0; i < STATES.size(); i++) {
            if (STATES.get(i).equalsIgnoreCase(state)) {
                return i;
            }
        }
        throw new IllegalArgumentException("no such state: " + state + "; there are " + STATES);
    }

    private static void change(AzureAd azureAd, JsonNode body) {
        if (body.has("error")) {
            setError(azureAd, body.get("error").asText().toUpperCase(Locale.ROOT));
        }
        if (body.has("claims")) {
            azureAd.requireClaims(
                    body.get("claims").isNull() ? null : body.get("claims").toString());
        }
        if (body.has("secret")) {
            azureAd.rotateSecret(body.get("secret").asText());
        }
        if (body.has("lifetime")) {
            azureAd.tokenLifetime(Duration.ofSeconds(body.get("lifetime").asLong()));
        }
        if (body.path("expireTokens").asBoolean()) {
            azureAd.expireTokens();
        }
    }

    /** Sets the error that the authority returns, in place of a previous one; {@code NONE} ends it. */
    private static void setError(AzureAd azureAd, String name) {
        Optional<AadError> aadError = Arrays.stream(AadError.values())
                .filter(each -> each.name().equals(name))
                .findFirst();
        azureAd.fault(aadError.isPresent() ? AzureAd.AuthorityFault.NONE : AzureAd.AuthorityFault.valueOf(name));
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

    private static JsonNode body(Request request) throws JsonProcessingException {
        return request.body().isBlank() ? MAPPER.createObjectNode() : MAPPER.readTree(request.body());
    }

    private static Response json(int status, JsonNode node) throws JsonProcessingException {
        String text = MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(node);
        return Response.of(status, "application/json; charset=utf-8", text + "\n");
    }

    private static Response text(int status, String text) {
        return Response.of(status, "text/plain; charset=utf-8", text + "\n");
    }
}
