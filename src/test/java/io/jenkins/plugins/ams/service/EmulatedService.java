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

/** The implementations of {@link AmsService}, each as it is used with the emulator. */
public enum EmulatedService {
    AMS_V2,
    RESOURCE_MANAGER(LiveApi.RESOURCE_MANAGER),
    RAVNUR(LiveApi.RAVNUR),
    MK_IO(LiveApi.MK_IO),
    /** The same as it was before. */
    MK_IO_BEFORE(LiveApi.MK_IO_BEFORE);

    private final LiveApi api;

    EmulatedService() {
        this(null);
    }

    EmulatedService(LiveApi api) {
        this.api = api;
    }

    /** The service of this name, as a system property gives it: in any case, {@code mkIo} as {@code MK_IO}. */
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

    /** Who asks, with the proof that the emulator takes now. */
    public Identity identity(Emulator emulator) {
        return identity(emulator, secret(emulator));
    }

    private String scope() {
        return this == AMS_V2 ? "https://rest.media.azure.net/.default" : AzureAd.MANAGEMENT_SCOPE;
    }

    /** The proof that the emulator takes now. */
    public String secret(Emulator emulator) {
        return switch (this) {
            case AMS_V2, RESOURCE_MANAGER -> emulator.clientSecret();
            case RAVNUR -> emulator.live().ravnurKey();
            case MK_IO, MK_IO_BEFORE -> emulator.live().mkIoToken();
        };
    }

    /** From now on the emulator takes another proof in place of that one. */
    public void rotateSecret(Emulator emulator, String next) {
        switch (this) {
            case AMS_V2, RESOURCE_MANAGER -> emulator.azureAd().rotateSecret(next);
            case RAVNUR -> emulator.live().rotateRavnurKey(next);
            case MK_IO, MK_IO_BEFORE -> emulator.live().rotateMkIoToken(next);
        }
    }

    /** What is said of a wrong proof where it is not sent with each request. */
    public AuthenticationException.Kind kindOfWrongSecret() {
        return this == RAVNUR ? AuthenticationException.Kind.WRONG_KEY : AuthenticationException.Kind.WRONG_SECRET;
    }

    /** Who asks with this proof, which the emulator may not take. */
    public Identity identity(Emulator emulator, String secret) {
        return identity(emulator.authority(), emulator.tenant(), emulator.clientId(), secret, endpoint(emulator));
    }

    /** The same where the emulator is in another process. */
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

    /** A client that sends tokens to the endpoint's host and no other, and is as patient as in Jenkins. */
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
            Duration limit) {
        return this == AMS_V2
                ? new AmsV2Service(endpoint, tokens, http, policy, clock, limit)
                : new V3Service(endpoint, dialect(), tokens, http, policy, clock, limit);
    }

    /** Reads a text as this API does. */
    public JobId jobId(String text) {
        return this == AMS_V2 ? AmsV2JobId.parse(text) : dialect().jobId(text);
    }

    public JobId idOf(EmulatedJob job) {
        return jobId(this == AMS_V2 ? job.id() : job.v3Id());
    }

    /** A job that nobody has. */
    public JobId unknown() {
        String guid = UUID.randomUUID().toString();
        return jobId(this == AMS_V2 ? guid : "Encoding/job-" + guid);
    }

    /** Makes the service refuse the tokens that it has taken so far, as far as there are others. */
    public void expireTokens(Emulator emulator) {
        if (this == RAVNUR) {
            emulator.live().expireRavnurTokens();
        } else {
            emulator.azureAd().expireTokens();
        }
    }

    /** Whether a refused token is all there is. */
    public boolean hasOneTokenOnly() {
        return this == MK_IO || this == MK_IO_BEFORE;
    }

    /** Whether errors have the errors that they are made of with them; MK.IO's have not. */
    public boolean returnsErrorDetails() {
        return this != MK_IO && this != MK_IO_BEFORE;
    }

    /** Whether errors tell more than a code and a message. */
    public boolean returnsRetryability() {
        return this != AMS_V2;
    }

    /** Whether an answer for a job has its tasks and output assets in it. */
    public boolean returnsTasksWithJobs() {
        return this != AMS_V2;
    }

    private V3Dialect dialect() {
        return switch (this) {
            case AMS_V2 -> throw new IllegalStateException("has none");
            case RESOURCE_MANAGER, RAVNUR ->
                V3Dialect.resourceManager(LiveServices.SUBSCRIPTION, LiveServices.RESOURCE_GROUP, LiveServices.ACCOUNT);
            case MK_IO -> V3Dialect.mkIoProject(LiveServices.PROJECT);
            case MK_IO_BEFORE -> V3Dialect.mkIoSubscription(LiveServices.PROJECT);
        };
    }
}
