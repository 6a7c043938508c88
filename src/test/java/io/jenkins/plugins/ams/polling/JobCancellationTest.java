/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.polling;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.instanceOf;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.lessThan;
import static org.hamcrest.Matchers.not;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertSame;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import io.jenkins.plugins.ams.auth.AuthenticationException;
import io.jenkins.plugins.ams.emulator.EmulatedJob;
import io.jenkins.plugins.ams.emulator.Fault;
import io.jenkins.plugins.ams.emulator.JobScript;
import io.jenkins.plugins.ams.emulator.RequestKind;
import io.jenkins.plugins.ams.emulator.StateNumbers;
import io.jenkins.plugins.ams.service.EmulatedService;
import io.jenkins.plugins.ams.service.JobId;
import io.jenkins.plugins.ams.service.JobState;
import io.jenkins.plugins.ams.service.ServiceException;
import io.jenkins.plugins.ams.service.v2.AmsV2JobId;
import io.jenkins.plugins.ams.testing.ExpectedLog;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;

/** The cancellation of one job: attempts, verification by polls, and failures. */
public class JobCancellationTest {

    private static final JobScript ENCODING = JobScript.named("Encoding").task("Encode", Duration.ofHours(9));

    @Rule
    public final ExpectedLog expected = ExpectedLog.ofMsal4j();

    @Rule
    public final Waits waits = new Waits();

    private final RecordingCancellation listener = new RecordingCancellation();
    private EmulatedJob job;

    @Before
    public void addJob() {
        job = waits.emulator.addJob(ENCODING.canceling(Duration.ofHours(1)));
    }

    @After
    public void letPollsEnd() {
        waits.emulator.faults().clear();
        waits.advance(JobCancellation.FOLLOW_PERIOD.multipliedBy(2));
    }

    @Test
    public void cancelsAJob() {
        assertThat(cancel().join(), is(true));
        assertEquals(StateNumbers.of(JobState.CANCELING), job.state());
    }

    @Test
    public void reportsNothingToCancel() {
        job.finish();
        assertThat(cancel().join(), is(false));
        assertThat("the job's end is reported", listener.states(), contains(JobState.FINISHED));
    }

    @Test
    public void retriesWhileTheServiceIsBusy() {
        waits.emulator.faults().inject(Fault.status(503).on(RequestKind.CANCEL).times(2));
        CompletableFuture<Boolean> outcome = cancel();
        assertFalse(outcome.isDone());
        waits.advance(Duration.ofSeconds(10));

        assertThat(outcome.join(), is(true));
        assertEquals(3, waits.emulator.requests().count(RequestKind.CANCEL));
        assertEquals(StateNumbers.of(JobState.CANCELING), job.state());
    }

    @Test
    public void honorsRetryAfter() {
        waits.emulator
                .faults()
                .inject(Fault.status(429)
                        .retryAfter(Duration.ofSeconds(30))
                        .on(RequestKind.CANCEL)
                        .once());
        CompletableFuture<Boolean> outcome = cancel();
        waits.advance(Duration.ofMillis(29_999));
        assertEquals(1, waits.emulator.requests().count(RequestKind.CANCEL));
        waits.advance(Duration.ofMillis(1));

        assertThat(outcome.join(), is(true));
    }

    @Test
    public void retriesAfterALostResponse() {
        // The HTTP client may repeat a request itself, so only several lost responses in a row cause an error for
        // certain.
        waits.emulator
                .faults()
                .inject(Fault.lostResponse().on(RequestKind.CANCEL).times(8));
        CompletableFuture<Boolean> outcome = cancel();
        waits.advance(Duration.ofSeconds(59));

        assertThat("there was something to cancel", outcome.join(), is(true));
        assertEquals(StateNumbers.of(JobState.CANCELING), job.state());
    }

    @Test
    public void failsAtOnceWhenRejectedAndTheJobStillRuns() {
        waits.emulator.faults().inject(Fault.status(403).on(RequestKind.CANCEL));
        assertEquals(ServiceException.Kind.FORBIDDEN, failure(cancel()).kind());
        assertEquals(1, waits.emulator.requests().count(RequestKind.CANCEL));
        assertThat(listener.states(), contains(JobState.PROCESSING));
    }

    /** Azure Resource Manager responds with 409 both for a lock and for a job that has ended. */
    @Test
    public void aLockDoesNotMeanNothingToCancel() {
        waits.emulator
                .faults()
                .inject(Fault.status(409)
                        .on(RequestKind.CANCEL)
                        .body(
                                "application/json; charset=utf-8",
                                "{\"error\":{\"code\":\"ScopeLocked\",\"message\":\"The scope cannot perform write operation"
                                        + " because the following scope(s) are locked.\"}}"));
        CompletableFuture<Boolean> outcome = cancel(EmulatedService.RESOURCE_MANAGER);

        ServiceException error = failure(outcome);
        assertEquals(409, error.status());
        assertThat(error.getMessage(), containsString("ScopeLocked"));
        assertEquals(StateNumbers.of(JobState.PROCESSING), job.state());
    }

    @Test
    public void aProxyPageDoesNotMeanCanceled() {
        for (EmulatedService api : EmulatedService.values()) {
            waits.emulator.faults().inject(Fault.htmlPage().on(RequestKind.CANCEL));
            CompletableFuture<Boolean> outcome = cancel(api);
            assertFalse(api + " is still tried", outcome.isDone());
            waits.advance(JobCancellation.RETRY_PERIOD);

            assertEquals(
                    api + "",
                    ServiceException.Kind.INVALID_RESPONSE,
                    failure(outcome).kind());
            assertEquals(StateNumbers.of(JobState.PROCESSING), job.state());
            waits.emulator.faults().clear();
            assertEquals("a new cancellation succeeds", true, cancel(api).join());
            addJob();
        }
    }

    /** A page replaces the response, but the request was effective. Only a poll can find that out. */
    @Test
    public void aPollConfirmsACancelWithAnInvalidResponse() {
        waits.emulator
                .faults()
                .inject(Fault.contentType("text/html")
                        .body("text/html", "<html><body>Please sign in</body></html>")
                        .on(RequestKind.CANCEL));
        CompletableFuture<Boolean> outcome = cancel(EmulatedService.RESOURCE_MANAGER);

        assertThat(outcome.join(), is(true));
        assertThat(listener.states(), contains(JobState.CANCELING));
        assertEquals(1, waits.emulator.requests().count(RequestKind.CANCEL));
    }

    @Test
    public void aPollShowsThatARejectedCancelWasNotNeeded() {
        waits.emulator.faults().inject(Fault.status(409).on(RequestKind.CANCEL));
        job.finish();
        assertThat(cancel(EmulatedService.RESOURCE_MANAGER).join(), is(false));

        addJob();
        job.cancel(); // by another user
        assertThat(cancel(EmulatedService.RESOURCE_MANAGER).join(), is(true));
    }

    @Test
    public void failsWithTheRejectionWhenNoPollFindsTheJob() {
        waits.emulator.faults().inject(Fault.status(409).on(RequestKind.CANCEL));
        waits.emulator.faults().inject(Fault.status(503).on(RequestKind.JOBS));
        CompletableFuture<Boolean> outcome = cancel(EmulatedService.RESOURCE_MANAGER);
        waits.advance(JobCancellation.VERIFICATION_PERIOD.minusMillis(1));
        assertFalse(outcome.isDone());
        waits.advance(Duration.ofMillis(1));
        assertEquals(409, failure(outcome).status());
    }

    @Test
    public void waitsForThrottledPollsBeforeItBelievesARejection() {
        waits.emulator.faults().inject(Fault.status(409).on(RequestKind.CANCEL));
        waits.emulator
                .faults()
                .inject(Fault.status(429)
                        .retryAfter(Duration.ofMinutes(3))
                        .on(RequestKind.JOBS)
                        .once());
        job.cancel(); // by an earlier request, whose response was lost
        CompletableFuture<Boolean> outcome = cancel(EmulatedService.RESOURCE_MANAGER);
        waits.advance(Duration.ofMinutes(4));
        assertThat(outcome.join(), is(true));
    }

    /** A replica of the service does not know the job or the credentials yet. */
    @Test
    public void retriesARejectionContradictedByAPoll() {
        for (int status : new int[] {404, 401}) {
            addJob();
            // After a 401, the client retries once with a new token before it reports a rejection.
            waits.emulator
                    .faults()
                    .inject(Fault.status(status).on(RequestKind.CANCEL).times(2));
            CompletableFuture<Boolean> outcome = cancel();
            assertFalse(status + " is retried", outcome.isDone());
            waits.advance(Duration.ofSeconds(30));
            assertThat(status + "", outcome.join(), is(true));
        }
    }

    @Test
    public void failsWhenAContradictedRejectionLasts() {
        waits.emulator.faults().inject(Fault.status(404).on(RequestKind.CANCEL));
        CompletableFuture<Boolean> outcome = cancel();
        waits.advance(JobCancellation.RETRY_PERIOD.minusMinutes(3));
        assertFalse(outcome.isDone());
        waits.advance(Duration.ofMinutes(4));
        assertEquals(404, failure(outcome).status());
    }

    @Test
    public void usesTheCurrentSecret() {
        waits.wait(job).jobWait().cancel(); // the old token was accepted
        String old = waits.emulator.clientSecret();
        waits.emulator.azureAd().rotateSecret("renewed");
        waits.time.clock().advance(Duration.ofHours(2)); // its token has expired
        AtomicInteger lookups = new AtomicInteger();
        CompletableFuture<Boolean> outcome =
                cancel(() -> lookups.incrementAndGet() == 1 ? waits.target(old) : waits.target("renewed"));
        assertFalse("credentials that were accepted before are retried", outcome.isDone());
        waits.advance(Duration.ofSeconds(10));
        assertThat(outcome.join(), is(true));
    }

    @Test
    public void retriesALookupThatFails() {
        AtomicInteger lookups = new AtomicInteger();
        CompletableFuture<Boolean> outcome = cancel(() -> {
            if (lookups.incrementAndGet() < 4) {
                throw new RejectedExecutionException("no thread for it");
            }
            return waits.target();
        });
        assertFalse(outcome.isDone());
        waits.advance(Duration.ofSeconds(30));
        assertThat(outcome.join(), is(true));
        assertEquals(4, lookups.get());
    }

    @Test
    public void pollsTheJobUntilItHasEnded() {
        job = waits.emulator.addJob(ENCODING.canceling(Duration.ofSeconds(32)));
        assertThat(cancel().join(), is(true));
        assertThat("the first poll is delayed", listener.states(), empty());
        waits.advance(Duration.ofMinutes(5));

        assertThat(listener.states(), contains(JobState.CANCELING, JobState.CANCELING, JobState.CANCELED));
        assertEquals(3, waits.emulator.requests().count(RequestKind.JOBS));
        assertEquals("no request for details", 0, waits.emulator.requests().count(RequestKind.TASKS));
        assertEquals("no scheduled task remains", 0, waits.time.scheduledTasks());
    }

    @Test
    public void stopsPollingAfterSomeMinutes() {
        cancel().join();
        waits.advance(JobCancellation.FOLLOW_PERIOD);
        assertEquals(
                "polls after 10, 20, 40, 80, 160 and 320 s",
                6,
                listener.states().size());
        assertEquals(0, waits.time.scheduledTasks());
    }

    @Test
    public void failsWithoutAnAccount() {
        IllegalArgumentException noAccount = new IllegalArgumentException("no such account");
        CompletableFuture<Boolean> outcome = cancel(() -> {
            throw noAccount;
        });

        assertSame(
                noAccount,
                assertThrows(CompletionException.class, outcome::join)
                        .getCause()
                        .getCause());
    }

    @Test
    public void failsWithoutAPollOnAWrongSecret() {
        CompletableFuture<Boolean> outcome = cancel(() -> waits.target("wrong"));
        assertThat(
                assertThrows(CompletionException.class, outcome::join).getCause(),
                instanceOf(AuthenticationException.class));
        assertEquals(0, waits.emulator.requests().count(RequestKind.JOBS));
    }

    @Test
    public void failsWhenTheServiceStaysBusy() {
        waits.emulator.faults().inject(Fault.status(503).on(RequestKind.CANCEL));
        CompletableFuture<Boolean> outcome = cancel();
        waits.advance(JobCancellation.RETRY_PERIOD.dividedBy(2));
        assertFalse(outcome.isDone());
        waits.advance(JobCancellation.RETRY_PERIOD.dividedBy(2));
        assertFalse("a poll may still show the effect of an attempt", outcome.isDone());
        waits.advance(JobCancellation.VERIFICATION_PERIOD);

        assertEquals(503, failure(outcome).status());
        assertThat(waits.emulator.requests().count(RequestKind.CANCEL), greaterThan(6L));
        assertThat(waits.emulator.requests().count(RequestKind.CANCEL), lessThan(20L));
        assertThat(listener.errors(), not(empty()));
    }

    @Test
    public void failsAtOnceOnARetryAfterBeyondTheTimeout() {
        waits.emulator
                .faults()
                .inject(Fault.status(503)
                        .retryAfter(JobCancellation.RETRY_PERIOD)
                        .on(RequestKind.CANCEL)
                        .once());
        CompletableFuture<Boolean> outcome = cancel();
        waits.advance(JobCancellation.VERIFICATION_PERIOD);
        assertEquals(503, failure(outcome).status());
        waits.advance(Duration.ofHours(1));
        assertEquals(1, waits.emulator.requests().count(RequestKind.CANCEL));
    }

    /** The delay that the service requested before does not count, because no request had been sent. */
    @Test
    public void honorsAnEarlierRetryAfter() {
        waits.emulator
                .faults()
                .inject(Fault.status(503)
                        .retryAfter(Duration.ofMinutes(50))
                        .on(RequestKind.JOBS)
                        .once());
        waits.wait(job).jobWait().cancel();
        CompletableFuture<Boolean> outcome = cancel();
        waits.advance(Duration.ofMinutes(49));
        assertFalse(outcome.isDone());
        assertEquals(0, waits.emulator.requests().count(RequestKind.CANCEL));
        waits.advance(Duration.ofMinutes(1));
        assertThat(outcome.join(), is(true));
    }

    @Test
    public void failsAndSendsNothingAfterTheTimeout() {
        waits.emulator
                .faults()
                .inject(Fault.status(503)
                        .retryAfter(Duration.ofMinutes(50))
                        .on(RequestKind.JOBS)
                        .once());
        waits.wait(job).jobWait().cancel();
        CompletableFuture<Boolean> outcome = waits.poller.cancelJob(
                AmsV2JobId.parse(job.id()), waits::target, Duration.ofMinutes(40), false, listener);
        waits.advance(Duration.ofMinutes(40));

        assertEquals(ServiceException.Kind.NO_RESPONSE, failure(outcome).kind());
        assertEquals(0, waits.time.scheduledTasks());
        waits.advance(Duration.ofHours(2));
        assertEquals(0, waits.emulator.requests().count(RequestKind.CANCEL));
    }

    /** No outcome is reported, because the cancellation is repeated after the restart. */
    @Test
    public void hasNoOutcomeDuringShutdown() {
        waits.emulator.faults().inject(Fault.status(503).on(RequestKind.CANCEL).once());
        CompletableFuture<Boolean> outcome = cancel();
        waits.poller.shutDown();
        waits.emulator.faults().inject(Fault.status(403).on(RequestKind.CANCEL));
        waits.advance(Duration.ofDays(2));
        assertFalse(outcome.isDone());
        assertFalse("no cancellation starts after the shutdown", cancel().isDone());
    }

    @Test
    public void holdsNoLockWhileRequestsAreSent() {
        job.finish();
        JobCancellation cancellation = new JobCancellation(
                waits.poller,
                AmsV2JobId.parse(job.id()),
                waits::target,
                Duration.ofDays(1),
                false,
                listener,
                new CompletableFuture<>());
        List<Boolean> locked = new CopyOnWriteArrayList<>();
        PollDelays.report(waits.poller, (polled, delay) -> locked.add(Thread.holdsLock(cancellation)));
        cancellation.start();
        waits.settle();
        assertEquals("the poll that follows the response", List.of(false), locked);
    }

    private CompletableFuture<Boolean> cancel() {
        return cancel(waits::target);
    }

    private CompletableFuture<Boolean> cancel(EmulatedService api) {
        return cancel(api.idOf(job), () -> waits.target(api, api));
    }

    private CompletableFuture<Boolean> cancel(PollTarget.Source targets) {
        return cancel(AmsV2JobId.parse(job.id()), targets);
    }

    private CompletableFuture<Boolean> cancel(JobId id, PollTarget.Source targets) {
        CompletableFuture<Boolean> outcome = waits.poller.cancelJob(id, targets, Duration.ofDays(1), false, listener);
        waits.settle();
        return outcome;
    }

    private static ServiceException failure(CompletableFuture<Boolean> outcome) {
        assertTrue("the outcome is known", outcome.isDone());
        return (ServiceException)
                assertThrows(CompletionException.class, outcome::join).getCause();
    }
}
