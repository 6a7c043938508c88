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
 * The authority: one tenant with one application, whose secret and certificates may be rotated or expire, and the tokens it gave out. All
 * methods may be called at any time.
 */
public final class AzureAd {

    /** What the application's secret is worth. */
    public enum AuthorityFault {
        /** None: tokens are given out. */
        NONE,
        /** AADSTS7000222: the secret has expired. */
        EXPIRED_SECRET,
        /** AADSTS53003: conditional access blocks the application. */
        BLOCKED_BY_POLICY,
        /** AADSTS500011: the tenant does not know the service's resource. */
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

    /** What tokens for Azure Resource Manager are asked for. */
    public static final String MANAGEMENT_SCOPE = "https://management.azure.com/.default";

    /** Stands for the one identity that needs no id. */
    public static final String SYSTEM_ASSIGNED = "system-assigned";

    /** What an App Service's variable {@code IDENTITY_HEADER} holds. */
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
    private volatile AuthorityFault fault = AuthorityFault.NONE;
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

    /** Directory (tenant) id. */
    public String tenant() {
        return tenant;
    }

    /** Application (client) id. */
    public String clientId() {
        return clientId;
    }

    /** The secret that is accepted now. */
    public String secret() {
        return secret;
    }

    /** What tokens are given out for. */
    public String scope() {
        return "https://rest.media.azure.net/.default";
    }

    /** Whether tokens are given out for this: also for Azure Resource Manager, whose API another is. */
    boolean isScope(String requestedScope) {
        return requestedScope.equals(scope()) || requestedScope.equals(MANAGEMENT_SCOPE);
    }

    private record IssuedToken(String scope, Instant expiry, JsonNode claims) {}

    /** From now on another secret is accepted, and the old one is wrong (AADSTS7000215). Tokens stay good. */
    public AzureAd rotateSecret(String newValue) {
        secret = newValue;
        return this;
    }

    /** From now on the application may prove itself with these certificates as well, and with no others. */
    public AzureAd certificates(X509Certificate... registered) {
        certificates = List.of(registered);
        return this;
    }

    /**
     * From now on the application may prove itself with a token of this issuer about this subject, for the audience
     * {@code api://AzureADTokenExchange}, and with no other issuer's.
     *
     * @param key what the issuer's signatures are verified with; a real one publishes it under its address
     */
    public AzureAd federate(String issuer, String subject, PublicKey key) {
        federatedCredential = new FederatedCredential(issuer, subject, key);
        return this;
    }

    FederatedCredential federatedCredential() {
        return federatedCredential;
    }

    /** Whom the application trusts to vouch for it. */
    record FederatedCredential(String issuer, String subject, PublicKey key) {}

    /**
     * From now on the machine has these managed identities and no others.
     *
     * @param ids {@link #SYSTEM_ASSIGNED}, or client, object or resource ids of user-assigned ones
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

    /** Answers every token request in this way until told otherwise. */
    public AzureAd fault(AuthorityFault newValue) {
        fault = newValue;
        return this;
    }

    AuthorityFault fault() {
        return fault;
    }

    /** Answers every token request with this error until told otherwise; null for none. */
    public AzureAd error(AadError newValue) {
        error = newValue;
        return this;
    }

    AadError error() {
        return error;
    }

    /** {@code Retry-After} of the troubles that have one, in whole seconds; 7 s if not said. */
    public AzureAd retryAfter(Duration time) {
        retryAfter = time;
        return this;
    }

    Duration retryAfter() {
        return retryAfter;
    }

    /**
     * From now on the services answer a claims challenge to tokens that were requested without these claims.
     *
     * @param json the claims as the token request's parameter takes them; null to demand none
     */
    public AzureAd requireClaims(String json) {
        requiredClaims = json == null ? null : json(json);
        return this;
    }

    /** The challenge for a token that is good but lacks the demanded claims; empty for any other. */
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

    /** How long tokens are good that are given out from now on; 3599 s if not said. */
    public AzureAd tokenLifetime(Duration time) {
        lifetime = time;
        return this;
    }

    Duration tokenLifetime() {
        return lifetime;
    }

    /** The service refuses every token that was given out so far, as if it had expired. */
    public AzureAd expireTokens() {
        tokens.clear();
        return this;
    }

    /** A new token without particular claims. */
    String issue(String grantedScope) {
        return issue(grantedScope, null);
    }

    /**
     * A new token. In shape a JWT with the claims of a real one, but nobody signs or reads it.
     *
     * @param requestedClaims the parameter {@code claims} of the request; null if it has none
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
