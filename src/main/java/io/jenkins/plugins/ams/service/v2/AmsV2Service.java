/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.service.v2;

import io.jenkins.plugins.ams.auth.TokenSource;
import io.jenkins.plugins.ams.auth.TokenStatus;
import io.jenkins.plugins.ams.http.Futures;
import io.jenkins.plugins.ams.service.AmsService;
import io.jenkins.plugins.ams.service.EndpointPolicy;
import io.jenkins.plugins.ams.service.ErrorForm;
import io.jenkins.plugins.ams.service.JobBatcher;
import io.jenkins.plugins.ams.service.JobId;
import io.jenkins.plugins.ams.service.MediaJob;
import io.jenkins.plugins.ams.service.MediaTask;
import io.jenkins.plugins.ams.service.OutputAsset;
import io.jenkins.plugins.ams.service.RestClient;
import io.jenkins.plugins.ams.service.ServiceException;
import io.jenkins.plugins.ams.service.ServiceException.Kind;
import io.jenkins.plugins.ams.service.TrustedHosts;
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
 * An Azure Media Services client for the REST API v2 (2.19, the last documented version). To poll several jobs with one
 * request, the client combines the job IDs with {@code or} in a filter. The AMS v2 API reference does not document
 * {@code or} in filters.
 */
public final class AmsV2Service implements AmsService {

    /**
     * Typical maximum length of a base URI, in characters. This length is assumed even if the endpoint is shorter,
     * because the endpoint of an old account can redirect to a longer URI.
     */
    private static final int MAX_USUAL_BASE_LENGTH = 80;

    /**
     * The trusted hosts of the public cloud (current and former) and of the China, US Government, and Germany clouds.
     * The clusters that media.windows.net and media.chinacloudapi.cn redirect to, such as {@code
     * wamsbayclus001rest-hs.cloudapp.net}, require a strict pattern because anyone can register a subdomain of
     * cloudapp.net.
     */
    public static final TrustedHosts HOSTS = new TrustedHosts(
            List.of(
                    "media.azure.net",
                    "media.windows.net",
                    "media.chinacloudapi.cn",
                    "media.usgovcloudapi.net",
                    "media.cloudapi.de"),
            "wams[a-z]{2,8}clus\\d{3}rest-hs\\.(?:cloudapp\\.net|chinacloudapp\\.cn)");

    /** A job ID that does not belong to any job. */
    private static final JobId NO_JOB = AmsV2JobId.parse("00000000-0000-0000-0000-000000000000");

    /** The headers to send with every request. */
    private static final Map<String, String> HEADERS =
            Map.of("x-ms-version", "2.19", "DataServiceVersion", "3.0", "MaxDataServiceVersion", "3.0");

    private final RestClient client;
    private final JobBatcher batcher;

    /**
     * @param endpoint the account's REST API endpoint, such as {@code
     *     https://account.restv2.westeurope.media.azure.net/api/}
     * @param tokens the source of access tokens
     * @param client supplies the HTTP client for each request, because Jenkins' proxy settings can change. The client
     *     must not follow redirects and should have a short connect timeout
     * @param policy the hosts that may receive tokens
     * @param clock the clock whose time is compared with dates in {@code Retry-After} headers
     * @throws IllegalArgumentException if the policy rejects the endpoint; callers must check the endpoint first
     */
    public AmsV2Service(
            URI endpoint, TokenSource tokens, Supplier<HttpClient> client, EndpointPolicy policy, Clock clock) {
        this(endpoint, tokens, client, policy, clock, RestClient.TIMEOUT);
    }

    public AmsV2Service(
            URI endpoint,
            TokenSource tokens,
            Supplier<HttpClient> client,
            EndpointPolicy policy,
            Clock clock,
            Duration timeout) {
        this.client = new RestClient(endpoint, HEADERS, tokens, client, policy, ErrorForm.ODATA, clock, timeout);
        int maxJobs = AmsV2Urls.jobsPerUrl(Math.max(
                MAX_USUAL_BASE_LENGTH, this.client.endpoint().toString().length()));
        this.batcher =
                new JobBatcher(this.client.endpoint().getHost(), maxJobs, clock, id -> poll(List.of(id)), this::poll);
    }

    @Override
    public TokenStatus tokenStatus() {
        return client.tokenStatus();
    }

    @Override
    public int jobsPerRequest() {
        return batcher.jobsPerRequest();
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
     * <p>This method does not retry the request. However, the JDK's client may repeat it if a reused connection is
     * closed before the first byte of the response arrives. If the service has already carried out the first request,
     * the future completes with false. Status 400 with a body in the service's error format is the documented response
     * for a job in the Finished, Error, Canceled, or Canceling state.
     */
    @Override
    public CompletableFuture<Boolean> cancel(JobId id) {
        return Futures.bare(JobBatcher.recover(
                client.get(AmsV2Urls.cancel(id), AmsV2Service::accepted),
                failure -> failure.kind() == Kind.CLIENT_ERROR && failure.status() == 400
                        ? CompletableFuture.completedFuture(false)
                        : CompletableFuture.failedFuture(failure)));
    }

    /**
     * Accepts only status 204 without a body. Any other successful response comes from a proxy, and the job has not
     * been canceled.
     */
    private static boolean accepted(RestClient.Response response) throws ServiceException {
        if (response.status() != 204 || response.body().length > 0) {
            throw ServiceException.invalidResponse("HTTP " + response.status() + " instead of 204 without a body");
        }
        return true;
    }

    /**
     * {@inheritDoc}
     *
     * <p>Polls a job that does not exist; the expected response is an empty feed.
     */
    @Override
    public CompletableFuture<Void> ping() {
        return Futures.bare(poll(List.of(NO_JOB)).thenApply(none -> null));
    }

    /**
     * Polls jobs with one request. If no job matches the filter, the service returns an empty feed, so status 404 means
     * that the URL is wrong.
     */
    private CompletableFuture<Map<JobId, MediaJob>> poll(List<JobId> ids) {
        CompletableFuture<Map<JobId, MediaJob>> polled = client.get(AmsV2Urls.jobs(ids), response -> {
            Map<JobId, MediaJob> found = new LinkedHashMap<>();
            for (MediaJob job : AmsV2Json.jobs(response.body())) {
                if (ids.contains(job.id())) {
                    found.put(job.id(), job.withRequestId(response.requestId()));
                }
            }
            return found;
        });
        return JobBatcher.recover(
                polled,
                failure -> CompletableFuture.failedFuture(
                        failure.kind() == Kind.NOT_FOUND ? failure.withKind(Kind.ACCOUNT_NOT_FOUND) : failure));
    }
}
