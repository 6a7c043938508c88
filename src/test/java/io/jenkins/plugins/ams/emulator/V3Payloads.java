/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.emulator;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** What services with the shape of AMS v3 say about a job, property by property as the specification of 2022-07-01. */
final class V3Payloads {

    private static final String[] STATES = {
        "Queued", "Scheduled", "Processing", "Finished", "Error", "Canceled", "Canceling"
    };

    /** What a code of AMS v2, which v3 has in the details of an error, is called there. */
    private static final Map<String, Reason> REASONS = Map.of(
            "ErrorParsingConfiguration", new Reason("ConfigurationUnsupported", "Configuration", false),
            "ErrorDownloadingInputAssetMalformedContent", new Reason("ContentMalformed", "Content", false),
            "ErrorExecutingTaskMalformedContent", new Reason("ContentMalformed", "Content", false),
            "ErrorExecutingTaskUnsupportedFormat", new Reason("ContentUnsupported", "Content", false),
            "ErrorDownloadingInputAssetServiceFailure", new Reason("DownloadTransientError", "Download", true),
            "ErrorUploadingOutputAsset", new Reason("UploadTransientError", "Upload", true),
            "TransientError", new Reason("ServiceTransientError", "Service", true));

    private record Reason(String code, String category, boolean mayRetry) {}

    private V3Payloads() {}

    static String state(int number) {
        return number >= 0 && number < STATES.length ? STATES[number] : "State" + number;
    }

    static void writeJob(JsonGenerator json, LiveApi api, EmulatedJob emulated) throws IOException {
        JobSnapshot job = emulated.snapshot();
        json.writeStartObject();
        json.writeStringField("name", emulated.jobName());
        json.writeStringField(
                "id",
                "/" + LiveServices.RESOURCE_PATH + "transforms/" + emulated.transform() + "/jobs/"
                        + emulated.jobName());
        json.writeStringField("type", "Microsoft.Media/mediaservices/transforms/jobs");
        json.writeObjectFieldStart("properties");
        writeTime(json, "created", job.created());
        json.writeStringField("state", state(job.state()));
        json.writeStringField("description", job.name());
        json.writeObjectFieldStart("input");
        json.writeStringField("@odata.type", "#Microsoft.Media.JobInputAsset");
        json.writeArrayFieldStart("files");
        json.writeEndArray();
        json.writeStringField("assetName", "input");
        json.writeEndObject();
        writeTime(json, "lastModified", job.lastModified());
        json.writeArrayFieldStart("outputs");
        for (int i = 0; i < job.tasks().size(); i++) {
            int asset = Math.min(i, job.assets().size() - 1);
            writeOutput(json, api, job.tasks().get(i), job.assets().get(asset).name());
        }
        json.writeEndArray();
        json.writeStringField("priority", "Normal");
        json.writeObjectFieldStart("correlationData");
        json.writeEndObject();
        writeTime(json, "startTime", job.startTime());
        writeTime(json, "endTime", job.endTime());
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
        writeTime(json, "createdAt", job.created());
        json.writeEndObject();
        json.writeEndObject();
    }

    private static void writeOutput(JsonGenerator json, LiveApi api, JobSnapshot.Task task, String asset)
            throws IOException {
        json.writeStartObject();
        json.writeStringField("@odata.type", "#Microsoft.Media.JobOutputAsset");
        json.writeStringField("assetName", asset);
        json.writeStringField("state", state(task.state()));
        json.writeNumberField("progress", (int) task.progress());
        json.writeStringField("label", task.name());
        writeTime(json, "startTime", task.startTime());
        writeTime(json, "endTime", task.endTime());
        if (task.errors().isEmpty()) {
            json.writeNullField("error");
        } else {
            json.writeFieldName("error");
            writeError(json, api, task.errors());
        }
        json.writeEndObject();
    }

    /** MK.IO sends no details. */
    private static void writeError(JsonGenerator json, LiveApi api, List<JobSnapshot.Error> errors) throws IOException {
        JobSnapshot.Error first = errors.get(0);
        Reason reason = REASONS.getOrDefault(first.code(), new Reason("ServiceError", "Service", false));
        json.writeStartObject();
        json.writeStringField("code", reason.code());
        json.writeStringField("message", first.message());
        json.writeStringField("category", reason.category());
        json.writeStringField("retry", reason.mayRetry() ? "MayRetry" : "DoNotRetry");
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

    private static void writeTime(JsonGenerator json, String name, Instant time) throws IOException {
        if (time == null) {
            json.writeNullField(name);
        } else {
            json.writeStringField(name, time.toString());
        }
    }
}
