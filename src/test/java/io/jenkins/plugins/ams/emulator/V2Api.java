/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.emulator;

import java.time.Clock;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;

/** Emulates the REST API of AMS v2 with paths below {@code /api/}, following the AMS REST reference. */
final class V2Api {

    static final String BASE = "/api/";

    /** Maximum number of entities in a response (AMS REST reference). */
    private static final int PAGE_SIZE = 1000;

    private static final Pattern SERVICE_VERSION = Pattern.compile("2\\.\\d{1,2}");
    private static final Pattern DATA_VERSION = Pattern.compile("([123])\\.0(;.*)?");
    private static final Set<String> OPTIONS = Set.of("$filter", "$top", "$skip", "$select");
    private static final List<String> SETS = List.of(
            "AccessPolicies",
            "Assets",
            "ContentKeys",
            "Files",
            "IngestManifests",
            "Jobs",
            "JobTemplates",
            "Locators",
            "MediaProcessors",
            "NotificationEndPoints",
            "StorageAccounts",
            "Tasks",
            "TaskTemplates");

    private final JobStore jobs;
    private final Submissions submissions;
    private final AzureAd azureAd;
    private final AmsSettings settings;
    private final Payloads payloads;
    private final Clock clock;

    V2Api(JobStore jobs, Submissions submissions, AzureAd azureAd, AmsSettings settings, Clock clock) {
        this.jobs = jobs;
        this.submissions = submissions;
        this.azureAd = azureAd;
        this.settings = settings;
        this.payloads = new Payloads(settings);
        this.clock = clock;
    }

    static boolean isBelow(String rawPath) {
        return rawPath.toLowerCase(Locale.ROOT).startsWith(BASE);
    }

    static RequestKind kind(String rawPath) {
        String path = rawPath.substring(BASE.length());
        if (path.regionMatches(true, 0, "CancelJob", 0, "CancelJob".length())) {
            return RequestKind.CANCEL;
        }
        String last = path.substring(path.lastIndexOf('/') + 1);
        if (last.startsWith("Tasks")) {
            return RequestKind.TASKS;
        }
        if (last.startsWith("OutputMediaAssets") || last.startsWith("InputMediaAssets")) {
            return RequestKind.ASSETS;
        }
        return path.startsWith("Jobs") ? RequestKind.JOBS : RequestKind.OTHER;
    }

    Response respond(Request request) {
        try {
            checkHeaders(request);
            return withHeaders(request, route(request, format(request)));
        } catch (ODataException e) {
            return error(request, e.status(), "", e.getMessage());
        }
    }

    /** Returns an error in the requested format. The code is usually empty, as in the only recorded error. */
    Response error(Request request, int status, String code, String message) {
        PayloadFormat format = format(request);
        boolean xml = format instanceof AtomXml;
        String contentType = xml ? "application/xml;charset=utf-8" : format.contentType(false);
        return withHeaders(request, Response.of(status, contentType, format.error(code, message)));
    }

    private void checkHeaders(Request request) {
        String version = request.header("x-ms-version").orElse(request.query().get("api-version"));
        if (version == null || !SERVICE_VERSION.matcher(version).matches()) {
            throw new ODataException(400, "x-ms-version is missing or not supported.");
        }
        for (String header : List.of("DataServiceVersion", "MaxDataServiceVersion")) {
            String value = request.header(header).orElse("3.0");
            if (!DATA_VERSION.matcher(value).matches()) {
                throw new ODataException(400, "The version '" + value + "' in " + header + " is not supported.");
            }
        }
        String authorization = request.header("Authorization").orElse("");
        String token = authorization.startsWith("Bearer ") ? authorization.substring(7) : null;
        if (token == null || !azureAd.isValid(token, azureAd.scope(), clock.instant())) {
            throw new ODataException(401, "Unauthorized");
        }
    }

    private Response route(Request request, PayloadFormat format) {
        if (request.rawQuery().length() > settings.maxQueryLength()) {
            throw new ODataException(400, "The length of the query string exceeds the configured maximum.");
        }
        ODataPath path = ODataPath.parse(request.rawPath().substring(BASE.length()));
        String base = request.origin() + BASE;
        if (request.method().equals("DELETE") && path.is("Jobs") && path.key() != null) {
            jobs.remove(job(path.key()).id());
            return Response.empty(204);
        }
        if (request.method().equals("POST") && path.is("Jobs") && path.key() == null) {
            return submit(request, format, base);
        }
        if (!request.method().equals("GET")) {
            throw new ODataException(405, "The method is not allowed.");
        }
        if (path.segments().isEmpty()) {
            return Response.of(200, format.contentType(false), format.serviceDocument(base, SETS));
        }
        if (path.segments().size() == 1 && path.last().equalsIgnoreCase("CancelJob")) {
            return cancel(request);
        }
        if (path.is("Jobs") && path.key() != null) {
            Entity job = selected(request, payloads.job(job(path.key()).snapshot()));
            return Response.of(200, format.contentType(false), format.entity(base, job));
        }
        if (path.is("Jobs")) {
            return feed(request, format, "Jobs", jobEntities(request));
        }
        if (path.is("Tasks")) {
            return feed(request, format, "Tasks", allTasks());
        }
        if (path.segments().size() == 2 && path.is("Jobs", path.last()) && path.key() != null) {
            return ofJob(request, format, job(path.key()).snapshot(), path.last());
        }
        throw new ODataException(404, "Resource not found for the segment '" + path.last() + "'.");
    }

    /** Adds a submitted job, and returns it with the status and header of a created entity (OData version 3). */
    private Response submit(Request request, PayloadFormat format, String base) {
        EmulatedJob job = jobs.add(submissions.withBehavior(V2Submission.parse(request)));
        Entity entity = payloads.job(job.snapshot());
        return Response.of(201, format.contentType(false), format.entity(base, entity))
                .with("Location", VerboseJson.uri(base, entity));
    }

    private Response ofJob(Request request, PayloadFormat format, JobSnapshot job, String name) {
        switch (name) {
            case "Tasks":
                return feed(
                        request,
                        format,
                        "Tasks",
                        job.tasks().stream().map(payloads::task).toList());
            case "OutputMediaAssets":
                return feed(
                        request,
                        format,
                        "Assets",
                        job.assets().stream()
                                .map(asset -> payloads.asset(job, asset))
                                .toList());
            case "InputMediaAssets":
                return feed(request, format, "Assets", List.of());
            default:
                Map<String, Object> properties = payloads.job(job).properties();
                if (!properties.containsKey(name)) {
                    throw new ODataException(404, "Resource not found for the segment '" + name + "'.");
                }
                return Response.of(
                        200,
                        format.contentType(false),
                        format.property(request.origin() + BASE, name, properties.get(name)));
        }
    }

    private List<Entity> jobEntities(Request request) {
        String filter = request.query().get("$filter");
        List<String> ids = filter == null ? null : filter(filter).ids();
        if (ids == null) {
            return jobs.all().stream().map(job -> payloads.job(job.snapshot())).toList();
        }
        return ids.stream()
                .distinct()
                .flatMap(id -> jobs.find(id).stream())
                .map(job -> payloads.job(job.snapshot()))
                .toList();
    }

    private List<Entity> allTasks() {
        return jobs.all().stream()
                .flatMap(job -> job.snapshot().tasks().stream())
                .map(payloads::task)
                .toList();
    }

    private ODataFilter filter(String text) {
        ODataFilter filter = ODataFilter.parse(text);
        if (filter.clauses() > 1 && settings.oneClausePerFilter()) {
            throw new ODataException(400, "The query specified in the URI is not valid: 'or' is not supported.");
        }
        return filter;
    }

    private Response feed(Request request, PayloadFormat format, String set, List<Entity> entities) {
        Map<String, String> query = request.query();
        for (String option : query.keySet()) {
            if (option.startsWith("$") && !OPTIONS.contains(option)) {
                throw new ODataException(400, "The query option '" + option + "' is not supported.");
            }
        }
        String filter = query.get("$filter");
        List<Entity> page = entities.stream()
                .filter(
                        filter == null
                                ? entity -> true
                                : entity -> filter(filter).matches().test(entity.properties()))
                .skip(number(query, "$skip", 0))
                .limit(Math.min(PAGE_SIZE, number(query, "$top", PAGE_SIZE)))
                .map(entity -> selected(request, entity))
                .toList();
        return Response.of(200, format.contentType(true), format.feed(request.origin() + BASE, set, page));
    }

    private static long number(Map<String, String> query, String option, long defaultValue) {
        String text = query.get(option);
        if (text == null) {
            return defaultValue;
        }
        if (!text.matches("\\d{1,9}")) {
            throw new ODataException(400, "Incorrect format for " + option + " argument '" + text + "'.");
        }
        return Long.parseLong(text);
    }

    private static Entity selected(Request request, Entity entity) {
        if (request.query().containsKey("$expand")) {
            throw new ODataException(400, "The query option '$expand' is not supported.");
        }
        String select = request.query().get("$select");
        if (select == null) {
            return entity;
        }
        Set<String> names = new HashSet<>(Arrays.asList(select.split("\\s*,\\s*")));
        for (String name : names) {
            if (!entity.properties().containsKey(name)) {
                throw new ODataException(400, "Could not find a property named '" + name + "'.");
            }
        }
        return entity.select(names);
    }

    /**
     * Returns a job. A malformed ID is rejected with 400, an unknown one with 404 (AMS REST reference, client library).
     */
    private EmulatedJob job(String id) {
        if (!Ids.isJob(id)) {
            throw new ODataException(400, "Invalid job id '" + id + "'.");
        }
        return jobs.find(id).orElseThrow(() -> new ODataException(404, "Resource not found for the segment 'Jobs'."));
    }

    private Response cancel(Request request) {
        String literal = request.query().entrySet().stream()
                .filter(parameter -> parameter.getKey().equalsIgnoreCase("jobid"))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElseThrow(() -> new ODataException(400, "The parameter jobid is missing."));
        if (literal.length() < 2 || !literal.startsWith("'") || !literal.endsWith("'")) {
            throw new ODataException(400, "The value of the parameter jobid is no string literal.");
        }
        String id = ODataFilter.unquote(literal.substring(1, literal.length() - 1));
        if (!job(id).cancelIfRunning()) {
            throw new ODataException(400, "The job cannot be canceled in its present state.");
        }
        return Response.empty(204);
    }

    private PayloadFormat format(Request request) {
        return formatOf(settings.form().orElseGet(() -> AcceptHeader.form(request)));
    }

    private PayloadFormat formatOf(AmsSettings.Form form) {
        return switch (form) {
            case MINIMAL_JSON -> new MinimalJson(settings.dates());
            case VERBOSE_JSON -> new VerboseJson(settings.dates());
            case ATOM -> new AtomXml(settings.dates());
        };
    }

    /** Adds the headers of all responses (AMS REST reference). */
    private Response withHeaders(Request request, Response response) {
        String requestId = UUID.randomUUID().toString();
        Response result = response.with("Cache-Control", "no-cache")
                .with("Server", "Microsoft-IIS/8.5")
                .with("Date", ErrorTexts.httpDate(clock.instant()))
                .with("request-id", requestId)
                .with("x-ms-request-id", requestId)
                .with("X-Content-Type-Options", "nosniff")
                .with("DataServiceVersion", "3.0;")
                .with("Strict-Transport-Security", "max-age=31536000; includeSubDomains");
        for (String echoed : List.of("x-ms-client-request-id", "client-request-id")) {
            if (request.header(echoed).isPresent()) {
                result = result.with(echoed, request.header(echoed).get());
            }
        }
        return result;
    }
}
