/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.service.v2;

import com.fasterxml.jackson.databind.JsonNode;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.ams.service.ErrorDetail;
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
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Parses AMS v2 responses in OData's minimal format ({@code {"value": […]}}) and verbose format ({@code {"d":
 * {"results": […]}}}). The service chooses the format based on request headers, which proxies may change. Properties
 * that are missing, null, or of another type are treated as not set. A response is invalid only if it contains anything
 * other than entities.
 */
final class AmsV2Json {

    /**
     * The job states, in the order of their numbers in the AMS v2 API reference. The reference lists different names
     * for task states. However, the service uses the same numbers for jobs and tasks, and the service's client
     * libraries rely on this.
     */
    private static final List<JobState> STATES = List.of(
            JobState.QUEUED,
            JobState.SCHEDULED,
            JobState.PROCESSING,
            JobState.FINISHED,
            JobState.ERROR,
            JobState.CANCELED,
            JobState.CANCELING);

    private AmsV2Json() {}

    /** Returns the jobs in a feed or in a response for a single entity. Entities without a valid job ID are omitted. */
    static List<MediaJob> jobs(byte[] body) throws ServiceException {
        return entities(body, entity -> jobId(entity).map(id -> job(id, entity)));
    }

    static List<MediaTask> tasks(byte[] body) throws ServiceException {
        return entities(body, entity -> Optional.of(task(entity)));
    }

    static List<OutputAsset> outputAssets(byte[] body) throws ServiceException {
        return entities(
                body,
                entity -> Optional.of(new OutputAsset(
                        ODataJson.text(entity, "Id"),
                        ODataJson.text(entity, "Name"),
                        withoutQuery(ODataJson.textOrNull(entity, "Uri")))));
    }

    private static <T> List<T> entities(byte[] body, Function<JsonNode, Optional<T>> reader) throws ServiceException {
        JsonNode root = ODataJson.object(body);
        List<T> parsed = new ArrayList<>();
        for (JsonNode entity : collection(root)) {
            if (ODataJson.textOrNull(entity, "Id") == null) {
                throw ServiceException.invalidResponse("the response contains an entity without an Id");
            }
            reader.apply(entity).ifPresent(parsed::add);
        }
        return parsed;
    }

    private static Iterable<JsonNode> collection(JsonNode root) throws ServiceException {
        JsonNode content = root.has("d") ? root.get("d") : root;
        for (JsonNode feed : List.of(content, content.path("results"), content.path("value"))) {
            if (feed.isArray()) {
                return feed;
            }
        }
        if (content.has("Id")) {
            return List.of(content);
        }
        throw ODataJson.unexpectedStructure();
    }

    private static Optional<JobId> jobId(JsonNode entity) {
        try {
            return Optional.of(AmsV2JobId.parse(ODataJson.text(entity, "Id")));
        } catch (JobId.MalformedJobIdException otherEntity) {
            return Optional.empty();
        }
    }

    private static MediaJob job(JobId id, JsonNode entity) {
        String state = state(entity);
        return new MediaJob(
                id,
                ODataJson.text(entity, "Name"),
                parse(state),
                state,
                ODataJson.time(entity, "Created"),
                ODataJson.time(entity, "StartTime"),
                ODataJson.time(entity, "EndTime"),
                milliseconds(entity, "RunningDuration"),
                null);
    }

    private static MediaTask task(JsonNode entity) {
        return new MediaTask(
                ODataJson.text(entity, "Id"),
                ODataJson.text(entity, "Name"),
                parse(state(entity)),
                ODataJson.percent(number(entity, "Progress", 0)),
                event(entity.path("HistoricalEvents"), "Scheduled"),
                ODataJson.time(entity, "StartTime"),
                ODataJson.time(entity, "EndTime"),
                milliseconds(entity, "RunningDuration"),
                errors(entity.path("ErrorDetails")));
    }

    private static List<ErrorDetail> errors(JsonNode details) {
        List<ErrorDetail> errors = new ArrayList<>();
        for (JsonNode detail : complexValues(details)) {
            if (detail.isObject()) {
                errors.add(new ErrorDetail(ODataJson.text(detail, "Code"), ODataJson.text(detail, "Message")));
            }
        }
        return errors;
    }

    /**
     * Returns the time of the last event with the given code in a task's history, or null if there is no such event.
     */
    @CheckForNull
    private static Instant event(JsonNode history, String code) {
        Instant last = null;
        for (JsonNode event : complexValues(history)) {
            if (code.equals(ODataJson.text(event, "Code"))) {
                last = ODataJson.time(event, "TimeStamp");
            }
        }
        return last;
    }

    /** Returns the elements of a collection property. Verbose JSON wraps the elements in a {@code results} property. */
    private static JsonNode complexValues(JsonNode collection) {
        return collection.has("results") ? collection.get("results") : collection;
    }

    /**
     * Returns the state that the service sent, which is a number or a name. Whole numbers are returned without a
     * fractional part: {@code 2.0} becomes {@code 2}.
     */
    private static String state(JsonNode entity) {
        JsonNode state = entity.path("State");
        boolean whole = state.isNumber() && state.asDouble() == state.asLong();
        return ODataJson.stateText(whole ? Long.toString(state.asLong()) : ODataJson.text(entity, "State"));
    }

    /** Returns the state with the given number or name, or {@link JobState#UNKNOWN} if there is no such state. */
    private static JobState parse(String text) {
        return STATES.stream()
                .filter(state -> Integer.toString(STATES.indexOf(state)).equals(text))
                .findFirst()
                .orElseGet(() -> JobState.named(text));
    }

    private static Duration milliseconds(JsonNode entity, String property) {
        return Duration.ofMillis((long) Math.max(0, number(entity, property, 0)));
    }

    /**
     * Returns a property as a number, or the default value if the property is not a finite number. Strings are parsed,
     * because OData sends 64-bit numbers, infinity, and NaN as strings.
     */
    private static double number(JsonNode entity, String property, double defaultValue) {
        JsonNode value = entity.path(property);
        double number = value.isTextual() || value.isNumber() ? value.asDouble(defaultValue) : defaultValue;
        return Double.isFinite(number) ? number : defaultValue;
    }

    /** Removes a URI's query and fragment. The query can contain a shared access signature, which is a secret. */
    @CheckForNull
    private static String withoutQuery(@CheckForNull String uri) {
        return uri == null ? null : uri.split("[?#]", 2)[0];
    }
}
