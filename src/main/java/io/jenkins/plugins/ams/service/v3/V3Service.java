/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.service.v3;

import io.jenkins.plugins.ams.auth.CancellableFuture;
import io.jenkins.plugins.ams.auth.Futures;
import io.jenkins.plugins.ams.auth.TokenSource;
import io.jenkins.plugins.ams.service.AmsService;
import io.jenkins.plugins.ams.service.EndpointPolicy;
import io.jenkins.plugins.ams.service.InvalidResponseException;
import io.jenkins.plugins.ams.service.JobBatcher;
import io.jenkins.plugins.ams.service.JobId;
import io.jenkins.plugins.ams.service.MediaJob;
import io.jenkins.plugins.ams.service.MediaTask;
import io.jenkins.plugins.ams.service.OutputAsset;
import io.jenkins.plugins.ams.service.RestClient;
import io.jenkins.plugins.ams.service.ServiceException;
import io.jenkins.plugins.ams.service.ServiceException.Kind;
import io.jenkins.plugins.ams.service.v3.V3Json.JobWithDetails;
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
import java.util.function.Supplier;

/**
 * The services with the shape of AMS v3: Azure Resource Manager's and what looks like it, Ravnur's, and MK.IO.
 *
 * <p>Several jobs of one transform are looked at with one listing. Filters are documented for one comparison only, so
 * nothing relies on {@code or}: see {@link JobBatcher}. An answer for a job holds its outputs, which are its tasks; they
 * are kept for the moment until they are asked for.
 */
public final class V3Service implements AmsService {

    /** Jobs of one request, if they are of one transform. */
    private static final int MAX_JOBS = 25;

    /** The length of an address that every web server takes. */
    private static final int MAX_URL_LENGTH = 2000;

    /** The path of a base address that is longer than this makes a request for fewer jobs at worst. */
    private static final int BASE_LENGTH_RESERVE = 200;

    /** What a cancellation that was accepted is answered with. */
    private static final Set<Integer> ACCEPTED = Set.of(200, 202, 204);

    /** Pages of one listing: so many jobs as are asked for fit on one, whatever the service takes for a page. */
    private static final int MAX_PAGES = 5;

    private final RestClient client;
    private final V3Urls urls;
    private final JobBatcher batcher;
    private final RecentJobs recentJobs;

    /**
     * @param endpoint the base address
     * @param dialect where jobs are below it
     * @param tokens asked before each request
     * @param client asked before each request; must not follow redirects
     * @param policy where tokens may go
     * @param clock what a date in Retry-After is counted from
     * @throws IllegalArgumentException if the policy refuses the endpoint; ask it before
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

    /** @param limit for one request and its answer */
    public V3Service(
            URI endpoint,
            V3Dialect dialect,
            TokenSource tokens,
            Supplier<HttpClient> client,
            EndpointPolicy policy,
            Clock clock,
            Duration limit) {
        this.client = new RestClient(endpoint, Map.of(), tokens, client, policy, dialect.errorForm(), clock, limit);
        this.urls = new V3Urls(dialect);
        this.batcher =
                new JobBatcher(this.client.endpoint().getHost(), MAX_JOBS, clock, this::pollOne, this::pollSeveral);
        this.recentJobs = new RecentJobs(clock);
    }

    @Override
    public int jobsPerRequest() {
        return batcher.jobsPerRequest();
    }

    @Override
    public boolean hasDetailsOf(JobId id) {
        return recentJobs.find(id).isPresent();
    }

    @Override
    public CompletableFuture<Map<JobId, MediaJob>> jobs(Collection<JobId> ids) {
        return batcher.poll(ids);
    }

    @Override
    public CompletableFuture<List<MediaTask>> tasks(JobId id) {
        return Futures.bare(whole(id).thenApply(JobWithDetails::tasks));
    }

    @Override
    public CompletableFuture<List<OutputAsset>> outputAssets(JobId id) {
        return Futures.bare(whole(id).thenApply(JobWithDetails::assets));
    }

    /**
     * {@inheritDoc}
     *
     * <p>Sent once. A job that is Canceling is canceled again with success (recorded). How these services answer the
     * cancellation of a job that has ended is not documented, so the result is never false: a rejection is a failure with
     * the service's reason, such as a lock on the resource.
     */
    @Override
    public CompletableFuture<Boolean> cancel(JobId id) {
        return Futures.bare(client.post(urls.cancel(id), V3Service::accepted));
    }

    /** Recorded without a body; the job or another object would do. A page is a proxy's, and nothing was canceled. */
    private static boolean accepted(RestClient.Response response) throws InvalidResponseException {
        boolean empty = new String(response.body(), StandardCharsets.UTF_8).isBlank();
        if (!ACCEPTED.contains(response.status()) || !empty && !V3Json.isObject(response.body())) {
            throw new InvalidResponseException("HTTP " + response.status() + " with something that is no confirmation");
        }
        return true;
    }

    /**
     * {@inheritDoc}
     *
     * <p>Asks for one transform, whichever. A 404 is no answer here; it says that there is no such account.
     */
    @Override
    public CompletableFuture<Void> ping() {
        return Futures.bare(client.get(urls.anyTransform(), response -> {
            V3Json.checkListing(response.body());
            return null;
        }));
    }

    private CompletableFuture<JobWithDetails> whole(JobId id) {
        Optional<JobWithDetails> kept = recentJobs.find(id);
        return kept.isPresent()
                ? CompletableFuture.completedFuture(kept.get())
                : client.get(urls.job(id), response -> V3Json.job(response.body(), id));
    }

    private CompletableFuture<Map<JobId, MediaJob>> pollOne(JobId id) {
        CompletableFuture<Map<JobId, MediaJob>> look = client.get(
                urls.job(id), response -> remember(List.of(V3Json.job(response.body(), id)), response.requestId()));
        return JobBatcher.recover(look, failure -> missing(failure, failure.kind() == Kind.NOT_FOUND));
    }

    /** One listing for those of the same transform, one after the other. Jobs that are alone need no listing. */
    private CompletableFuture<Map<JobId, MediaJob>> pollSeveral(List<JobId> ids) {
        Map<JobId, MediaJob> found = new LinkedHashMap<>();
        CompletableFuture<Map<JobId, MediaJob>> all = CancellableFuture.after(CompletableFuture.completedFuture(found));
        for (List<JobId> together : together(ids)) {
            all = all.thenCompose(before -> together.size() == 1 ? pollSingleOfBatch(together.get(0)) : list(together))
                    .thenApply(more -> {
                        found.putAll(more);
                        return found;
                    });
        }
        return all;
    }

    /** What is wrong with it alone is for the look that confirms what is missing to say. */
    private CompletableFuture<Map<JobId, MediaJob>> pollSingleOfBatch(JobId id) {
        return JobBatcher.recover(pollOne(id), failure -> missing(failure, failure.isRejection()));
    }

    /** An unknown transform has no jobs; that is no reason to distrust listings. */
    private CompletableFuture<Map<JobId, MediaJob>> list(List<JobId> ids) {
        String address = urls.listing(V3Urls.transform(ids.get(0)), ids);
        return JobBatcher.recover(
                pages(client.get(address, response -> listed(response, ids)), ids, 1),
                failure -> missing(failure, failure.kind() == Kind.NOT_FOUND));
    }

    /** What was found, and where the next page of the same listing is. Jobs that are not found are asked for alone. */
    private record Listed(Map<JobId, MediaJob> found, Optional<URI> next) {}

    private Listed listed(RestClient.Response response, List<JobId> ids) throws InvalidResponseException {
        Page page = V3Json.jobs(response.body(), ids);
        return new Listed(
                remember(page.jobs(), response.requestId()),
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
                        Map<JobId, MediaJob> both = new LinkedHashMap<>(found);
                        both.putAll(rest);
                        return both;
                    });
        });
    }

    private Map<JobId, MediaJob> remember(List<JobWithDetails> wholes, String requestId) {
        Map<JobId, MediaJob> jobs = new LinkedHashMap<>();
        for (JobWithDetails whole : wholes) {
            MediaJob job = whole.job().withRequestId(requestId);
            recentJobs.add(new JobWithDetails(job, whole.tasks(), whole.assets()));
            jobs.put(job.id(), job);
        }
        return jobs;
    }

    private static CompletableFuture<Map<JobId, MediaJob>> missing(ServiceException failure, boolean missing) {
        return missing ? CompletableFuture.completedFuture(Map.of()) : CompletableFuture.failedFuture(failure);
    }

    /** Those of one transform together, as far as an address holds them. */
    private List<List<JobId>> together(List<JobId> ids) {
        Map<String, List<List<JobId>>> groups = new LinkedHashMap<>();
        for (JobId id : ids) {
            List<List<JobId>> ofTransform = groups.computeIfAbsent(V3Urls.transform(id), name -> new ArrayList<>());
            if (ofTransform.isEmpty() || isFull(ofTransform.get(ofTransform.size() - 1), id)) {
                ofTransform.add(new ArrayList<>());
            }
            ofTransform.get(ofTransform.size() - 1).add(id);
        }
        return groups.values().stream().flatMap(List::stream).toList();
    }

    private boolean isFull(List<JobId> together, JobId another) {
        List<JobId> all = new ArrayList<>(together);
        all.add(another);
        return BASE_LENGTH_RESERVE
                        + urls.listing(V3Urls.transform(another), all).length()
                > MAX_URL_LENGTH;
    }
}
