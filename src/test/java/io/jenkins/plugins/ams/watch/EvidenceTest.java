/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.watch;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.greaterThanOrEqualTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.instanceOf;
import static org.hamcrest.Matchers.lessThan;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import io.jenkins.plugins.ams.auth.AuthenticationException;
import io.jenkins.plugins.ams.service.JobState;
import io.jenkins.plugins.ams.service.ServiceException;
import io.jenkins.plugins.ams.watch.Waits.Wait;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.Rule;
import org.junit.Test;

/** A rejection is final only on evidence: at once where nothing has worked yet, and otherwise after some time. */
public class EvidenceTest {

    private static final List<Exception> REJECTIONS = List.of(
            rejection(ServiceException.Kind.UNAUTHORIZED, 401),
            rejection(ServiceException.Kind.FORBIDDEN, 403),
            rejection(ServiceException.Kind.REJECTED, 400),
            rejection(ServiceException.Kind.NOT_FOUND, 404),
            rejection(ServiceException.Kind.REDIRECT_REFUSED, 302),
            new AuthenticationException(
                    AuthenticationException.Kind.REFUSED, "AADSTS501661", "try again", null, null, null),
            new AuthenticationException(
                    AuthenticationException.Kind.EXPIRED_SECRET, "AADSTS7000222", "expired", null, null, null));

    private static final ServiceException BUSY =
            new ServiceException(ServiceException.Kind.BUSY, 503, "busy", null, null, null);

    @Rule
    public final Simulation simulation = new Simulation();

    @Test
    public void aRejectionAtTheStartIsFinalAtOnce() {
        for (Exception rejection : REJECTIONS) {
            simulation.service.failPolls(rejection);
            Wait wait = simulation.begin(() -> new Target(rejection, () -> simulation.service));
            simulation.advance(Duration.ofSeconds(1));
            assertEquals(new Outcome.Refused(rejection), wait.heard().outcome());
            assertThat(wait.heard().rejections(), empty());
        }
    }

    @Test
    public void aRejectionThatPassesDoesNotEndAWaitThatHasSeenItsJob() {
        for (Exception rejection : REJECTIONS) {
            Wait wait = simulation.begin();
            simulation.advance(Duration.ofSeconds(30));
            simulation.service.failPolls(rejection);
            simulation.advance(Duration.ofMinutes(9));
            assertFalse(rejection.toString(), wait.watch().isOver());
            assertThat("is reported once", wait.heard().rejections(), hasSize(1));
            assertEquals(rejection, wait.watch().fault().orElseThrow());

            simulation.service.failPolls((Exception) null);
            simulation.advance(Duration.ofMinutes(3));
            assertThat(wait.heard().recoveries(), hasSize(1));
            assertFalse(wait.watch().isOver());
            wait.watch().cancel();
        }
    }

    @Test
    public void aRejectionThatLastsIsFinalAfterTenMinutes() {
        for (Exception rejection : REJECTIONS) {
            simulation.service.failPolls((Exception) null).createdNow();
            Target.Source targets = () -> new Target(rejection, () -> simulation.service);
            Wait wait = simulation.begin(targets);
            simulation.advance(Duration.ofSeconds(30));
            simulation.service.failPolls(rejection);
            int polls = simulation.service.polls().size();
            Duration lasted = simulation.advanceUntilOver(wait, Duration.ofHours(1));
            assertThat(lasted, greaterThanOrEqualTo(RetryPolicy.MIN_PATIENCE));
            assertThat(lasted, lessThan(RetryPolicy.MIN_PATIENCE.plusMinutes(4)));
            assertEquals(new Outcome.Refused(rejection), wait.heard().outcome());
            assertThat("backs off", simulation.service.polls().size() - polls, lessThan(16));
        }
    }

    @Test
    public void theLongerAJobHasTakenTheLongerARejectionIsRetried() {
        Wait wait = simulation.begin();
        simulation.advance(Duration.ofHours(2));
        simulation.service.failPolls(REJECTIONS.get(1));
        Duration lasted = simulation.advanceUntilOver(wait, Duration.ofHours(3));
        assertThat(lasted, greaterThanOrEqualTo(Duration.ofMinutes(30)));
        assertThat(lasted, lessThan(Duration.ofMinutes(50)));
    }

    @Test
    public void credentialsThatHaveWorkedAreNotGivenUpAtTheFirstRejectionOfAnotherWait() {
        simulation.begin();
        simulation.advance(Duration.ofSeconds(30));
        simulation.service.failPolls(REJECTIONS.get(5));
        Wait next = simulation.begin();
        simulation.advance(Duration.ofMinutes(2));
        assertFalse(next.watch().isOver());

        simulation.service.failPolls((Exception) null);
        simulation.advance(Duration.ofMinutes(2));
        assertThat(next.heard().states(), hasSize(1));
    }

    /** Only a few of many are polled while a token is rejected: the others must not be left behind. */
    @Test
    public void credentialsThatAreRejectedForGoodEndAllOfManyWaits() {
        List<Wait> waits = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            waits.add(simulation.begin());
        }
        simulation.advance(Duration.ofMinutes(2));
        simulation.service.failPolls(REJECTIONS.get(6));
        simulation.advance(RetryPolicy.MIN_PATIENCE.minusMinutes(1));
        waits.forEach(wait -> assertFalse(wait.watch().isOver()));
        simulation.advance(Duration.ofMinutes(6));
        for (Wait wait : waits) {
            assertThat("the reason was reported before", wait.heard().rejections(), hasSize(1));
            assertEquals(new Outcome.Refused(REJECTIONS.get(6)), wait.heard().outcome());
        }
    }

    @Test
    public void anOutageBetweenTwoRejectionsIsNoEvidence() {
        Wait wait = simulation.begin();
        simulation.advance(Duration.ofSeconds(30));
        simulation.service.failPolls(REJECTIONS.get(1));
        simulation.advance(Duration.ofSeconds(30));
        simulation.service.failPolls(BUSY);
        simulation.advance(Duration.ofMinutes(30));
        simulation.service.failPolls(REJECTIONS.get(1));
        simulation.advance(Duration.ofMinutes(5));
        assertFalse("rejected for six minutes in all", wait.watch().isOver());
    }

    @Test
    public void credentialsThatWereReplacedAreUsedAtTheRejection() {
        FakeService renewed = new FakeService(simulation.time);
        boolean[] replaced = {false};
        Wait wait = simulation.begin(() -> replaced[0] ? new Target("renewed", () -> renewed) : simulation.target());
        simulation.advance(Duration.ofSeconds(30));
        simulation.service.failPolls(REJECTIONS.get(6));
        simulation.advance(Duration.ofMinutes(3));
        assertFalse(wait.watch().isOver());

        replaced[0] = true;
        simulation.advance(Duration.ofMinutes(3));
        assertThat(renewed.polls(), hasSize(greaterThanOrEqualTo(2)));
        assertThat(wait.heard().recoveries(), hasSize(1));
    }

    /** Jobs are looked up in lists and by replicas that lag; three quick polls prove nothing. */
    @Test
    public void aJobThatIsMissingForAWhileHasNotBeenDeleted() {
        for (JobState before : List.of(JobState.QUEUED, JobState.PROCESSING)) {
            simulation.service.state(before);
            Wait wait = simulation.begin();
            simulation.advance(Duration.ofSeconds(30));
            simulation.service.state(FakeService.MISSING);
            simulation.advance(Duration.ofSeconds(110));
            assertFalse(wait.watch().isOver());
            assertThat(wait.heard().rejections(), hasSize(1));
            assertThat(wait.heard().rejections().get(0), instanceOf(JobMissingException.class));

            simulation.service.state(before);
            simulation.advance(Duration.ofSeconds(30));
            assertThat(wait.heard().recoveries(), hasSize(1));
            assertFalse(wait.watch().isOver());
            wait.watch().cancel();
        }
    }

    @Test
    public void aJobThatStaysMissingHasBeenDeleted() {
        Wait wait = simulation.begin();
        simulation.advance(Duration.ofSeconds(30));
        simulation.service.state(FakeService.MISSING);
        Duration lasted = simulation.advanceUntilOver(wait, Duration.ofHours(1));
        assertThat(lasted, greaterThanOrEqualTo(Look.MIN_NOT_FOUND_ANY_MORE));
        assertThat(lasted, lessThan(Look.MIN_NOT_FOUND_ANY_MORE.plusMinutes(2)));
        Outcome.Unknown unknown = (Outcome.Unknown) wait.heard().outcome();
        assertEquals(JobState.PROCESSING, unknown.lastSeen().state());
    }

    @Test
    public void aJobThatWasNeverSeenIsMissingAfterTwentySecondsInWhichTheServiceSaidSo() {
        simulation.service.state(FakeService.MISSING);
        Wait wait = simulation.begin();
        Duration lasted = simulation.advanceUntilOver(wait, Duration.ofMinutes(5));
        assertThat(lasted, greaterThanOrEqualTo(Look.MIN_NOT_FOUND));
        assertThat(lasted, lessThan(Duration.ofSeconds(25)));
        assertEquals(new Outcome.Unknown(null), wait.heard().outcome());

        Wait other = simulation.begin();
        simulation.advance(Duration.ofSeconds(1));
        simulation.service.failPolls(BUSY);
        simulation.advance(Duration.ofMinutes(5));
        simulation.service.failPolls((Exception) null).state(JobState.QUEUED);
        simulation.advance(Duration.ofMinutes(3));
        assertThat(other.heard().states(), hasSize(1));
    }

    /** A gateway that answers for the service now and then, with p = 0.3. */
    @Test
    public void errorsAndMissingJobsInRandomOrderEndNoWait() {
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
        waits.forEach(wait ->
                assertFalse(wait.heard().outcomes().toString(), wait.watch().isOver()));
    }

    /** The state is what matters; the tasks are asked for again with each later poll. */
    @Test
    public void tasksThatAreRejectedDoNotEndAWait() {
        simulation.service.failDetails(REJECTIONS.get(1));
        Wait wait = simulation.begin();
        simulation.advance(Duration.ofMinutes(30));
        assertFalse(wait.watch().isOver());
        assertThat(wait.heard().states(), hasSize(1));

        simulation.service.state(JobState.FINISHED);
        simulation.advance(Duration.ofMinutes(3));
        Outcome.Ended ended = (Outcome.Ended) wait.heard().outcome();
        assertEquals(REJECTIONS.get(1), ended.missing());
    }

    @Test
    public void aDefectEndsTheWaitAtOnce() {
        Wait wait = simulation.begin();
        simulation.advance(Duration.ofSeconds(30));
        IllegalStateException defect = new IllegalStateException("a defect of the client");
        simulation.service.failPolls(defect);
        simulation.advance(Duration.ofMinutes(1));
        assertEquals(new Outcome.Refused(defect), wait.heard().outcome());
        assertTrue(wait.watch().isOver());
    }

    private static ServiceException rejection(ServiceException.Kind kind, int status) {
        return new ServiceException(kind, status, "in the words of the API", null, "4711", null);
    }
}
