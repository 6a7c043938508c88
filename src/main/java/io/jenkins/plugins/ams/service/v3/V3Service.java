/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.service.v3;

import io.jenkins.plugins.ams.auth.TokenSource;
import io.jenkins.plugins.ams.auth.TokenStatus;
import io.jenkins.plugins.ams.http.CancellableFuture;
import io.jenkins.plugins.ams.http.Futures;
import io.jenkins.plugins.ams.service.AmsService;
import io.jenkins.plugins.ams.service.EndpointPolicy;
import io.jenkins.plugins.ams.service.JobBatcher;
import io.jenkins.plugins.ams.service.JobDetails;
import io.jenkins.plugins.ams.service.JobId;
import io.jenkins.plugins.ams.service.MediaJob;
import io.jenkins.plugins.ams.service.MediaTask;
import io.jenkins.plugins.ams.service.ODataUrls;
import io.jenkins.plugins.ams.service.OutputAsset;
import io.jenkins.plugins.ams.service.RestClient;
import io.jenkins.plugins.ams.service.ServiceException;
import io.jenkins.plugins.ams.service.ServiceException.Kind;
import io.jenkins.plugins.ams.service.v3.V3Json.Page;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * A client for services with a v3-style API: AMS v3 in Azure Resource Manager, Ravnur, and MK.IO.
 *
 * <p>Several jobs of one transform are polled with one listing. The listing's filter contains {@code or}, but the AMS
 * v3 API reference documents only filters with a single comparison, so {@link JobBatcher} individually polls jobs that
 * a listing omits. The response for a job contains the job's outputs, which provide both the tasks and the output
 * assets.
 */
public final class V3Service implements AmsService {

    /** Maximum number of jobs in a batch. A batch requires a separate request for each transform. */
    private static final int MAX_JOBS = 25;

    /** The part of {@link ODataUrls#MAX_LENGTH} that is reserved for the base URI, in characters. */
    private static final int BASE_LENGTH_RESERVE = 200;

    /** The HTTP status codes that mean that the service accepted a cancellation. */
    private static final Set<Integer> ACCEPTED = Set.of(200, 202, 204);

    /** Maximum number of pages that are read from a listing. The first page usually contains all requested jobs. */
    private static final int MAX_PAGES = 5;

    private final RestClient client;
    private final V3Urls urls;
    private final JobBatcher batcher;

    /**
     * @param endpoint the API's base URI
     * @param dialect the variant of the API
     * @param tokens the source of access tokens
     * @param client supplies the HTTP client for each request; the client must not follow redirects
     * @param policy the hosts that may receive tokens
     * @param clock the clock whose time is compared with dates in {@code Retry-After} headers
     * @throws IllegalArgumentException if the policy rejects the endpoint; callers must check the endpoint first
     */
    public V3Service(
            URI endpoint,
            V3Dialect dialect,
            TokenSource tokens,
            Supplier<HttpClient> client,
            EndpointPolicy policy,
            Clock clock) {
        this(endpoint, dialect, tokens, client, policy, clock, RestClient.TIMEOUT);
    }

    /** @param timeout the timeout of one request */
    public V3Service(
            URI endpoint,
            V3Dialect dialect,
            TokenSource tokens,
            Supplier<HttpClient> client,
            EndpointPolicy policy,
            Clock clock,
            Duration timeout) {
        this.client = new RestClient(endpoint, Map.of(), tokens, client, policy, dialect.errorForm(), clock, timeout);
        this.urls = new V3Urls(dialect);
        this.batcher =
                new JobBatcher(this.client.endpoint().getHost(), MAX_JOBS, clock, this::pollOne, this::pollSeveral);
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
        return Futures.bare(details(id).thenApply(JobDetails::tasks));
    }

    @Override
    public CompletableFuture<List<OutputAsset>> outputAssets(JobId id) {
        return Futures.bare(details(id).thenApply(JobDetails::outputAssets));
    }

    /**
     * {@inheritDoc}
     *
     * <p>The request is not retried. The future never completes with false. The API does not document its response for
     * a job that has already ended, so every rejection, for example because of a resource lock, completes the future
     * exceptionally. According to recorded responses, canceling a job in the Canceling state succeeds.
     */
    @Override
    public CompletableFuture<Boolean> cancel(JobId id) {
        return Futures.bare(client.post(urls.cancel(id), V3Service::accepted));
    }

    /**
     * Returns whether the service accepted the cancellation. The body is empty, as in recorded responses, or a JSON
     * object that is not an error. An HTML page comes from a proxy, so it does not show that the job was canceled.
     */
    private static boolean accepted(RestClient.Response response) throws ServiceException {
        boolean empty = new String(response.body(), StandardCharsets.UTF_8).isBlank();
        if (!ACCEPTED.contains(response.status()) || !empty && !V3Json.isObject(response.body())) {
            throw ServiceException.invalidResponse("HTTP " + response.status() + " without a confirmation");
        }
        return true;
    }

    /**
     * {@inheritDoc}
     *
     * <p>Requests a listing of at most one transform. Status 404 means that the account does not exist.
     */
    @Override
    public CompletableFuture<Void> ping() {
        return Futures.bare(client.get(urls.anyTransform(), response -> {
            V3Json.checkListing(response.body());
            return null;
        }));
    }

    private CompletableFuture<JobDetails> details(JobId id) {
        return client.get(
                urls.job(id),
                response -> V3Json.job(response.body(), id).details().orElseThrow());
    }

    private CompletableFuture<Map<JobId, MediaJob>> pollOne(JobId id) {
        CompletableFuture<Map<JobId, MediaJob>> poll =
                client.get(urls.job(id), response -> byId(List.of(V3Json.job(response.body(), id)), response));
        return JobBatcher.recover(poll, failure -> missing(failure, failure.kind() == Kind.NOT_FOUND));
    }

    /**
     * Polls jobs in groups, one group after another. All jobs in a group belong to the same transform and are polled
     * with a listing. If a group contains only one job, the job is polled individually.
     */
    private CompletableFuture<Map<JobId, MediaJob>> pollSeveral(List<JobId> ids) {
        Map<JobId, MediaJob> found = new LinkedHashMap<>();
        CompletableFuture<Map<JobId, MediaJob>> all = CancellableFuture.after(CompletableFuture.completedFuture(found));
        for (List<JobId> group : groupByTransform(ids)) {
            all = all.thenCompose(before -> group.size() == 1 ? pollSingleOfBatch(group.get(0)) : list(group))
                    .thenApply(more -> {
                        found.putAll(more);
                        return found;
                    });
        }
        return all;
    }

    /**
     * Polls a job as part of a batch. If the request is rejected, the job is treated as missing from the batch and is
     * polled individually after the batch.
     */
    private CompletableFuture<Map<JobId, MediaJob>> pollSingleOfBatch(JobId id) {
        return JobBatcher.recover(pollOne(id), failure -> missing(failure, failure.mayConcernJob()));
    }

    /** Polls jobs with a listing. Status 404 means that the transform does not exist and therefore has no jobs. */
    private CompletableFuture<Map<JobId, MediaJob>> list(List<JobId> ids) {
        String url = urls.listing(V3Urls.transform(ids.get(0)), ids);
        return JobBatcher.recover(
                pages(client.get(url, response -> listed(response, ids)), ids, 1),
                failure -> missing(failure, failure.kind() == Kind.NOT_FOUND));
    }

    /** The requested jobs on a page, and the URI of the next page if it belongs to the same listing. */
    private record Listed(Map<JobId, MediaJob> found, Optional<URI> next) {}

    private Listed listed(RestClient.Response response, List<JobId> ids) throws ServiceException {
        Page page = V3Json.jobs(response.body(), ids);
        return new Listed(
                byId(page.jobs(), response),
                Optional.ofNullable(page.next())
                        .flatMap(client::linked)
                        .filter(next -> urls.isListing(next, V3Urls.transform(ids.get(0)))));
    }

    private CompletableFuture<Map<JobId, MediaJob>> pages(CompletableFuture<Listed> page, List<JobId> ids, int number) {
        return page.thenCompose(listed -> {
            Map<JobId, MediaJob> found = listed.found();
            if (found.size() == ids.size() || listed.next().isEmpty() || number == MAX_PAGES) {
                return CompletableFuture.completedFuture(found);
            }
            return pages(client.get(listed.next().get(), response -> listed(response, ids)), ids, number + 1)
                    .thenApply(rest -> {
                        Map<JobId, MediaJob> all = new LinkedHashMap<>(found);
                        all.putAll(rest);
                        return all;
                    });
        });
    }

    private static Map<JobId, MediaJob> byId(List<MediaJob> polled, RestClient.Response response) {
        return polled.stream()
                .map(job -> job.withRequestId(response.requestId()))
                .collect(Collectors.toMap(MediaJob::id, Function.identity(), (first, last) -> last));
    }

    private static CompletableFuture<Map<JobId, MediaJob>> missing(ServiceException failure, boolean missing) {
        return missing ? CompletableFuture.completedFuture(Map.of()) : CompletableFuture.failedFuture(failure);
    }

    /** Groups jobs by transform, and splits groups that are too large for one URL. */
    private List<List<JobId>> groupByTransform(List<JobId> ids) {
        Map<String, List<List<JobId>>> groups = new LinkedHashMap<>();
        for (JobId id : ids) {
            List<List<JobId>> groupsOfTransform =
                    groups.computeIfAbsent(V3Urls.transform(id), name -> new ArrayList<>());
            if (groupsOfTransform.isEmpty() || isFull(groupsOfTransform.get(groupsOfTransform.size() - 1), id)) {
                groupsOfTransform.add(new ArrayList<>());
            }
            groupsOfTransform.get(groupsOfTransform.size() - 1).add(id);
        }
        return groups.values().stream().flatMap(List::stream).toList();
    }

    private boolean isFull(List<JobId> group, JobId another) {
        List<JobId> all = new ArrayList<>(group);
        all.add(another);
        return BASE_LENGTH_RESERVE
                        + urls.listing(V3Urls.transform(another), all).length()
                > ODataUrls.MAX_LENGTH;
    }
}
