/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.service.v3;

import com.fasterxml.jackson.databind.JsonNode;
import io.jenkins.plugins.ams.http.StrictJson;
import io.jenkins.plugins.ams.service.ErrorDetail;
import io.jenkins.plugins.ams.service.JobDetails;
import io.jenkins.plugins.ams.service.JobId;
import io.jenkins.plugins.ams.service.JobState;
import io.jenkins.plugins.ams.service.MediaJob;
import io.jenkins.plugins.ams.service.MediaTask;
import io.jenkins.plugins.ams.service.ODataJson;
import io.jenkins.plugins.ams.service.OutputAsset;
import io.jenkins.plugins.ams.service.ServiceException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Parses the responses of v3-style APIs. A job's outputs are returned as its tasks, because the outputs contain the
 * progress and the errors. Properties that are missing, null, or of another type are treated as not set, except for the
 * job's state, which is required.
 */
final class V3Json {

    /**
     * A page of a listing.
     *
     * @param jobs the requested jobs on this page
     * @param next the link to the next page, or null if this is the last page
     */
    record Page(List<MediaJob> jobs, String next) {}

    private V3Json() {}

    /** Parses a response for one job. */
    static MediaJob job(byte[] body, JobId id) throws ServiceException {
        return job(ODataJson.object(body), id);
    }

    /** Parses a page of a listing and returns the requested jobs. Names are compared case-insensitively. */
    static Page jobs(byte[] body, List<JobId> requested) throws ServiceException {
        JsonNode root = ODataJson.object(body);
        List<MediaJob> found = new ArrayList<>();
        for (JsonNode entity : list(root)) {
            String name = ODataJson.text(entity, "name");
            for (JobId id : requested) {
                if (V3Urls.name(id).equalsIgnoreCase(name)) {
                    found.add(job(entity, id));
                }
            }
        }
        return new Page(found, ODataJson.textOrNull(root, "@odata.nextLink"));
    }

    /** Returns whether a body is a JSON object that does not describe an error. */
    static boolean isObject(byte[] body) {
        return StrictJson.object(body).filter(root -> !root.has("error")).isPresent();
    }

    /**
     * Checks that a body is a listing.
     *
     * @throws ServiceException if the body is not a listing
     */
    static void checkListing(byte[] body) throws ServiceException {
        list(ODataJson.object(body));
    }

    private static JsonNode list(JsonNode root) throws ServiceException {
        JsonNode list = root.path("value");
        if (!list.isArray()) {
            throw ODataJson.unexpectedStructure();
        }
        return list;
    }

    private static MediaJob job(JsonNode entity, JobId id) throws ServiceException {
        JsonNode properties = entity.path("properties");
        if (!properties.path("state").isTextual()) {
            throw ServiceException.invalidResponse("the response contains a job without a state");
        }
        List<MediaTask> tasks = new ArrayList<>();
        List<OutputAsset> assets = new ArrayList<>();
        for (JsonNode output : properties.path("outputs")) {
            tasks.add(task(output, tasks.size()));
            String asset = ODataJson.text(output, "assetName");
            if (!asset.isEmpty()) {
                assets.add(new OutputAsset(asset, asset, null));
            }
        }
        return job(properties, id, new JobDetails(tasks, assets));
    }

    /**
     * Creates a job. API versions before 2021 send start and end times only for outputs. If the job's own times are
     * missing, they are derived from the outputs' times.
     */
    private static MediaJob job(JsonNode properties, JobId id, JobDetails details) {
        String stateText = ODataJson.stateText(ODataJson.text(properties, "state"));
        JobState state = JobState.named(stateText);
        Instant start = ODataJson.time(properties, "startTime");
        Instant end = ODataJson.time(properties, "endTime");
        if (start == null) {
            start = times(details.tasks().stream().map(MediaTask::startTime))
                    .min(Comparator.naturalOrder())
                    .orElse(null);
        }
        if (end == null && state.isTerminal()) {
            end = times(details.tasks().stream().map(MediaTask::endTime))
                    .max(Comparator.naturalOrder())
                    .orElse(null);
        }
        return new MediaJob(
                id,
                V3Urls.name(id),
                state,
                stateText,
                ODataJson.time(properties, "created"),
                start,
                end,
                between(start, end),
                null,
                Optional.of(details));
    }

    private static Stream<Instant> times(Stream<Instant> times) {
        return times.filter(Objects::nonNull);
    }

    private static MediaTask task(JsonNode output, int index) {
        String label = ODataJson.text(output, "label");
        String asset = ODataJson.text(output, "assetName");
        String number = Integer.toString(index);
        Instant start = ODataJson.time(output, "startTime");
        Instant end = ODataJson.time(output, "endTime");
        return new MediaTask(
                number,
                !label.isEmpty() ? label : !asset.isEmpty() ? asset : number,
                JobState.named(ODataJson.text(output, "state")),
                ODataJson.percent(output.path("progress").asDouble(0)),
                null,
                start,
                end,
                between(start, end),
                errors(output.path("error")));
    }

    /**
     * Returns an output's error, followed by the details of that error. The error contains the service's advice on
     * retrying; the details contain the same error codes as in AMS v2.
     */
    private static List<ErrorDetail> errors(JsonNode error) {
        if (!error.isObject()) {
            return List.of();
        }
        List<ErrorDetail> errors = new ArrayList<>();
        errors.add(new ErrorDetail(
                ODataJson.text(error, "code"),
                ODataJson.text(error, "message"),
                ODataJson.text(error, "category"),
                ErrorDetail.Retry.of(ODataJson.text(error, "retry"))));
        for (JsonNode detail : error.path("details")) {
            errors.add(new ErrorDetail(ODataJson.text(detail, "code"), ODataJson.text(detail, "message")));
        }
        return errors;
    }

    private static Duration between(Instant start, Instant end) {
        boolean known = start != null && end != null && end.isAfter(start);
        return known ? Duration.between(start, end) : Duration.ZERO;
    }
}
