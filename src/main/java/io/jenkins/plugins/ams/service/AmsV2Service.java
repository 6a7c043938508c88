/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.service;

import io.jenkins.plugins.ams.auth.Futures;
import io.jenkins.plugins.ams.auth.TokenSource;
import io.jenkins.plugins.ams.service.ServiceException.Kind;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/**
 * Azure Media Services by version 2 of its REST API (2.19, the last documented one).
 * Several jobs are looked at with one request by {@code or} in its filter, which the reference does not mention.
 */
public final class AmsV2Service implements AmsService {

    /** The cluster that an old account's endpoint redirects to can have a longer address than the endpoint. */
    private static final int MAX_USUAL_BASE_LENGTH = 80;

    /**
     * Of the public cloud, of its first years, and of China, US Government and Germany. The clusters that
     * media.windows.net and media.chinacloudapi.cn redirect to, such as {@code wamsbayclus001rest-hs.cloudapp.net}, are
     * spelt out because everybody could have a name below cloudapp.net.
     */
    public static final TrustedHosts HOSTS = new TrustedHosts(
            List.of(
                    "media.azure.net",
                    "media.windows.net",
                    "media.chinacloudapi.cn",
                    "media.usgovcloudapi.net",
                    "media.cloudapi.de"),
            "wams[a-z]{2,8}clus\\d{3}rest-hs\\.(?:cloudapp\\.net|chinacloudapp\\.cn)");

    /** No job has this id. */
    private static final JobId NO_JOB = AmsV2JobId.parse("00000000-0000-0000-0000-000000000000");

    /** Of every request. */
    private static final Map<String, String> HEADERS =
            Map.of("x-ms-version", "2.19", "DataServiceVersion", "3.0", "MaxDataServiceVersion", "3.0");

    private final RestClient client;
    private final JobBatcher batcher;

    /**
     * @param endpoint the account's REST API endpoint, such as
     *     {@code https://account.restv2.westeurope.media.azure.net/api/}
     * @param tokens asked before each request
     * @param client asked before each request, because Jenkins' proxy can change; must not follow redirects, which is
     *     done here, and should have a short time-out to connect
     * @param policy where tokens may go
     * @param clock what a date in Retry-After is counted from
     * @throws IllegalArgumentException if the policy refuses the endpoint; ask it before
     */
    public AmsV2Service(
            URI endpoint, TokenSource tokens, Supplier<HttpClient> client, EndpointPolicy policy, Clock clock) {
        this(endpoint, tokens, client, policy, clock, RestClient.TIMEOUT);
    }

    AmsV2Service(
            URI endpoint,
            TokenSource tokens,
            Supplier<HttpClient> client,
            EndpointPolicy policy,
            Clock clock,
            Duration limit) {
        this.client = new RestClient(endpoint, HEADERS, tokens, client, policy, ErrorForm.ODATA, clock, limit);
        int mostJobs = AmsV2Urls.jobsPerUrl(Math.max(
                MAX_USUAL_BASE_LENGTH, this.client.endpoint().toString().length()));
        this.batcher =
                new JobBatcher(this.client.endpoint().getHost(), mostJobs, clock, id -> poll(List.of(id)), this::poll);
    }

    @Override
    public int jobsPerRequest() {
        return batcher.jobsPerRequest();
    }

    @Override
    public boolean hasDetailsOf(JobId id) {
        return false;
    }

    @Override
    public CompletableFuture<Map<JobId, MediaJob>> jobs(Collection<JobId> ids) {
        return batcher.poll(ids);
    }

    @Override
    public CompletableFuture<List<MediaTask>> tasks(JobId id) {
        return Futures.bare(client.get(AmsV2Urls.tasks(id), response -> AmsV2Json.tasks(response.body())));
    }

    @Override
    public CompletableFuture<List<OutputAsset>> outputAssets(JobId id) {
        return Futures.bare(
                client.get(AmsV2Urls.outputAssets(id), response -> AmsV2Json.outputAssets(response.body())));
    }

    /**
     * {@inheritDoc}
     *
     * <p>Sent once. Only the JDK's client may send it again, where a connection that it kept open turns out to be closed
     * before the first byte of a response; if the first request was carried out, the result is false then. A 400 in the
     * service's own words is its documented way to say that the job is finished, canceling, canceled or in error.
     */
    @Override
    public CompletableFuture<Boolean> cancel(JobId id) {
        return Futures.bare(JobBatcher.recover(
                client.get(AmsV2Urls.cancel(id), AmsV2Service::accepted),
                failure -> failure.kind() == Kind.CLIENT_ERROR && failure.status() == 400
                        ? CompletableFuture.completedFuture(false)
                        : CompletableFuture.failedFuture(failure)));
    }

    /** The service answers 204 without a body; a page in its place is a proxy's, and nothing was canceled. */
    private static boolean accepted(RestClient.Response response) throws InvalidResponseException {
        if (response.status() != 204 || response.body().length > 0) {
            throw new InvalidResponseException("HTTP " + response.status() + " where 204 without a body should be");
        }
        return true;
    }

    /**
     * {@inheritDoc}
     *
     * <p>A poll for a job that nobody has: the response is an empty feed.
     */
    @Override
    public CompletableFuture<Void> ping() {
        return Futures.bare(poll(List.of(NO_JOB)).thenApply(none -> null));
    }

    /** A filter that matches no job is answered with an empty feed. So a 404 is not about jobs, but about the address. */
    private CompletableFuture<Map<JobId, MediaJob>> poll(List<JobId> ids) {
        CompletableFuture<Map<JobId, MediaJob>> look = client.get(AmsV2Urls.jobs(ids), response -> {
            Map<JobId, MediaJob> found = new LinkedHashMap<>();
            for (MediaJob job : AmsV2Json.jobs(response.body())) {
                if (ids.contains(job.id())) {
                    found.put(job.id(), job.withRequestId(response.requestId()));
                }
            }
            return found;
        });
        return JobBatcher.recover(
                look,
                failure -> CompletableFuture.failedFuture(
                        failure.kind() == Kind.NOT_FOUND ? failure.withKind(Kind.ACCOUNT_NOT_FOUND) : failure));
    }
}
