/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.emulator;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Emulates the APIs like AMS v3. A scripted job has the name {@code job-<guid>} in the transform of its script, and a
 * submitted one the name in the request. Responses follow the specification of 2022-07-01 and recorded responses. Behavior without these sources (canceling a job that has
 * ended, filters with {@code or}) is listed in docs/emulator.md.
 */
final class V3Api {

    private static final String JSON = "application/json; charset=utf-8";
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final Pattern JOBS = Pattern.compile("transforms/([^/]+)/jobs(?:/([^/]+)(/cancelJob)?)?");
    private static final Pattern CLAUSE = Pattern.compile("name eq '((?:[^']++|'')*+)'");

    private final JobStore jobs;
    private final Submissions submissions;
    private final LiveServices services;
    private final AmsSettings settings;
    private final Clock clock;

    V3Api(JobStore jobs, Submissions submissions, LiveServices services, AmsSettings settings, Clock clock) {
        this.jobs = jobs;
        this.submissions = submissions;
        this.services = services;
        this.settings = settings;
        this.clock = clock;
    }

    private static final class Rejection extends RuntimeException {
        private static final long serialVersionUID = 1L;
        private final int status;
        private final String code;

        Rejection(int status, String message) {
            this(status, null, message);
        }

        Rejection(int status, String code, String message) {
            super(message);
            this.status = status;
            this.code = code;
        }
    }

    static RequestKind kind(String rawPath) {
        if (rawPath.equals(LiveApi.RAVNUR.base() + "auth/token")) {
            return RequestKind.TOKEN;
        }
        if (rawPath.endsWith("/cancelJob")) {
            return RequestKind.CANCEL;
        }
        return rawPath.contains("/jobs") ? RequestKind.JOBS : RequestKind.OTHER;
    }

    Response respond(Request request) {
        LiveApi api = LiveApi.of(request.rawPath());
        try {
            String path =
                    Request.decodePath(request.rawPath().substring(api.base().length()));
            if (kind(request.rawPath()) == RequestKind.TOKEN) {
                return withHeaders(request, token(request));
            }
            checkToken(api, request);
            return withHeaders(request, route(api, request, path));
        } catch (Rejection e) {
            return error(request, e.status, e.code, e.getMessage());
        }
    }

    /**
     * Returns an error in the format of the service.
     *
     * @param code the error code, or null for the usual code of the status
     */
    Response error(Request request, int status, String code, String message) {
        String name = code == null ? code(status) : code;
        byte[] body = LiveApi.of(request.rawPath()).isOfResourceManager()
                ? JsonFormat.object(json -> {
                    json.writeObjectFieldStart("error");
                    json.writeStringField("code", name);
                    json.writeStringField("message", message);
                    json.writeEndObject();
                })
                : JsonFormat.object(json -> {
                    json.writeObjectFieldStart("error");
                    json.writeStringField("code", name);
                    json.writeStringField("detail", message);
                    json.writeNullField("extraDetail");
                    json.writeEndObject();
                    json.writeNumberField("status", status);
                    json.writeStringField("ref", UUID.randomUUID().toString());
                });
        Response response = withHeaders(request, Response.of(status, JSON, body));
        // required by RFC 6750 and sent by Azure Resource Manager
        return status == 401 && LiveApi.of(request.rawPath()).isOfResourceManager()
                ? response.with("WWW-Authenticate", "Bearer error=\"invalid_token\"")
                : response;
    }

    private static String code(int status) {
        return switch (status) {
            case 400 -> "BadRequest";
            case 401 -> "ExpiredAuthenticationToken";
            case 403 -> "AuthorizationFailed";
            case 404 -> "NotFound";
            case 409 -> "Conflict";
            case 429 -> "TooManyRequests";
            default -> status >= 500 ? "InternalServerError" : "Error";
        };
    }

    private Response token(Request request) {
        try {
            JsonNode body = MAPPER.readTree(request.body());
            boolean valid = request.method().equals("POST")
                    && LiveServices.SUBSCRIPTION.equals(
                            body.path("subscriptionId").asText())
                    && services.ravnurKey().equals(body.path("apiKey").asText());
            return valid
                    ? Response.of(200, "text/plain; charset=utf-8", services.issueRavnurToken())
                    : error(request, 401, null, "The API key is not valid.");
        } catch (JsonProcessingException e) {
            return error(request, 400, null, "The request is not valid.");
        }
    }

    private void checkToken(LiveApi api, Request request) {
        String authorization = request.header("Authorization").orElse("");
        if (!authorization.startsWith("Bearer ") || !services.isValid(api, authorization.substring(7))) {
            throw new Rejection(401, "The access token is missing, invalid or expired.");
        }
    }

    private Response route(LiveApi api, Request request, String path) {
        if (api.isOfResourceManager() && !"2022-07-01".equals(request.query().get("api-version"))) {
            throw new Rejection(400, "The api-version query parameter (?api-version=) is required for all requests.");
        }
        if (!path.toLowerCase(Locale.ROOT).startsWith(api.account().toLowerCase(Locale.ROOT))) {
            throw api.isOfResourceManager() ? resourceManagerNotFound(path) : mkIoNotFound(api, path);
        }
        String rest = path.substring(api.account().length());
        Matcher matcher = JOBS.matcher(rest);
        if (rest.equals("transforms") && request.method().equals("GET")) {
            return Response.of(200, JSON, "{\"value\":[{\"name\":\"Encoding\",\"properties\":{}}]}");
        }
        if (!matcher.matches()) {
            throw new Rejection(404, "The resource was not found.");
        }
        if (matcher.group(2) == null) {
            require(request, "GET");
            return listing(api, request, matcher.group(1));
        }
        if (request.method().equals("PUT") && matcher.group(3) == null) {
            return submit(api, request, matcher.group(1), matcher.group(2));
        }
        EmulatedJob job = jobs.findV3(matcher.group(1), matcher.group(2))
                .orElseThrow(() -> new Rejection(
                        404,
                        api.isOfResourceManager()
                                ? "The requested resource was not found."
                                : "The job '" + matcher.group(2) + "' was not found."));
        if (matcher.group(3) != null) {
            require(request, "POST");
            return cancel(api, job);
        }
        require(request, "GET");
        return Response.of(200, JSON, body(api, job));
    }

    private byte[] body(LiveApi api, EmulatedJob job) {
        return JsonFormat.value(json -> V3Payloads.writeJob(json, api, job, services.startTimes()));
    }

    /** Adds a submitted job. The name of an existing job is rejected with 409 (OpenAPI specification of MK.IO). */
    private Response submit(LiveApi api, Request request, String transform, String name) {
        if (jobs.findV3(transform, name).isPresent()) {
            throw new Rejection(409, "The job '" + name + "' already exists.");
        }
        try {
            EmulatedJob job = jobs.add(submissions.withBehavior(V3Submission.parse(transform, name, request.body())));
            return Response.of(201, JSON, body(api, job));
        } catch (IllegalArgumentException e) {
            throw new Rejection(400, e.getMessage());
        }
    }

    /** Cancels a job. As recorded, the response is also 200 if it is already Canceling. */
    private static Response cancel(LiveApi api, EmulatedJob job) {
        if (!job.cancelIfRunning() && job.state() != V3Payloads.CANCELING) {
            throw new Rejection(
                    api.isOfResourceManager() ? 409 : 400, "The job cannot be canceled in its present state.");
        }
        return Response.empty(200);
    }

    /** Returns the error of Azure Resource Manager for a path outside the account, with its order of checks. */
    private static Rejection resourceManagerNotFound(String path) {
        String[] segments = path.split("/");
        if (segments.length < 8 || !segments[4].equals("providers")) {
            return new Rejection(404, "The requested resource was not found.");
        }
        if (!segments[1].equalsIgnoreCase(LiveServices.SUBSCRIPTION)) {
            return new Rejection(
                    404, "SubscriptionNotFound", "The subscription '" + segments[1] + "' could not be found.");
        }
        if (!segments[3].equalsIgnoreCase(LiveServices.RESOURCE_GROUP)) {
            return new Rejection(
                    404, "ResourceGroupNotFound", "Resource group '" + segments[3] + "' could not be found.");
        }
        return new Rejection(
                404,
                "ResourceNotFound",
                "The Resource 'Microsoft.Media/mediaServices/" + segments[7] + "' under resource group '" + segments[3]
                        + "' was not found. For more details please go to https://aka.ms/ARMResourceNotFoundFix");
    }

    private static Rejection mkIoNotFound(LiveApi api, String path) {
        int name = api == LiveApi.MK_IO ? 3 : 2;
        String[] segments = path.split("/");
        return new Rejection(
                404,
                (api == LiveApi.MK_IO ? "Project" : "Subscription") + " '"
                        + (segments.length > name ? segments[name] : "") + "' was not found.");
    }

    private static void require(Request request, String method) {
        if (!request.method().equals(method)) {
            throw new Rejection(405, "The method is not allowed.");
        }
    }

    private Response listing(LiveApi api, Request request, String transform) {
        Map<String, String> query = request.query();
        List<String> names = names(query.get("$filter"));
        int skip = Integer.parseInt(query.getOrDefault("$skiptoken", "0"));
        List<EmulatedJob> all = jobs.all().stream()
                .filter(job -> job.transform().equalsIgnoreCase(transform))
                .filter(job -> names == null || names.contains(job.jobName().toLowerCase(Locale.ROOT)))
                .toList();
        List<EmulatedJob> page =
                all.stream().skip(skip).limit(services.pageSize()).toList();
        return Response.of(200, JSON, JsonFormat.object(json -> {
            json.writeArrayFieldStart("value");
            for (EmulatedJob job : page) {
                V3Payloads.writeJob(json, api, job, services.startTimes());
            }
            json.writeEndArray();
            if (skip + page.size() < all.size()) {
                json.writeStringField("@odata.nextLink", next(request, skip + page.size()));
            }
        }));
    }

    private String next(Request request, int skip) {
        String origin = services.nextPagesAt() == null ? request.origin() : services.nextPagesAt();
        String target = request.target().replaceAll("[?&]\\$skiptoken=\\d+", "");
        return origin + target + (target.contains("?") ? "&" : "?") + "$skiptoken="
                + URLEncoder.encode(Integer.toString(skip), StandardCharsets.US_ASCII);
    }

    /** Returns the names in a filter, in lower case, or null if there is no filter. */
    private List<String> names(String filter) {
        if (filter == null) {
            return null;
        }
        String[] clauses = filter.split(" or ");
        if (clauses.length > 1 && settings.oneClausePerFilter()) {
            throw new Rejection(400, "The filter is not supported.");
        }
        return Arrays.stream(clauses)
                .map(clause -> {
                    Matcher matcher = CLAUSE.matcher(clause.trim());
                    if (!matcher.matches()) {
                        throw new Rejection(400, "The filter is not valid: " + clause);
                    }
                    return ODataFilter.unquote(matcher.group(1)).toLowerCase(Locale.ROOT);
                })
                .toList();
    }

    private Response withHeaders(Request request, Response response) {
        Response result = response.with("Cache-Control", "no-cache").with("Date", ErrorTexts.httpDate(clock.instant()));
        if (LiveApi.of(request.rawPath()).isOfResourceManager()) {
            String requestId = UUID.randomUUID().toString();
            result = result.with("x-ms-request-id", requestId).with("x-ms-correlation-request-id", requestId);
        }
        return result;
    }
}
