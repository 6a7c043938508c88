package io.jenkins.plugins.ams.service;

import io.jenkins.plugins.ams.auth.Futures;
import io.jenkins.plugins.ams.auth.TokenSource;
import io.jenkins.plugins.ams.service.ServiceException.Kind;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Azure Media Services by version 2 of its REST API (2.19, the last documented one).
 *
 * <p>Several jobs are looked at with one request, by {@code or} in its filter, which the reference does not mention. So
 * this does not rely on it: when such a request is refused, or leaves out a job that a request of its own finds, every
 * job is asked for alone from then on, and the very call is answered that way too.
 */
public final class AmsV2Service implements AmsService {

    /** The cluster that an old account's endpoint redirects to can have a longer address than the endpoint. */
    private static final int LONGEST_USUAL_BASE = 80;

    /** No job has this id. */
    private static final JobId NOBODY = JobId.parse("00000000-0000-0000-0000-000000000000");

    private static final Logger LOGGER = Logger.getLogger(AmsV2Service.class.getName());

    private final AmsV2Client client;
    private final int mostJobs;
    private volatile boolean oneByOne;

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
        this(endpoint, tokens, client, policy, clock, AmsV2Client.LIMIT);
    }

    AmsV2Service(
            URI endpoint,
            TokenSource tokens,
            Supplier<HttpClient> client,
            EndpointPolicy policy,
            Clock clock,
            Duration limit) {
        this.client = new AmsV2Client(endpoint, tokens, client, policy, clock, limit);
        this.mostJobs = AmsV2Urls.jobsPerUrl(
                Math.max(LONGEST_USUAL_BASE, this.client.endpoint().toString().length()));
    }

    @Override
    public int jobsPerRequest() {
        return oneByOne ? 1 : mostJobs;
    }

    /**
     * {@inheritDoc}
     *
     * <p>When several jobs have to be asked for one by one, a job whose own request is rejected is missing from the
     * answer if the others were answered; asked for alone, it makes the call fail with the service's reason. Any other
     * failure fails the call.
     */
    @Override
    public CompletableFuture<Map<JobId, Job>> jobs(Collection<JobId> ids) {
        List<JobId> wanted = ids.stream().distinct().toList();
        if (wanted.size() > mostJobs) {
            throw new IllegalArgumentException(wanted.size() + " jobs are too many for one request");
        }
        if (wanted.isEmpty()) {
            return CompletableFuture.completedFuture(Map.of());
        }
        if (wanted.size() == 1) {
            return Futures.bare(lookAtOne(wanted.get(0)));
        }
        return Futures.bare(oneByOne ? lookAtEach(wanted) : lookAtAll(wanted));
    }

    @Override
    public CompletableFuture<List<Task>> tasks(JobId id) {
        return Futures.bare(client.get(AmsV2Urls.tasks(id), (body, requestId) -> AmsV2Json.tasks(body)));
    }

    @Override
    public CompletableFuture<List<OutputAsset>> outputAssets(JobId id) {
        return Futures.bare(client.get(AmsV2Urls.outputAssets(id), (body, requestId) -> AmsV2Json.outputAssets(body)));
    }

    /**
     * {@inheritDoc}
     *
     * <p>Asked once. Only the JDK's client may ask again, where a connection that it kept open turns out to be closed
     * before the first byte of an answer; should the first request have been carried out, then the answer is false.
     */
    @Override
    public CompletableFuture<Boolean> cancel(JobId id) {
        return Futures.bare(recover(
                client.get(AmsV2Urls.cancel(id), (body, requestId) -> true),
                failure -> failure.status() == 400
                        ? CompletableFuture.completedFuture(false)
                        : CompletableFuture.failedFuture(failure)));
    }

    /**
     * {@inheritDoc}
     *
     * <p>A look at a job that nobody has: the answer is an empty feed. A 404 is no answer here; it comes from an address
     * that is not the API's.
     */
    @Override
    public CompletableFuture<Void> ping() {
        return Futures.bare(client.get(AmsV2Urls.jobs(List.of(NOBODY)), (body, requestId) -> AmsV2Json.jobs(body))
                .thenApply(none -> null));
    }

    private CompletableFuture<Map<JobId, Job>> lookAtAll(List<JobId> ids) {
        return recover(look(ids), failure -> {
                    if (!refusesSeveral(failure)) {
                        return CompletableFuture.failedFuture(failure);
                    }
                    askOneByOneFromNowOn("answered HTTP " + failure.status() + " to");
                    return lookAtEach(ids);
                })
                .thenCompose(found -> oneByOne ? CompletableFuture.completedFuture(found) : confirm(ids, found));
    }

    /** Looks again, alone, at jobs that the answer for all left out: to be missing is final for a wait. */
    private CompletableFuture<Map<JobId, Job>> confirm(List<JobId> ids, Map<JobId, Job> found) {
        List<JobId> missing = ids.stream().filter(id -> !found.containsKey(id)).toList();
        if (missing.isEmpty()) {
            return CompletableFuture.completedFuture(found);
        }
        return recover(lookAtEach(missing), AmsV2Service::missingIfRejected).thenApply(foundAlone -> {
            if (!foundAlone.isEmpty()) {
                askOneByOneFromNowOn("left out jobs from its answer to");
            }
            Map<JobId, Job> all = new LinkedHashMap<>(found);
            all.putAll(foundAlone);
            return all;
        });
    }

    /** One after the other: the service throttles by requests per second. */
    private CompletableFuture<Map<JobId, Job>> lookAtEach(List<JobId> ids) {
        Map<JobId, Job> found = new LinkedHashMap<>();
        List<ServiceException> rejected = new ArrayList<>();
        CompletableFuture<Map<JobId, Job>> looks = CompletableFuture.completedFuture(found);
        for (JobId id : ids) {
            looks = looks.thenCompose(before -> recover(lookAtOne(id), failure -> {
                        if (failure.kind() != Kind.REJECTED) {
                            return CompletableFuture.failedFuture(failure);
                        }
                        rejected.add(failure);
                        return CompletableFuture.completedFuture(Map.of());
                    }))
                    .thenApply(one -> {
                        found.putAll(one);
                        return found;
                    });
        }
        return looks.thenCompose(all -> rejected.size() < ids.size()
                ? CompletableFuture.completedFuture(all)
                : CompletableFuture.failedFuture(rejected.get(0)));
    }

    private CompletableFuture<Map<JobId, Job>> lookAtOne(JobId id) {
        return recover(
                look(List.of(id)),
                failure -> failure.kind() == Kind.NOT_FOUND
                        ? CompletableFuture.completedFuture(Map.of())
                        : CompletableFuture.failedFuture(failure));
    }

    private CompletableFuture<Map<JobId, Job>> look(List<JobId> ids) {
        return client.get(AmsV2Urls.jobs(ids), (body, requestId) -> {
            Map<JobId, Job> found = new LinkedHashMap<>();
            for (Job job : AmsV2Json.jobs(body)) {
                if (ids.contains(job.id())) {
                    found.put(job.id(), job.toldBy(requestId));
                }
            }
            return found;
        });
    }

    /**
     * 400 is the documented answer to a filter that is not supported; 501 is what OData asks for, and web servers in
     * front answer 404 or 414 when an address is too long for them.
     */
    private static boolean refusesSeveral(ServiceException failure) {
        return failure.kind() == Kind.REJECTED || failure.kind() == Kind.NOT_FOUND || failure.status() == 501;
    }

    private synchronized void askOneByOneFromNowOn(String how) {
        if (oneByOne) {
            return; // another request that was under way beside this one was answered first
        }
        oneByOne = true;
        LOGGER.log(
                Level.INFO,
                "{0} {1} a request for several jobs; from now on each job is asked for alone",
                new Object[] {client.endpoint().getHost(), how});
    }

    private static CompletableFuture<Map<JobId, Job>> missingIfRejected(ServiceException failure) {
        return failure.kind() == Kind.REJECTED
                ? CompletableFuture.completedFuture(Map.of())
                : CompletableFuture.failedFuture(failure);
    }

    /** The result of the attempt, or of the remedy if the attempt failed with a {@link ServiceException}. */
    private static <T> CompletableFuture<T> recover(
            CompletableFuture<T> attempt, Function<ServiceException, CompletableFuture<T>> remedy) {
        return attempt.handle((result, failure) -> {
                    if (failure == null) {
                        return CompletableFuture.completedFuture(result);
                    }
                    return Futures.unwrap(failure) instanceof ServiceException refusal
                            ? remedy.apply(refusal)
                            : CompletableFuture.<T>failedFuture(failure);
                })
                .thenCompose(Function.identity());
    }
}
