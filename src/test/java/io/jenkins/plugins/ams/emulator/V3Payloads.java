/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.emulator;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Writes jobs in the format of APIs like AMS v3, following the specification of 2022-07-01 and recorded payloads:
 *
 * <ul>
 *   <li>properties without a value are omitted
 *   <li>Azure Resource Manager writes times with up to three digits, and lastModified with seven; MK.IO writes six
 *   <li>outputs of a job that is Canceling are still Processing
 *   <li>the end of a canceled job is up to 1.3 s later than the response that contains it
 * </ul>
 */
final class V3Payloads {

    static final int CANCELING = 6;
    private static final int PROCESSING = 2;
    private static final int CANCELED = 5;

    /** Time between the Date of a response and the end of a canceled job in it. */
    private static final Duration END_AHEAD = Duration.ofMillis(1287);

    /** Time between the end of a job and its last modification in MK.IO. */
    private static final Duration UPDATED_AFTER_END = Duration.ofSeconds(7);

    private static final ObjectMapper MAPPER = new ObjectMapper();

    /** The input of a scripted job. */
    private static final JsonNode SCRIPTED_INPUT = MAPPER.createObjectNode()
            .put("@odata.type", "#Microsoft.Media.JobInputAsset")
            .put("assetName", "input")
            .set("files", MAPPER.createArrayNode());

    private static final String[] STATES = {
        "Queued", "Scheduled", "Processing", "Finished", "Error", "Canceled", "Canceling"
    };

    /** Error codes of AMS v3 by those of AMS v2, which v3 has in the details. */
    private static final Map<String, Reason> REASONS = Map.of(
            "ErrorParsingConfiguration", new Reason("ConfigurationUnsupported", "Configuration", false),
            "ErrorDownloadingInputAssetMalformedContent", new Reason("ContentMalformed", "Content", false),
            "ErrorExecutingTaskMalformedContent", new Reason("ContentMalformed", "Content", false),
            "ErrorExecutingTaskUnsupportedFormat", new Reason("ContentUnsupported", "Content", false),
            "ErrorDownloadingInputAssetServiceFailure", new Reason("DownloadTransientError", "Download", true),
            "ErrorUploadingOutputAsset", new Reason("UploadTransientError", "Upload", true),
            "TransientError", new Reason("ServiceTransientError", "Service", true));

    private record Reason(String code, String category, boolean retryable) {}

    private V3Payloads() {}

    static String state(int number) {
        return number >= 0 && number < STATES.length ? STATES[number] : "State" + number;
    }

    /** @param startTimes whether the job and its outputs have a startTime, which some jobs of MK.IO do not have */
    static void writeJob(JsonGenerator json, LiveApi api, EmulatedJob emulated, boolean startTimes) throws IOException {
        JobSnapshot job = emulated.snapshot();
        DateSpelling spelling = api.isOfResourceManager() ? DateSpelling.ZULU_TRIMMED : DateSpelling.ZULU_6_DIGITS;
        json.writeStartObject();
        json.writeStringField("name", emulated.jobName());
        json.writeStringField(
                "id",
                "/" + LiveServices.RESOURCE_PATH + "transforms/" + emulated.transform() + "/jobs/"
                        + emulated.jobName());
        json.writeStringField("type", "Microsoft.Media/mediaservices/transforms/jobs");
        json.writeObjectFieldStart("properties");
        writeTime(json, "created", job.created(), spelling);
        json.writeStringField("state", state(job.state()));
        writeDescriptionAndInput(json, job.name(), emulated.v3Properties());
        if (api.isOfResourceManager()) {
            writeTime(
                    json, "lastModified", job.created(), DateSpelling.ZULU_7_DIGITS); // does not change with the state
        } else {
            Instant end = job.endTime();
            writeTime(json, "lastModified", end == null ? job.lastModified() : end.plus(UPDATED_AFTER_END), spelling);
        }
        json.writeArrayFieldStart("outputs");
        for (int i = 0; i < job.tasks().size(); i++) {
            int asset = Math.min(i, job.assets().size() - 1);
            JobSnapshot.Task task = job.tasks().get(i);
            writeOutput(json, api, task, job.assets().get(asset).name(), spelling, startTimes);
        }
        json.writeEndArray();
        writePriorityAndCorrelationData(json, emulated.v3Properties());
        writeTime(json, "startTime", startTimes ? job.startTime() : null, spelling);
        writeTime(json, "endTime", end(api, job.state(), job.endTime()), spelling);
        json.writeEndObject();
        if (!api.isOfResourceManager()) {
            json.writeObjectFieldStart("supplemental");
            json.writeObjectFieldStart("operation");
            json.writeStringField("id", job.id().substring(job.id().lastIndexOf(':') + 1));
            json.writeEndObject();
            json.writeEndObject();
        }
        json.writeObjectFieldStart("systemData");
        json.writeStringField("createdBy", "emulator");
        writeTime(json, "createdAt", job.created(), spelling);
        json.writeEndObject();
        json.writeEndObject();
    }

    private static void writeDescriptionAndInput(JsonGenerator json, String name, Optional<JsonNode> submitted)
            throws IOException {
        if (submitted.isEmpty()) {
            json.writeStringField("description", name);
            json.writeFieldName("input");
            MAPPER.writeTree(json, SCRIPTED_INPUT);
            return;
        }
        if (submitted.get().has("description")) {
            json.writeStringField(
                    "description", submitted.get().get("description").asText());
        }
        json.writeFieldName("input");
        MAPPER.writeTree(json, submitted.get().get("input"));
    }

    private static void writePriorityAndCorrelationData(JsonGenerator json, Optional<JsonNode> submitted)
            throws IOException {
        JsonNode properties = submitted.orElseGet(MAPPER::createObjectNode);
        json.writeStringField("priority", properties.path("priority").asText("Normal"));
        json.writeFieldName("correlationData");
        JsonNode data = properties.path("correlationData");
        MAPPER.writeTree(json, data.isObject() ? data : MAPPER.createObjectNode());
    }

    private static Instant end(LiveApi api, int state, Instant end) {
        return api.isOfResourceManager() && state == CANCELED && end != null ? end.plus(END_AHEAD) : end;
    }

    private static void writeOutput(
            JsonGenerator json,
            LiveApi api,
            JobSnapshot.Task task,
            String asset,
            DateSpelling spelling,
            boolean startTimes)
            throws IOException {
        json.writeStartObject();
        json.writeStringField("@odata.type", "#Microsoft.Media.JobOutputAsset");
        json.writeStringField("assetName", asset);
        json.writeStringField("state", state(task.state() == CANCELING ? PROCESSING : task.state()));
        json.writeNumberField("progress", (int) task.progress());
        if (task.name() != null) {
            json.writeStringField("label", task.name());
        }
        writeTime(json, "startTime", startTimes ? task.startTime() : null, spelling);
        writeTime(json, "endTime", end(api, task.state(), task.endTime()), spelling);
        if (!task.errors().isEmpty()) {
            json.writeFieldName("error");
            writeError(json, api, task.errors());
        }
        json.writeEndObject();
    }

    /** Writes an error. MK.IO sends no details. */
    private static void writeError(JsonGenerator json, LiveApi api, List<JobSnapshot.Error> errors) throws IOException {
        JobSnapshot.Error first = errors.get(0);
        Reason reason = REASONS.getOrDefault(first.code(), new Reason("ServiceError", "Service", false));
        json.writeStartObject();
        json.writeStringField("code", reason.code());
        json.writeStringField("message", first.message());
        json.writeStringField("category", reason.category());
        json.writeStringField("retry", reason.retryable() ? "MayRetry" : "DoNotRetry");
        if (api.isOfResourceManager()) {
            json.writeArrayFieldStart("details");
            for (JobSnapshot.Error error : errors) {
                json.writeStartObject();
                json.writeStringField("code", error.code());
                json.writeStringField("message", error.message());
                json.writeEndObject();
            }
            json.writeEndArray();
        }
        json.writeEndObject();
    }

    private static void writeTime(JsonGenerator json, String name, Instant time, DateSpelling spelling)
            throws IOException {
        if (time != null) {
            json.writeStringField(name, spelling.write(time));
        }
    }
}
