/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.service;

import io.jenkins.plugins.ams.auth.ApiKeyIdentity;
import io.jenkins.plugins.ams.auth.ApplicationIdentity;
import io.jenkins.plugins.ams.auth.AuthenticationException;
import io.jenkins.plugins.ams.auth.ClientSecret;
import io.jenkins.plugins.ams.auth.Identity;
import io.jenkins.plugins.ams.auth.StaticTokenIdentity;
import io.jenkins.plugins.ams.auth.TokenCache;
import io.jenkins.plugins.ams.auth.TokenSource;
import io.jenkins.plugins.ams.emulator.AzureAd;
import io.jenkins.plugins.ams.emulator.EmulatedJob;
import io.jenkins.plugins.ams.emulator.Emulator;
import io.jenkins.plugins.ams.emulator.LiveApi;
import io.jenkins.plugins.ams.emulator.LiveServices;
import io.jenkins.plugins.ams.service.v2.AmsV2JobId;
import io.jenkins.plugins.ams.service.v2.AmsV2Service;
import io.jenkins.plugins.ams.service.v3.V3Dialect;
import io.jenkins.plugins.ams.service.v3.V3Service;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.function.Supplier;

/** The implementations of {@link AmsService}, with what each needs to use the emulator. */
public enum EmulatedService {
    AMS_V2,
    RESOURCE_MANAGER(LiveApi.RESOURCE_MANAGER),
    RAVNUR(LiveApi.RAVNUR),
    MK_IO(LiveApi.MK_IO),
    /** The former API of MK.IO. */
    MK_IO_BEFORE(LiveApi.MK_IO_BEFORE);

    private final LiveApi api;

    EmulatedService() {
        this(null);
    }

    EmulatedService(LiveApi api) {
        this.api = api;
    }

    /** Parses the name of a service, as given in a system property: {@code mkIo} and {@code MK_IO} are equal. */
    public static EmulatedService named(String name) {
        String plain = name.replace("_", "");
        for (EmulatedService service : values()) {
            if (service.name().replace("_", "").equalsIgnoreCase(plain)) {
                return service;
            }
        }
        throw new IllegalArgumentException("no such API: " + name);
    }

    public URI endpoint(Emulator emulator) {
        return this == AMS_V2 ? emulator.endpoint() : emulator.endpoint(api);
    }

    /** Returns an identity with the secret that the emulator currently accepts. */
    public Identity identity(Emulator emulator) {
        return identity(emulator, secret(emulator));
    }

    private String scope() {
        return this == AMS_V2 ? "https://rest.media.azure.net/.default" : AzureAd.MANAGEMENT_SCOPE;
    }

    /** Returns the secret that the emulator currently accepts. */
    public String secret(Emulator emulator) {
        return switch (this) {
            case AMS_V2, RESOURCE_MANAGER -> emulator.clientSecret();
            case RAVNUR -> emulator.live().ravnurKey();
            case MK_IO, MK_IO_BEFORE -> emulator.live().mkIoToken();
        };
    }

    /** Makes the emulator accept another secret instead of the current one. */
    public void rotateSecret(Emulator emulator, String next) {
        switch (this) {
            case AMS_V2, RESOURCE_MANAGER -> emulator.azureAd().rotateSecret(next);
            case RAVNUR -> emulator.live().rotateRavnurKey(next);
            case MK_IO, MK_IO_BEFORE -> emulator.live().rotateMkIoToken(next);
        }
    }

    /** Returns the kind of error for a wrong secret, if the API exchanges the secret for tokens. */
    public AuthenticationException.Kind kindOfWrongSecret() {
        return this == RAVNUR ? AuthenticationException.Kind.WRONG_KEY : AuthenticationException.Kind.WRONG_SECRET;
    }

    /** Returns an identity with a secret that the emulator may not accept. */
    public Identity identity(Emulator emulator, String secret) {
        return identity(emulator.authority(), emulator.tenant(), emulator.clientId(), secret, endpoint(emulator));
    }

    /** Returns an identity for an emulator in another process. */
    public Identity identity(URI authority, String tenant, String clientId, String secret, URI endpoint) {
        return switch (this) {
            case AMS_V2, RESOURCE_MANAGER ->
                new ApplicationIdentity(authority, false, tenant, clientId, new ClientSecret(secret), scope());
            case RAVNUR ->
                new ApiKeyIdentity(endpoint.resolve("auth/token"), LiveServices.SUBSCRIPTION, new ClientSecret(secret));
            case MK_IO, MK_IO_BEFORE -> new StaticTokenIdentity(new ClientSecret(secret));
        };
    }

    public TokenSource tokens(Emulator emulator, HttpClient http, ExecutorService executor, Clock clock) {
        return new TokenCache(() -> http, executor, clock).tokensOf(identity(emulator));
    }

    /** Returns a client that sends tokens only to the endpoint's host and has the timeout that is used in Jenkins. */
    public AmsService service(URI endpoint, TokenSource tokens, Supplier<HttpClient> http, Clock clock) {
        EndpointPolicy policy = new EndpointPolicy(TrustedHosts.NONE, List.of(endpoint.getHost()));
        return service(endpoint, tokens, http, policy, clock, RestClient.TIMEOUT);
    }

    public AmsService service(
            URI endpoint,
            TokenSource tokens,
            Supplier<HttpClient> http,
            EndpointPolicy policy,
            Clock clock,
            Duration timeout) {
        return this == AMS_V2
                ? new AmsV2Service(endpoint, tokens, http, policy, clock, timeout)
                : new V3Service(endpoint, dialect(), tokens, http, policy, clock, timeout);
    }

    /** Parses a job ID of this API. */
    public JobId jobId(String text) {
        return this == AMS_V2 ? AmsV2JobId.parse(text) : dialect().jobId(text);
    }

    public JobId idOf(EmulatedJob job) {
        return jobId(this == AMS_V2 ? job.id() : job.v3Id());
    }

    /** Returns a random ID, which no job has. */
    public JobId unknown() {
        String guid = UUID.randomUUID().toString();
        return jobId(this == AMS_V2 ? guid : "Encoding/job-" + guid);
    }

    /** Makes the service reject all tokens issued so far; only for APIs that issue tokens. */
    public void expireTokens(Emulator emulator) {
        if (this == RAVNUR) {
            emulator.live().expireRavnurTokens();
        } else {
            emulator.azureAd().expireTokens();
        }
    }

    /** Returns whether the secret itself is the token, so that a rejected token cannot be renewed. */
    public boolean hasOneTokenOnly() {
        return this == MK_IO || this == MK_IO_BEFORE;
    }

    /** Returns whether the errors of tasks have details; those of MK.IO do not. */
    public boolean returnsErrorDetails() {
        return this != MK_IO && this != MK_IO_BEFORE;
    }

    /** Returns whether the errors of tasks have a category and advice on a retry. */
    public boolean returnsRetryability() {
        return this != AMS_V2;
    }

    /** Returns whether a response for a job contains its tasks and output assets. */
    public boolean returnsTasksWithJobs() {
        return this != AMS_V2;
    }

    private V3Dialect dialect() {
        return switch (this) {
            case AMS_V2 -> throw new IllegalStateException("AMS v2 has no v3 dialect");
            case RESOURCE_MANAGER, RAVNUR ->
                V3Dialect.resourceManager(LiveServices.SUBSCRIPTION, LiveServices.RESOURCE_GROUP, LiveServices.ACCOUNT);
            case MK_IO -> V3Dialect.mkIoProject(LiveServices.PROJECT);
            case MK_IO_BEFORE -> V3Dialect.mkIoSubscription(LiveServices.PROJECT);
        };
    }
}
