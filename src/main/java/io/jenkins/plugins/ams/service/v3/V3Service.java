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
import io.jenkins.plugins.ams.service.Job;
import io.jenkins.plugins.ams.service.JobId;
import io.jenkins.plugins.ams.service.JobLooks;
import io.jenkins.plugins.ams.service.OutputAsset;
import io.jenkins.plugins.ams.service.RestClient;
import io.jenkins.plugins.ams.service.ServiceException;
import io.jenkins.plugins.ams.service.ServiceException.Kind;
import io.jenkins.plugins.ams.service.Task;
import io.jenkins.plugins.ams.service.UnreadableException;
import io.jenkins.plugins.ams.service.v3.V3Json.Page;
import io.jenkins.plugins.ams.service.v3.V3Json.Whole;
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
 * nothing relies on {@code or}: see {@link JobLooks}. An answer for a job holds its outputs, which are its tasks; they
 * are kept for the moment until they are asked for.
 */
public final class V3Service implements AmsService {

    /** Jobs of one request, if they are of one transform. */
    private static final int MOST_JOBS = 25;

    /** The length of an address that every web server takes. */
    private static final int LONGEST_URL = 2000;

    /** The path of a base address that is longer than this makes a request for fewer jobs at worst. */
    private static final int ROOM_FOR_BASE = 200;

    /** What a cancellation that was accepted is answered with. */
    private static final Set<Integer> ACCEPTED = Set.of(200, 202, 204);

    /** Pages of one listing: so many jobs as are asked for fit on one, whatever the service takes for a page. */
    private static final int MOST_PAGES = 5;

    private final RestClient client;
    private final V3Urls urls;
    private final JobLooks looks;
    private final LastSeen lastSeen;

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
        this(endpoint, dialect, tokens, client, policy, clock, RestClient.LIMIT);
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
        this.looks =
                new JobLooks(this.client.endpoint().getHost(), MOST_JOBS, clock, this::lookAtOne, this::lookAtSeveral);
        this.lastSeen = new LastSeen(clock);
    }

    @Override
    public int jobsPerRequest() {
        return looks.jobsPerRequest();
    }

    @Override
    public boolean hasDetailsOf(JobId id) {
        return lastSeen.of(id).isPresent();
    }

    @Override
    public CompletableFuture<Map<JobId, Job>> jobs(Collection<JobId> ids) {
        return looks.at(ids);
    }

    @Override
    public CompletableFuture<List<Task>> tasks(JobId id) {
        return Futures.bare(whole(id).thenApply(Whole::tasks));
    }

    @Override
    public CompletableFuture<List<OutputAsset>> outputAssets(JobId id) {
        return Futures.bare(whole(id).thenApply(Whole::assets));
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
    private static boolean accepted(RestClient.Response response) throws UnreadableException {
        boolean empty = new String(response.body(), StandardCharsets.UTF_8).isBlank();
        if (!ACCEPTED.contains(response.status()) || !empty && !V3Json.isObject(response.body())) {
            throw new UnreadableException("HTTP " + response.status() + " with something that is no confirmation");
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

    private CompletableFuture<Whole> whole(JobId id) {
        Optional<Whole> kept = lastSeen.of(id);
        return kept.isPresent()
                ? CompletableFuture.completedFuture(kept.get())
                : client.get(urls.job(id), response -> V3Json.job(response.body(), id));
    }

    private CompletableFuture<Map<JobId, Job>> lookAtOne(JobId id) {
        CompletableFuture<Map<JobId, Job>> look = client.get(
                urls.job(id), response -> told(List.of(V3Json.job(response.body(), id)), response.requestId()));
        return JobLooks.recover(look, failure -> missing(failure, failure.kind() == Kind.NOT_FOUND));
    }

    /** One listing for those of the same transform, one after the other. Jobs that are alone need no listing. */
    private CompletableFuture<Map<JobId, Job>> lookAtSeveral(List<JobId> ids) {
        Map<JobId, Job> found = new LinkedHashMap<>();
        CompletableFuture<Map<JobId, Job>> all = CancellableFuture.after(CompletableFuture.completedFuture(found));
        for (List<JobId> together : together(ids)) {
            all = all.thenCompose(before -> together.size() == 1 ? lookAtLone(together.get(0)) : list(together))
                    .thenApply(more -> {
                        found.putAll(more);
                        return found;
                    });
        }
        return all;
    }

    /** What is wrong with it alone is for the look that confirms what is missing to say. */
    private CompletableFuture<Map<JobId, Job>> lookAtLone(JobId id) {
        return JobLooks.recover(lookAtOne(id), failure -> missing(failure, failure.isRefusal()));
    }

    /** An unknown transform has no jobs; that is no reason to distrust listings. */
    private CompletableFuture<Map<JobId, Job>> list(List<JobId> ids) {
        String address = urls.listing(V3Urls.transform(ids.get(0)), ids);
        return JobLooks.recover(
                pages(client.get(address, response -> listed(response, ids)), ids, 1),
                failure -> missing(failure, failure.kind() == Kind.NOT_FOUND));
    }

    /** What was found, and where the next page of the same listing is. Jobs that are not found are asked for alone. */
    private record Listed(Map<JobId, Job> found, Optional<URI> next) {}

    private Listed listed(RestClient.Response response, List<JobId> ids) throws UnreadableException {
        Page page = V3Json.jobs(response.body(), ids);
        return new Listed(
                told(page.jobs(), response.requestId()),
                Optional.ofNullable(page.next())
                        .flatMap(client::linked)
                        .filter(next -> urls.isListing(next, V3Urls.transform(ids.get(0)))));
    }

    private CompletableFuture<Map<JobId, Job>> pages(CompletableFuture<Listed> page, List<JobId> ids, int number) {
        return page.thenCompose(listed -> {
            Map<JobId, Job> found = listed.found();
            if (found.size() == ids.size() || listed.next().isEmpty() || number == MOST_PAGES) {
                return CompletableFuture.completedFuture(found);
            }
            return pages(client.get(listed.next().get(), response -> listed(response, ids)), ids, number + 1)
                    .thenApply(rest -> {
                        Map<JobId, Job> both = new LinkedHashMap<>(found);
                        both.putAll(rest);
                        return both;
                    });
        });
    }

    private Map<JobId, Job> told(List<Whole> wholes, String requestId) {
        Map<JobId, Job> jobs = new LinkedHashMap<>();
        for (Whole whole : wholes) {
            Job job = whole.job().toldBy(requestId);
            lastSeen.keep(new Whole(job, whole.tasks(), whole.assets()));
            jobs.put(job.id(), job);
        }
        return jobs;
    }

    private static CompletableFuture<Map<JobId, Job>> missing(ServiceException failure, boolean missing) {
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
        return ROOM_FOR_BASE + urls.listing(V3Urls.transform(another), all).length() > LONGEST_URL;
    }
}
