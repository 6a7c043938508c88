/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.polling;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.greaterThanOrEqualTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.lessThan;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertSame;
import static org.junit.Assert.assertTrue;

import io.jenkins.plugins.ams.auth.AuthenticationException;
import io.jenkins.plugins.ams.http.AmsException;
import io.jenkins.plugins.ams.polling.Waits.Wait;
import io.jenkins.plugins.ams.service.JobState;
import io.jenkins.plugins.ams.service.ServiceException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.Rule;
import org.junit.Test;

/** A rejection is final at once if no request has succeeded before, and otherwise after the rejection period. */
public class RejectionsTest {

    private static final List<AmsException> REJECTIONS = List.of(
            rejection(ServiceException.Kind.UNAUTHORIZED, 401),
            rejection(ServiceException.Kind.FORBIDDEN, 403),
            rejection(ServiceException.Kind.CLIENT_ERROR, 400),
            rejection(ServiceException.Kind.NOT_FOUND, 404),
            rejection(ServiceException.Kind.REDIRECT_REJECTED, 302),
            AuthenticationException.of(
                    AuthenticationException.Kind.REJECTED,
                    "try again",
                    new AmsException.Context("AADSTS501661", null, null)),
            AuthenticationException.of(
                    AuthenticationException.Kind.EXPIRED_SECRET,
                    "expired",
                    new AmsException.Context("AADSTS7000222", null, null)));

    private static final ServiceException BUSY = ServiceException.of(ServiceException.Kind.UNAVAILABLE, 503, "busy");

    @Rule
    public final Simulation simulation = new Simulation();

    @Test
    public void anInitialRejectionIsFinal() {
        for (AmsException rejection : REJECTIONS) {
            simulation.service.failPolls(rejection);
            Wait wait = simulation.begin(() -> new PollTarget(rejection, () -> simulation.service));
            simulation.advance(Duration.ofSeconds(1));
            assertEquals(new WaitOutcome.Failed(rejection), wait.listener().outcome());
            assertThat(wait.listener().rejections(), empty());
        }
    }

    @Test
    public void retriesARejectionOnceTheJobWasSeen() {
        for (AmsException rejection : REJECTIONS) {
            Wait wait = simulation.begin();
            simulation.advance(Duration.ofSeconds(30));
            simulation.service.failPolls(rejection);
            simulation.advance(Duration.ofMinutes(9));
            assertFalse(rejection.toString(), wait.jobWait().isEnded());
            assertThat("the rejection is reported once", wait.listener().rejections(), hasSize(1));
            assertEquals(rejection, wait.jobWait().error().orElseThrow());

            simulation.service.failPolls((Exception) null);
            simulation.advance(Duration.ofMinutes(3));
            assertThat(wait.listener().recoveries(), hasSize(1));
            assertFalse(wait.jobWait().isEnded());
            wait.jobWait().cancel();
        }
    }

    @Test
    public void aLastingRejectionIsFinalAfterTenMinutes() {
        for (AmsException rejection : REJECTIONS) {
            simulation.service.failPolls((Exception) null).createdNow();
            PollTarget.Source targets = () -> new PollTarget(rejection, () -> simulation.service);
            Wait wait = simulation.begin(targets);
            simulation.advance(Duration.ofSeconds(30));
            simulation.service.failPolls(rejection);
            int polls = simulation.service.polls().size();
            Duration lasted = simulation.advanceUntilEnded(wait, Duration.ofHours(1));
            assertThat(lasted, greaterThanOrEqualTo(RetryPolicy.MIN_REJECTION_PERIOD));
            assertThat(lasted, lessThan(RetryPolicy.MIN_REJECTION_PERIOD.plusMinutes(4)));
            assertEquals(new WaitOutcome.Failed(rejection), wait.listener().outcome());
            assertThat(
                    "polls are retried with backoff", simulation.service.polls().size() - polls, lessThan(16));
        }
    }

    @Test
    public void retriesRejectionsLongerForOlderJobs() {
        Wait wait = simulation.begin();
        simulation.advance(Duration.ofHours(2));
        simulation.service.failPolls(REJECTIONS.get(1));
        Duration lasted = simulation.advanceUntilEnded(wait, Duration.ofHours(3));
        assertThat(lasted, greaterThanOrEqualTo(Duration.ofMinutes(30)));
        assertThat(lasted, lessThan(Duration.ofMinutes(50)));
    }

    @Test
    public void retriesWorkingCredentialsRejectedInAnotherWait() {
        simulation.begin();
        simulation.advance(Duration.ofSeconds(30));
        simulation.service.failPolls(REJECTIONS.get(5));
        Wait next = simulation.begin();
        simulation.advance(Duration.ofMinutes(2));
        assertFalse(next.jobWait().isEnded());

        simulation.service.failPolls((Exception) null);
        simulation.advance(Duration.ofMinutes(2));
        assertThat(next.listener().states(), hasSize(1));
    }

    /**
     * Only a few of many waits are polled while a token is rejected. The rejection period applies to the others as
     * well.
     */
    @Test
    public void permanentlyRejectedCredentialsEndAllWaits() {
        List<Wait> waits = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            waits.add(simulation.begin());
        }
        simulation.advance(Duration.ofMinutes(2));
        simulation.service.failPolls(REJECTIONS.get(6));
        simulation.advance(RetryPolicy.MIN_REJECTION_PERIOD.minusMinutes(1));
        waits.forEach(wait -> assertFalse(wait.jobWait().isEnded()));
        simulation.advance(Duration.ofMinutes(6));
        for (Wait wait : waits) {
            assertThat(
                    "the rejection was reported before the end", wait.listener().rejections(), hasSize(1));
            assertEquals(
                    new WaitOutcome.Failed(REJECTIONS.get(6)), wait.listener().outcome());
        }
    }

    @Test
    public void anOutageBetweenRejectionsDoesNotCount() {
        Wait wait = simulation.begin();
        simulation.advance(Duration.ofSeconds(30));
        simulation.service.failPolls(REJECTIONS.get(1));
        simulation.advance(Duration.ofSeconds(30));
        simulation.service.failPolls(BUSY);
        simulation.advance(Duration.ofMinutes(30));
        simulation.service.failPolls(REJECTIONS.get(1));
        simulation.advance(Duration.ofMinutes(5));
        assertFalse(
                "the outage does not count towards the rejection period",
                wait.jobWait().isEnded());
    }

    @Test
    public void usesReplacedCredentialsAfterARejection() {
        FakeService renewed = new FakeService(simulation.time);
        boolean[] replaced = {false};
        Wait wait =
                simulation.begin(() -> replaced[0] ? new PollTarget("renewed", () -> renewed) : simulation.target());
        simulation.advance(Duration.ofSeconds(30));
        simulation.service.failPolls(REJECTIONS.get(6));
        simulation.advance(Duration.ofMinutes(3));
        assertFalse(wait.jobWait().isEnded());

        replaced[0] = true;
        simulation.advance(Duration.ofMinutes(3));
        assertThat(renewed.polls(), hasSize(greaterThanOrEqualTo(2)));
        assertThat(wait.listener().recoveries(), hasSize(1));
    }

    /** Lists and replicas are updated with a delay, so three polls in quick succession are no evidence. */
    @Test
    public void retriesATemporarilyMissingJob() {
        for (JobState before : List.of(JobState.QUEUED, JobState.PROCESSING)) {
            simulation.service.state(before);
            Wait wait = simulation.begin();
            simulation.advance(Duration.ofSeconds(30));
            simulation.service.state(FakeService.MISSING);
            simulation.advance(Duration.ofSeconds(110));
            assertFalse(wait.jobWait().isEnded());
            assertThat(wait.listener().rejections(), hasSize(1));
            ServiceException reported =
                    (ServiceException) wait.listener().rejections().get(0);
            assertEquals(ServiceException.Kind.JOB_MISSING, reported.kind());

            simulation.service.state(before);
            simulation.advance(Duration.ofSeconds(30));
            assertThat(wait.listener().recoveries(), hasSize(1));
            assertFalse(wait.jobWait().isEnded());
            wait.jobWait().cancel();
        }
    }

    @Test
    public void aPermanentlyMissingJobIsNotFound() {
        Wait wait = simulation.begin();
        simulation.advance(Duration.ofSeconds(30));
        simulation.service.state(FakeService.MISSING);
        Duration lasted = simulation.advanceUntilEnded(wait, Duration.ofHours(1));
        assertThat(lasted, greaterThanOrEqualTo(WaitErrors.MIN_NOT_FOUND_ANY_MORE));
        assertThat(lasted, lessThan(WaitErrors.MIN_NOT_FOUND_ANY_MORE.plusMinutes(2)));
        WaitOutcome.JobNotFound unknown =
                (WaitOutcome.JobNotFound) wait.listener().outcome();
        assertEquals(JobState.PROCESSING, unknown.lastSeen().state());
    }

    @Test
    public void aNeverSeenJobIsNotFoundAfterTwentySeconds() {
        simulation.service.state(FakeService.MISSING);
        Wait wait = simulation.begin();
        Duration lasted = simulation.advanceUntilEnded(wait, Duration.ofMinutes(5));
        assertThat(lasted, greaterThanOrEqualTo(WaitErrors.MIN_NOT_FOUND));
        assertThat(lasted, lessThan(Duration.ofSeconds(25)));
        assertEquals(new WaitOutcome.JobNotFound(null), wait.listener().outcome());

        Wait other = simulation.begin();
        simulation.advance(Duration.ofSeconds(1));
        simulation.service.failPolls(BUSY);
        simulation.advance(Duration.ofMinutes(5));
        simulation.service.failPolls((Exception) null).state(JobState.QUEUED);
        simulation.advance(Duration.ofMinutes(3));
        assertThat(other.listener().states(), hasSize(1));
    }

    /** A gateway that responds in place of the service with a probability of 0.3. */
    @Test
    public void mixedErrorsAndMissingJobsEndNoWait() {
        Random random = new Random(1);
        List<Wait> waits = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            waits.add(simulation.begin());
        }
        simulation.advance(Duration.ofSeconds(30));
        simulation.service.failPolls(
                () -> random.nextDouble() < 0.3 ? REJECTIONS.get(random.nextInt(REJECTIONS.size())) : null);
        simulation.service.states(id -> random.nextDouble() < 0.3 ? FakeService.MISSING : JobState.PROCESSING);
        simulation.advance(Duration.ofMinutes(20));
        waits.forEach(wait -> assertFalse(
                wait.listener().outcomes().toString(), wait.jobWait().isEnded()));
    }

    /** Only the state is essential; the tasks are requested again with each later poll. */
    @Test
    public void rejectedTasksEndNoWait() {
        simulation.service.failDetails(REJECTIONS.get(1));
        Wait wait = simulation.begin();
        simulation.advance(Duration.ofMinutes(30));
        assertFalse(wait.jobWait().isEnded());
        assertThat(wait.listener().states(), hasSize(1));

        simulation.service.state(JobState.FINISHED);
        simulation.advance(Duration.ofMinutes(3));
        WaitOutcome.Completed ended = (WaitOutcome.Completed) wait.listener().outcome();
        assertEquals(REJECTIONS.get(1), ended.detailsError());
    }

    @Test
    public void anUnexpectedExceptionEndsTheWait() {
        Wait wait = simulation.begin();
        simulation.advance(Duration.ofSeconds(30));
        IllegalStateException defect = new IllegalStateException("a defect of the client");
        simulation.service.failPolls(defect);
        simulation.advance(Duration.ofMinutes(1));
        assertSame(
                defect, ((WaitOutcome.Failed) wait.listener().outcome()).cause().getCause());
        assertTrue(wait.jobWait().isEnded());
    }

    private static ServiceException rejection(ServiceException.Kind kind, int status) {
        return ServiceException.of(
                kind, status, "in the words of the API", new AmsException.Context(null, null, "4711"));
    }
}
