/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.emulator;

import java.time.Clock;
import java.util.Optional;
import java.util.regex.Pattern;

/** Routes requests to their handlers, applies faults and logs requests. */
final class Router {

    /** The paths that the root address redirects to the API, with the suffixes that client libraries append. */
    private static final Pattern BELOW_ROOT = Pattern.compile("/(?:(?:Jobs|Tasks|CancelJob)\\b.*)?");

    private static final String CHALLENGE_MESSAGE = "Continuous access evaluation resulted in challenge with result:"
            + " InteractionRequired and code: LocationConditionEvaluationSatisfied";

    private final Clock clock;
    private final RequestLog requests;
    private final Faults faults;
    private final Redirects redirects;
    private final AzureAd azureAd;
    private final TokenEndpoint tokens;
    private final MetadataEndpoint metadata;
    private final V2Api api;
    private final V3Api live;
    private final ControlApi control;

    Router(
            Clock clock,
            RequestLog requests,
            Faults faults,
            Redirects redirects,
            AzureAd azureAd,
            TokenEndpoint tokens,
            MetadataEndpoint metadata,
            V2Api api,
            V3Api live,
            ControlApi control) {
        this.clock = clock;
        this.requests = requests;
        this.faults = faults;
        this.redirects = redirects;
        this.azureAd = azureAd;
        this.tokens = tokens;
        this.metadata = metadata;
        this.api = api;
        this.live = live;
        this.control = control;
    }

    Response respond(Request request) {
        if (ControlApi.isBelow(request.rawPath())) {
            return control.respond(request);
        }
        RequestKind kind = kind(request);
        RecordedRequest record = new RecordedRequest(clock.instant(), request, kind);
        requests.add(record);
        Faults.Match match = faults.match(request, kind);
        record.setFaults(match.names());
        Response response = match.replacement() == null
                ? handle(request, kind)
                : match.replacement()
                        .replacement((status, code, text) -> error(request, kind, status, code, text), clock);
        for (Fault fault : match.modifications()) {
            response = fault.modify(response);
        }
        if (response.delivery().mode() == Response.DeliveryMode.SENT) {
            record.setStatus(response.status());
        }
        return response;
    }

    private static RequestKind kind(Request request) {
        String path = request.rawPath();
        if (TokenEndpoint.isTokenRequest(path)) {
            return RequestKind.TOKEN;
        }
        if (MetadataEndpoint.isTokenRequest(path)) {
            return RequestKind.METADATA;
        }
        if (LiveApi.of(path) != null) {
            return V3Api.kind(path);
        }
        return V2Api.isBelow(path) ? V2Api.kind(path) : RequestKind.OTHER;
    }

    private Response handle(Request request, RequestKind kind) {
        String path = request.rawPath();
        Optional<String> challenge = request.header("Authorization")
                .filter(authorization -> authorization.startsWith("Bearer "))
                .flatMap(authorization -> azureAd.challenge(authorization.substring("Bearer ".length())));
        if (challenge.isPresent()) {
            return error(request, kind, 401, null, CHALLENGE_MESSAGE).with("WWW-Authenticate", challenge.get());
        }
        if (LiveApi.of(path) != null) {
            return live.respond(request);
        }
        if (kind == RequestKind.TOKEN) {
            return tokens.respond(request);
        }
        if (kind == RequestKind.METADATA) {
            return metadata.respond(request);
        }
        if (V2Api.isBelow(path)) {
            return api.respond(request);
        }
        if (BELOW_ROOT.matcher(path).matches()) {
            return Redirects.redirect(301, request.origin() + V2Api.BASE);
        }
        Response redirect = redirects.respond(request);
        return redirect != null
                ? redirect
                : Response.of(404, "text/html; charset=utf-8", "<html><body><h2>404 - Not Found</h2></body></html>");
    }

    /** Returns an error in the format of the API that the request is for. */
    private Response error(Request request, RequestKind kind, int status, String code, String text) {
        if (LiveApi.of(request.rawPath()) != null) {
            return live.error(request, status, code, text);
        }
        return kind == RequestKind.TOKEN
                ? tokens.failure(request, status)
                : api.error(request, status, code == null ? "" : code, text);
    }
}
