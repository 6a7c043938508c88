/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.emulator;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.nio.charset.StandardCharsets;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The settings and tokens of the emulated Microsoft Entra ID, which has one tenant with one application. Thread-safe.
 */
public final class AzureAd {

    /** Errors in all responses of the authority. */
    public enum AuthorityError {
        /** No error: tokens are issued. */
        NONE,
        /** AADSTS7000222: the secret has expired. */
        EXPIRED_SECRET,
        /** AADSTS53003: Conditional Access blocks the application. */
        BLOCKED_BY_POLICY,
        /** AADSTS500011: the tenant does not have the service's resource. */
        UNKNOWN_RESOURCE,
        /** 503 temporarily_unavailable, AADSTS90033, without Retry-After. */
        BUSY,
        /** 503 temporarily_unavailable, AADSTS90033, with Retry-After. */
        BUSY_WITH_RETRY_AFTER,
        /** 429 temporarily_unavailable, AADSTS90055, without Retry-After. */
        THROTTLED,
        /** 429 temporarily_unavailable, AADSTS90055, with Retry-After. */
        THROTTLED_WITH_RETRY_AFTER,
        /** 503 and an HTML page. */
        HTML_PAGE,
        /** 500 without a body. */
        EMPTY_500,
        /** 200 and a body that is not JSON. */
        NOT_JSON,
        /** 200 and JSON without access_token. */
        NO_ACCESS_TOKEN
    }

    /** The scope of tokens for Azure Resource Manager. */
    public static final String MANAGEMENT_SCOPE = "https://management.azure.com/.default";

    /** Denotes the system-assigned managed identity, which has no ID in requests. */
    public static final String SYSTEM_ASSIGNED = "system-assigned";

    /** The value of the variable {@code IDENTITY_HEADER} in an App Service. */
    public static final String IDENTITY_HEADER = "853b9a84-5bfa-4b22-a3f3-0b9a43d9ad8a";

    private static final JsonMapper JSON = new JsonMapper();

    private final Clock clock;
    private final String tenant;
    private final String clientId;
    private final Map<String, IssuedToken> tokens = new ConcurrentHashMap<>();
    private volatile String secret;
    private volatile Set<String> managedIdentities = Set.of();
    private volatile FederatedCredential federatedCredential;
    private volatile List<X509Certificate> certificates = List.of();
    private volatile AuthorityError fault = AuthorityError.NONE;
    private volatile AadError error;
    private volatile JsonNode requiredClaims;
    private volatile Duration lifetime = Duration.ofSeconds(3599);
    private volatile Duration retryAfter = Duration.ofSeconds(7);

    AzureAd(Clock clock, String tenant, String clientId, String secret) {
        this.clock = clock;
        this.tenant = tenant;
        this.clientId = clientId;
        this.secret = secret;
    }

    /** Returns the directory (tenant) ID. */
    public String tenant() {
        return tenant;
    }

    /** Returns the application (client) ID. */
    public String clientId() {
        return clientId;
    }

    /** Returns the currently valid secret. */
    public String secret() {
        return secret;
    }

    /** Returns the scope of tokens for AMS v2. */
    public String scope() {
        return "https://rest.media.azure.net/.default";
    }

    /** Returns whether tokens are issued for this scope. */
    boolean isScope(String requestedScope) {
        return requestedScope.equals(scope()) || requestedScope.equals(MANAGEMENT_SCOPE);
    }

    private record IssuedToken(String scope, Instant expiry, JsonNode claims) {}

    /** Replaces the secret. The old one is rejected with AADSTS7000215; issued tokens remain valid. */
    public AzureAd rotateSecret(String newValue) {
        secret = newValue;
        return this;
    }

    /** Replaces the certificates that the application can sign client assertions with. */
    public AzureAd certificates(X509Certificate... registered) {
        certificates = List.of(registered);
        return this;
    }

    /**
     * Replaces the federated credential. Client assertions of the issuer must have the given subject and the audience
     * {@code api://AzureADTokenExchange}.
     *
     * @param key the public key for the issuer's signatures, which a real issuer publishes
     */
    public AzureAd federate(String issuer, String subject, PublicKey key) {
        federatedCredential = new FederatedCredential(issuer, subject, key);
        return this;
    }

    FederatedCredential federatedCredential() {
        return federatedCredential;
    }

    /** An issuer whose tokens the application accepts as client assertions. */
    record FederatedCredential(String issuer, String subject, PublicKey key) {}

    /**
     * Replaces the managed identities of the machine.
     *
     * @param ids {@link #SYSTEM_ASSIGNED}, or the client, object or resource IDs of user-assigned identities
     */
    public AzureAd managedIdentities(String... ids) {
        managedIdentities = Set.of(ids);
        return this;
    }

    Set<String> managedIdentities() {
        return managedIdentities;
    }

    List<X509Certificate> certificates() {
        return certificates;
    }

    /** Sets the fault of all responses to token requests. */
    public AzureAd fault(AuthorityError newValue) {
        fault = newValue;
        return this;
    }

    AuthorityError fault() {
        return fault;
    }

    /** Sets the error of all responses to token requests, or null for none. */
    public AzureAd error(AadError newValue) {
        error = newValue;
        return this;
    }

    AadError error() {
        return error;
    }

    /** Sets the {@code Retry-After} of faults with this header, in whole seconds. The default is 7 s. */
    public AzureAd retryAfter(Duration time) {
        retryAfter = time;
        return this;
    }

    Duration retryAfter() {
        return retryAfter;
    }

    /**
     * Makes the services respond with a claims challenge to tokens that were requested without these claims.
     *
     * @param json the claims in the format of the token request's parameter, or null for no challenge
     */
    public AzureAd requireClaims(String json) {
        requiredClaims = json == null ? null : json(json);
        return this;
    }

    /** Returns the claims challenge for a valid token without the required claims, or empty for other tokens. */
    Optional<String> challenge(String token) {
        JsonNode required = requiredClaims;
        IssuedToken issued = tokens.get(token);
        return required == null || issued == null || required.equals(issued.claims())
                ? Optional.empty()
                : Optional.of(
                        "Bearer realm=\"\", authorization_uri=\"https://login.microsoftonline.com/common/oauth2/authorize\","
                                + " error=\"insufficient_claims\", claims=\""
                                + Base64.getEncoder()
                                        .encodeToString(required.toString().getBytes(StandardCharsets.UTF_8))
                                + "\"");
    }

    private static JsonNode json(String text) {
        try {
            return JSON.readTree(text);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(e);
        }
    }

    /** Sets the lifetime of tokens that are issued from now on. The default is 3599 s. */
    public AzureAd tokenLifetime(Duration time) {
        lifetime = time;
        return this;
    }

    Duration tokenLifetime() {
        return lifetime;
    }

    /** Makes the services reject all issued tokens as expired. */
    public AzureAd expireTokens() {
        tokens.clear();
        return this;
    }

    /** Issues a token without requested claims. */
    String issue(String grantedScope) {
        return issue(grantedScope, null);
    }

    /**
     * Issues a token. It has the format and claims of a real JWT, but is not signed.
     *
     * @param requestedClaims the parameter {@code claims} of the request, or null if it is missing
     */
    String issue(String grantedScope, String requestedClaims) {
        Instant now = clock.instant();
        tokens.values().removeIf(issued -> !now.isBefore(issued.expiry()));
        String header = "{\"typ\":\"JWT\",\"alg\":\"RS256\"}";
        String claims = "{\"aud\":\"" + grantedScope.replace("/.default", "") + "\",\"iss\":\"https://sts.windows.net/"
                + tenant
                + "/\",\"appid\":\"" + clientId + "\",\"appidacr\":\"1\",\"iat\":" + now.getEpochSecond() + ",\"exp\":"
                + now.plus(lifetime).getEpochSecond() + "}";
        String token =
                base64(header) + "." + base64(claims) + "." + base64(UUID.randomUUID() + "." + UUID.randomUUID());
        tokens.put(
                token,
                new IssuedToken(
                        grantedScope, now.plus(lifetime), requestedClaims == null ? null : json(requestedClaims)));
        return token;
    }

    boolean isValid(String token, String requiredScope, Instant now) {
        IssuedToken issued = tokens.get(token);
        return issued != null && issued.scope().equals(requiredScope) && now.isBefore(issued.expiry());
    }

    private static String base64(String text) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}
