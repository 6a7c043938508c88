package io.jenkins.plugins.ams.emulator;

import java.time.Clock;
import java.util.List;
import java.util.Map;

/**
 * The Azure Instance Metadata Service as far as it gives out tokens of managed identities:
 * {@code GET /metadata/identity/oauth2/token}. The real one is at http://169.254.169.254, so a client has to be led here.
 */
final class MetadataEndpoint {

    private static final String PATH = "/metadata/identity/oauth2/token";
    private static final String JSON = "application/json; charset=utf-8";
    private static final List<String> IDS = List.of("client_id", "object_id", "msi_res_id");

    private final AzureAd azureAd;
    private final Clock clock;

    MetadataEndpoint(AzureAd azureAd, Clock clock) {
        this.azureAd = azureAd;
        this.clock = clock;
    }

    static boolean isTokenRequest(String rawPath) {
        return rawPath.equals(PATH);
    }

    Answer answer(Request request) {
        Map<String, String> query = request.query();
        if (!request.header("Metadata").orElse("").equalsIgnoreCase("true")) {
            return error("Required metadata header not specified");
        }
        if (!request.method().equals("GET") || !"2018-02-01".equals(query.get("api-version"))) {
            return error("Bad request");
        }
        if (!azureAd.scope().equals(query.get("resource") + "/.default")) {
            return error("AADSTS500011: The resource principal named " + query.get("resource") + " was not found");
        }
        String id = IDS.stream()
                .map(query::get)
                .filter(each -> each != null)
                .findFirst()
                .orElse(AzureAd.SYSTEM_ASSIGNED);
        return azureAd.managedIdentities().contains(id) ? token(query.get("resource")) : error("Identity not found");
    }

    /** The times are text, as in tokens of the v1.0 endpoint. */
    private Answer token(String resource) {
        long seconds = azureAd.tokenLifetime().toSeconds();
        return Answer.of(200, JSON, JsonFormat.object(json -> {
            json.writeStringField("access_token", azureAd.issue());
            json.writeStringField("expires_in", Long.toString(seconds));
            json.writeStringField("expires_on", Long.toString(clock.instant().getEpochSecond() + seconds));
            json.writeStringField("resource", resource);
            json.writeStringField("token_type", "Bearer");
        }));
    }

    private static Answer error(String description) {
        return Answer.of(400, JSON, JsonFormat.object(json -> {
            json.writeStringField("error", "invalid_request");
            json.writeStringField("error_description", description);
        }));
    }
}
