/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.emulator;

import java.time.Clock;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Emulates the token endpoint of Microsoft Entra ID, {@code POST /{tenant}/oauth2/v2.0/token}, for the client
 * credentials flow.
 */
final class TokenEndpoint {

    private static final Pattern PATH = Pattern.compile("/([^/]+)/oauth2/v2\\.0/token/?", Pattern.CASE_INSENSITIVE);
    private static final Pattern GUID =
            Pattern.compile("[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", Pattern.CASE_INSENSITIVE);
    private static final Pattern DOMAIN = Pattern.compile("[a-z0-9-]+(?:\\.[a-z0-9-]+)+", Pattern.CASE_INSENSITIVE);
    private static final List<String> OIDC = List.of("openid", "profile", "offline_access");
    private static final DateTimeFormatter TIMESTAMP =
            DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss'Z'").withZone(ZoneOffset.UTC);
    private static final String JSON = "application/json; charset=utf-8";

    private final AzureAd azureAd;
    private final Clock clock;
    private final ClientAssertions assertions;

    TokenEndpoint(AzureAd azureAd, Clock clock) {
        this.azureAd = azureAd;
        this.clock = clock;
        this.assertions = new ClientAssertions(azureAd, clock);
    }

    static boolean isTokenRequest(String rawPath) {
        return PATH.matcher(rawPath).matches();
    }

    Response respond(Request request) {
        String correlation = correlation(request);
        Response response = authorityFault(correlation);
        if (response == null) {
            response = rejection(request, correlation);
        }
        if (response == null) {
            response = token(
                    resources(request.form().getOrDefault("scope", "")).get(0),
                    request.form().get("claims"));
        }
        return withHeaders(response, request, correlation);
    }

    /** Returns the response of an injected fault, with the authority's error for the status if there is one. */
    Response failure(Request request, int status) {
        String correlation = correlation(request);
        Response response =
                switch (status) {
                    case 503 -> unavailable(correlation);
                    case 429 -> throttled(correlation);
                    case 401 -> error(401, "invalid_client", 7000215, "Invalid client secret provided.", correlation);
                    default -> Response.empty(status);
                };
        return withHeaders(response, request, correlation);
    }

    private static String correlation(Request request) {
        return request.header("client-request-id")
                .orElseGet(() -> UUID.randomUUID().toString());
    }

    private static Response withHeaders(Response original, Request request, String correlation) {
        Response response = original.with("Cache-Control", "no-store, no-cache")
                .with("Pragma", "no-cache")
                .with("X-Content-Type-Options", "nosniff")
                .with("x-ms-request-id", UUID.randomUUID().toString());
        boolean echo = request.header("return-client-request-id").orElse("").equalsIgnoreCase("true");
        return echo ? response.with("client-request-id", correlation) : response;
    }

    private Response token(String scope, String claims) {
        long seconds = azureAd.tokenLifetime().toSeconds();
        return Response.of(200, JSON, JsonFormat.object(json -> {
            json.writeStringField("token_type", "Bearer");
            json.writeNumberField("expires_in", seconds);
            json.writeNumberField("ext_expires_in", seconds);
            json.writeStringField("access_token", azureAd.issue(scope, claims));
        }));
    }

    /** Returns the error for an invalid request, with Microsoft's order of checks, or null if it is valid. */
    private Response rejection(Request request, String correlation) {
        if (!request.method().equals("POST")) {
            return error(
                    400,
                    "invalid_request",
                    900561,
                    "The endpoint only accepts POST requests. Received a " + request.method() + " request.",
                    correlation);
        }
        Matcher path = PATH.matcher(request.rawPath());
        String tenant = path.matches() ? Request.decodePath(path.group(1)) : "";
        Map<String, String> form = request.form();
        if (!tenant.equalsIgnoreCase(azureAd.tenant())) {
            return unknownTenant(tenant, correlation);
        }
        String client = form.getOrDefault("client_id", "");
        if (!client.equalsIgnoreCase(azureAd.clientId())) {
            return error(
                    400,
                    "unauthorized_client",
                    700016,
                    "Application with identifier '" + client + "' was not found in the directory '" + tenant
                            + "'. This can happen if the application has not been installed by the administrator of"
                            + " the tenant or consented to by any user in the tenant. You may have sent your"
                            + " authentication request to the wrong tenant.",
                    correlation);
        }
        String grant = form.getOrDefault("grant_type", "");
        if (!grant.equals("client_credentials")) {
            return error(
                    400,
                    "unsupported_grant_type",
                    70003,
                    "The app requested an unsupported grant type '" + grant + "'.",
                    correlation);
        }
        Response scope = wrongScope(form.getOrDefault("scope", ""), tenant, correlation);
        return scope != null ? scope : wrongCredential(form, client, correlation);
    }

    private Response unknownTenant(String tenant, String correlation) {
        if (!GUID.matcher(tenant).matches() && !DOMAIN.matcher(tenant).matches()) {
            return error(
                    400,
                    "invalid_request",
                    900023,
                    "Specified tenant identifier '" + tenant
                            + "' is neither a valid DNS name, nor a valid external domain.",
                    correlation);
        }
        return error(
                400,
                "invalid_request",
                90002,
                "Tenant '" + tenant + "' not found. Check to make sure you have the correct tenant ID and are signing"
                        + " into the correct cloud. Check with your subscription administrator, this may happen if"
                        + " there are no active subscriptions for the tenant.",
                correlation);
    }

    private static List<String> resources(String scope) {
        return Arrays.stream(scope.split("\\s+"))
                .filter(name -> !name.isEmpty() && !OIDC.contains(name))
                .toList();
    }

    /**
     * Returns the error for an invalid scope, or null. Accepts the OpenID Connect scopes, which MSAL4J also requests.
     */
    private Response wrongScope(String scope, String tenant, String correlation) {
        List<String> resources = resources(scope);
        if (resources.size() != 1 || !resources.get(0).endsWith("/.default")) {
            return error(
                    400,
                    "invalid_scope",
                    70011,
                    "The provided request must include a 'scope' input parameter. The provided value for the input"
                            + " parameter 'scope' is not valid. The scope " + scope + " is not valid.",
                    correlation);
        }
        String resource = resources.get(0);
        if (!azureAd.isScope(resource) || azureAd.fault() == AzureAd.AuthorityError.UNKNOWN_RESOURCE) {
            return error(
                    400,
                    "invalid_resource",
                    500011,
                    "The resource principal named " + resource.substring(0, resource.length() - "/.default".length())
                            + " was not found in the tenant named " + tenant + ". This can happen if the application"
                            + " has not been installed by the administrator of the tenant or consented to by any user"
                            + " in the tenant. You might have sent your authentication request to the wrong tenant.",
                    correlation);
        }
        return null;
    }

    private Response wrongCredential(Map<String, String> form, String client, String correlation) {
        String assertion = form.get("client_assertion");
        if (assertion != null) {
            return assertions
                    .validate(form.get("client_assertion_type"), assertion)
                    .map(rejection -> error(401, "invalid_client", rejection.number(), rejection.text(), correlation))
                    .orElseGet(() -> credentialFault(client, correlation));
        }
        if (!azureAd.secret().equals(form.get("client_secret"))) {
            return error(
                    401,
                    "invalid_client",
                    7000215,
                    "Invalid client secret provided. Ensure the secret being sent in the request is the client secret"
                            + " value, not the client secret ID, for a secret added to app '" + client + "'.",
                    correlation);
        }
        return credentialFault(client, correlation);
    }

    private Response credentialFault(String client, String correlation) {
        return switch (azureAd.fault()) {
            case EXPIRED_SECRET ->
                error(
                        401,
                        "invalid_client",
                        7000222,
                        "The provided client secret keys for app '" + client + "' are expired. Visit the Azure portal"
                                + " to create new keys for your app: https://aka.ms/NewClientSecret, or consider using"
                                + " certificate credentials for added security: https://aka.ms/certCreds.",
                        correlation);
            case BLOCKED_BY_POLICY ->
                error(
                        400,
                        "invalid_grant",
                        53003,
                        "Access has been blocked by Conditional Access policies. The access policy does not allow"
                                + " token issuance.",
                        correlation);
            default -> null;
        };
    }

    /** Returns the error that the authority currently returns to all requests, or null. */
    private Response authorityFault(String correlation) {
        AadError error = azureAd.error();
        if (error != null) {
            return error(error.status, error.error, error.number, error.text, correlation);
        }
        String seconds = Long.toString(azureAd.retryAfter().toSeconds());
        return switch (azureAd.fault()) {
            case BUSY -> unavailable(correlation);
            case BUSY_WITH_RETRY_AFTER -> unavailable(correlation).with("Retry-After", seconds);
            case THROTTLED -> throttled(correlation);
            case THROTTLED_WITH_RETRY_AFTER -> throttled(correlation).with("Retry-After", seconds);
            case HTML_PAGE ->
                Response.of(
                        503,
                        "text/html; charset=utf-8",
                        "<html><head><title>Service Unavailable</title></head><body><h1>Our services aren't available"
                                + " right now</h1></body></html>");
            case EMPTY_500 -> Response.empty(500);
            case NOT_JSON -> Response.of(200, "text/plain; charset=utf-8", "Signed in.");
            case NO_ACCESS_TOKEN ->
                Response.of(200, JSON, "{\"token_type\":\"Bearer\",\"expires_in\":3599,\"ext_expires_in\":3599}");
            default -> null;
        };
    }

    private Response unavailable(String correlation) {
        return error(
                503,
                "temporarily_unavailable",
                90033,
                "A transient error has occurred. Please try again.",
                correlation);
    }

    private Response throttled(String correlation) {
        return error(
                429,
                "temporarily_unavailable",
                90055,
                "The server is terminating this request due to an excessive request rate. Please try again later.",
                correlation);
    }

    private Response error(int status, String error, int number, String text, String correlation) {
        String trace = UUID.randomUUID().toString();
        String timestamp = TIMESTAMP.format(clock.instant());
        String description = String.format(
                Locale.ROOT,
                "AADSTS%d: %s\r\nTrace ID: %s\r\nCorrelation ID: %s\r\nTimestamp: %s",
                number,
                text,
                trace,
                correlation,
                timestamp);
        return Response.of(status, JSON, JsonFormat.object(json -> {
            json.writeStringField("error", error);
            json.writeStringField("error_description", description);
            json.writeArrayFieldStart("error_codes");
            json.writeNumber(number);
            json.writeEndArray();
            json.writeStringField("timestamp", timestamp);
            json.writeStringField("trace_id", trace);
            json.writeStringField("correlation_id", correlation);
            json.writeStringField("error_uri", azureAdErrorPage(number));
        }));
    }

    private static String azureAdErrorPage(int number) {
        return "https://login.microsoftonline.com/error?code=" + number;
    }
}
