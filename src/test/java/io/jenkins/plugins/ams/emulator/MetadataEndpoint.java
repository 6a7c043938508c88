/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.emulator;

import java.time.Clock;
import java.util.List;
import java.util.Map;

/**
 * Emulates the endpoints that issue tokens of managed identities: {@code GET /metadata/identity/oauth2/token} of the
 * Azure Instance Metadata Service, and {@code GET /msi/token} of an App Service. The real ones are at
 * http://169.254.169.254 and the address in the variable {@code IDENTITY_ENDPOINT}, so tests must redirect clients to
 * the emulator.
 */
final class MetadataEndpoint {

    private static final String PATH = "/metadata/identity/oauth2/token";
    private static final String APP_SERVICE_PATH = "/msi/token";
    private static final String JSON = "application/json; charset=utf-8";
    private static final List<String> IDS = List.of("client_id", "object_id", "msi_res_id");
    private static final List<String> APP_SERVICE_IDS = List.of("client_id", "object_id", "mi_res_id");

    private final AzureAd azureAd;
    private final Clock clock;

    MetadataEndpoint(AzureAd azureAd, Clock clock) {
        this.azureAd = azureAd;
        this.clock = clock;
    }

    static boolean isTokenRequest(String rawPath) {
        return rawPath.equals(PATH) || rawPath.equals(APP_SERVICE_PATH);
    }

    Response respond(Request request) {
        return request.rawPath().equals(APP_SERVICE_PATH) ? respondAsAppService(request) : respondAsMachine(request);
    }

    /** Responds only to requests with the secret header, which is available only on the machine. */
    private Response respondAsAppService(Request request) {
        Map<String, String> query = request.query();
        if (!request.header("X-IDENTITY-HEADER").orElse("").equals(AzureAd.IDENTITY_HEADER)) {
            return appServiceError(401, "The header X-IDENTITY-HEADER is wrong");
        }
        if (!request.method().equals("GET") || !"2019-08-01".equals(query.get("api-version"))) {
            return appServiceError(400, "Bad request");
        }
        String resource = query.get("resource");
        return azureAd.scope().equals(resource + "/.default") && isAssigned(query, APP_SERVICE_IDS)
                ? token(resource)
                : appServiceError(400, "No managed identity found");
    }

    private Response respondAsMachine(Request request) {
        Map<String, String> query = request.query();
        if (!request.header("Metadata").orElse("").equalsIgnoreCase("true")) {
            return error("Required metadata header not specified");
        }
        if (!request.method().equals("GET") || !"2018-02-01".equals(query.get("api-version"))) {
            return error("Bad request");
        }
        if (!azureAd.isScope(query.get("resource") + "/.default")) {
            return error("AADSTS500011: The resource principal named " + query.get("resource") + " was not found");
        }
        return isAssigned(query, IDS) ? token(query.get("resource")) : error("Identity not found");
    }

    private boolean isAssigned(Map<String, String> query, List<String> ids) {
        String id = ids.stream()
                .map(query::get)
                .filter(each -> each != null)
                .findFirst()
                .orElse(AzureAd.SYSTEM_ASSIGNED);
        return azureAd.managedIdentities().contains(id);
    }

    /** Returns a token. Times are strings, as in responses of the v1.0 token endpoint. */
    private Response token(String resource) {
        long seconds = azureAd.tokenLifetime().toSeconds();
        return Response.of(200, JSON, JsonFormat.object(json -> {
            json.writeStringField("access_token", azureAd.issue(resource + "/.default"));
            json.writeStringField("expires_in", Long.toString(seconds));
            json.writeStringField("expires_on", Long.toString(clock.instant().getEpochSecond() + seconds));
            json.writeStringField("resource", resource);
            json.writeStringField("token_type", "Bearer");
        }));
    }

    private static Response appServiceError(int status, String message) {
        return Response.of(status, JSON, JsonFormat.object(json -> {
            json.writeNumberField("statusCode", status);
            json.writeStringField("message", message);
        }));
    }

    private static Response error(String description) {
        return Response.of(400, JSON, JsonFormat.object(json -> {
            json.writeStringField("error", "invalid_request");
            json.writeStringField("error_description", description);
        }));
    }
}
