/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.polling;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.hasSize;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertSame;
import static org.junit.Assert.assertTrue;

import io.jenkins.plugins.ams.auth.AuthenticationException;
import io.jenkins.plugins.ams.auth.TokenStatus;
import io.jenkins.plugins.ams.polling.PollTarget.Origin;
import io.jenkins.plugins.ams.polling.Waits.Wait;
import io.jenkins.plugins.ams.service.ServiceException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.Rule;
import org.junit.Test;

/** Tests which account problems are reported to administrators, and when the problems disappear. */
public class AccountProblemTest {

    private static final Origin PROD = new Origin("media-prod", "ams-ci");
    private static final Origin STAGING = new Origin("media-staging", "ams-ci");
    private static final AuthenticationException EXPIRED =
            AuthenticationException.of(AuthenticationException.Kind.EXPIRED_SECRET, "expired");
    private static final ServiceException UNAUTHORIZED =
            ServiceException.of(ServiceException.Kind.UNAUTHORIZED, 401, "invalid token");
    private static final ServiceException FORBIDDEN =
            ServiceException.of(ServiceException.Kind.FORBIDDEN, 403, "no role");
    private static final ServiceException NOT_FOUND =
            ServiceException.of(ServiceException.Kind.NOT_FOUND, 404, "no such job");
    private static final ServiceException NO_RESPONSE = ServiceException.noResponse("timeout");

    @Rule
    public final Simulation simulation = new Simulation();

    @Test
    public void reportsRejectedCredentialsUntilTheyAreAccepted() {
        for (Exception rejection : List.of(EXPIRED, UNAUTHORIZED, FORBIDDEN)) {
            Wait wait = begin(PROD, rejection, simulation.service);
            simulation.advance(Duration.ofSeconds(30));
            assertThat(problems(), empty());

            simulation.service.failPolls(rejection);
            simulation.advance(Duration.ofMinutes(3));
            assertFalse(wait.jobWait().isEnded());
            AccountProblem problem = onlyProblem(AccountProblem.Kind.REJECTED);
            assertEquals(PROD, problem.origin());
            assertSame(rejection, problem.error());
            assertEquals(1, problem.builds());
            Instant since = problem.since();
            simulation.advance(Duration.ofMinutes(3));
            assertEquals(since, onlyProblem(AccountProblem.Kind.REJECTED).since());

            simulation.service.failPolls((Exception) null);
            simulation.advance(Duration.ofMinutes(3));
            assertThat(rejection.toString(), problems(), empty());
            wait.jobWait().cancel();
        }
    }

    /** The build ends at once, so an administrator would otherwise never see the problem. */
    @Test
    public void reportsRejectedCredentialsAfterTheLastBuildHasFailed() {
        simulation.service.failPolls(EXPIRED);
        Wait wait = begin(PROD, "secret", simulation.service);
        simulation.advance(Duration.ofSeconds(1));
        assertTrue(wait.jobWait().isEnded());
        assertEquals(0, onlyProblem(AccountProblem.Kind.REJECTED).builds());

        simulation.advance(Duration.ofHours(60));
        beginElsewhere(); // removes idle queues
        assertEquals(EXPIRED, onlyProblem(AccountProblem.Kind.REJECTED).error());

        simulation.service.failPolls((Exception) null);
        begin(PROD, "secret", simulation.service);
        simulation.advance(Duration.ofSeconds(1));
        assertThat(problems(), empty());
    }

    @Test
    public void forgetsUnusedCredentialsAfterAWeek() {
        simulation.service.failPolls(EXPIRED);
        begin(PROD, "secret", simulation.service);
        simulation.advance(Duration.ofDays(7).minusSeconds(1));
        onlyProblem(AccountProblem.Kind.REJECTED);
        simulation.advance(Duration.ofSeconds(2));
        assertThat(problems(), empty());
    }

    @Test
    public void aReplacedSecretSolvesTheProblemOfTheOldOne() {
        FakeService renewed = new FakeService(simulation.time);
        boolean[] replaced = {false};
        Wait wait = simulation.begin(
                () -> replaced[0] ? target(PROD, "new", renewed) : target(PROD, "old", simulation.service));
        simulation.advance(Duration.ofSeconds(30));
        simulation.service.failPolls(EXPIRED);
        simulation.advance(Duration.ofMinutes(3));
        onlyProblem(AccountProblem.Kind.REJECTED);

        replaced[0] = true;
        simulation.advance(Duration.ofMinutes(3));
        assertThat(wait.listener().recoveries(), hasSize(1));
        assertThat(problems(), empty());
        assertThat("the old secret is no longer shown", simulation.poller.accounts(), hasSize(1));

        wait.jobWait().cancel();
        simulation.advance(Duration.ofHours(1));
        beginElsewhere(); // removes idle queues, including the rejected one
        assertThat(problems(), empty());
    }

    /** Each page that Jenkins shows to an administrator asks for the problems, so waits must not be counted each time. */
    @Test
    public void countsNoWaitsOnceTheProblemIsSolved() {
        simulation.service.failPolls(EXPIRED);
        begin(PROD, "old", simulation.service);
        simulation.advance(Duration.ofHours(60));
        beginElsewhere(); // removes idle queues
        onlyProblem(AccountProblem.Kind.REJECTED);

        FakeService renewed = new FakeService(simulation.time);
        AtomicInteger counted = new AtomicInteger();
        simulation.begin(new PollTarget.Source() {
            @Override
            public PollTarget find() {
                return target(PROD, "new", renewed);
            }

            @Override
            public Object owner() {
                return counted.incrementAndGet();
            }
        });
        simulation.advance(Duration.ofSeconds(1));
        assertThat(problems(), empty());
        int before = counted.get();
        assertThat(problems(), empty());
        assertEquals(before, counted.get());
    }

    @Test
    public void aSuccessfulTestSolvesTheProblem() {
        simulation.service.failPolls(EXPIRED);
        begin(PROD, "secret", simulation.service);
        simulation.advance(Duration.ofSeconds(1));
        simulation.poller.onTested(STAGING, TokenStatus.UNKNOWN);
        onlyProblem(AccountProblem.Kind.REJECTED);

        simulation.poller.onTested(PROD, TokenStatus.UNKNOWN);
        assertThat(problems(), empty());

        begin(PROD, "secret", simulation.service);
        simulation.advance(Duration.ofSeconds(1));
        onlyProblem(AccountProblem.Kind.REJECTED);
    }

    /** A connection test with the account's credentials does not show whether the credentials of a build work. */
    @Test
    public void aSuccessfulTestDoesNotHideBuildsThatAreStillRejected() {
        begin(PROD, "secret", simulation.service);
        simulation.advance(Duration.ofSeconds(30));
        simulation.service.failPolls(EXPIRED);
        simulation.advance(Duration.ofMinutes(3));
        simulation.poller.onTested(PROD, TokenStatus.UNKNOWN);
        onlyProblem(AccountProblem.Kind.REJECTED);
    }

    @Test
    public void aMissingJobIsNoProblemOfTheAccount() {
        begin(PROD, "secret", simulation.service);
        simulation.advance(Duration.ofSeconds(30));
        simulation.service.failPolls(FORBIDDEN);
        simulation.advance(Duration.ofMinutes(3));
        onlyProblem(AccountProblem.Kind.REJECTED);
        simulation.service.failPolls(NOT_FOUND);
        simulation.advance(Duration.ofMinutes(3));
        assertThat("the service has accepted the token", problems(), empty());
    }

    @Test
    public void aShortOutageDoesNotHideRejectedCredentials() {
        begin(PROD, "secret", simulation.service);
        simulation.advance(Duration.ofSeconds(30));
        simulation.service.failPolls(EXPIRED);
        simulation.advance(Duration.ofMinutes(3));
        simulation.service.failPolls(NO_RESPONSE);
        simulation.advance(Duration.ofMinutes(3));
        assertSame(EXPIRED, onlyProblem(AccountProblem.Kind.REJECTED).error());
    }

    @Test
    public void reportsAServiceThatHasNotRespondedForAnHour() {
        begin(PROD, "secret", simulation.service);
        simulation.advance(Duration.ofSeconds(30));
        simulation.service.failPolls(NO_RESPONSE);
        simulation.advance(Duration.ofMinutes(3));
        Instant since = simulation.poller.accounts().get(0).responses().outage().since();
        advanceTo(since.plus(Duration.ofHours(1)).minusMillis(1));
        assertThat(problems(), empty());

        simulation.advance(Duration.ofMillis(1));
        AccountProblem problem = onlyProblem(AccountProblem.Kind.NOT_RESPONDING);
        assertEquals(since, problem.since());
        assertEquals(1, problem.builds());

        simulation.service.failPolls((Exception) null);
        simulation.advance(Duration.ofMinutes(3));
        assertThat(problems(), empty());
    }

    @Test
    public void anOutageIsNoProblemOnceNoBuildWaits() {
        Wait wait = begin(PROD, "secret", simulation.service);
        simulation.advance(Duration.ofSeconds(30));
        simulation.service.failPolls(NO_RESPONSE);
        simulation.advance(Duration.ofHours(2));
        onlyProblem(AccountProblem.Kind.NOT_RESPONDING);
        wait.jobWait().cancel();
        assertThat(problems(), empty());
    }

    /**
     * An account that was not in use has not responded for a long time, but it has not received any requests either.
     */
    @Test
    public void theTimeBeforeTheFirstErrorDoesNotCount() {
        Wait wait = begin(PROD, "secret", simulation.service);
        simulation.advance(Duration.ofSeconds(30));
        wait.jobWait().cancel();
        simulation.advance(Duration.ofMinutes(20));
        simulation.service.failPolls(NO_RESPONSE);
        simulation.resume(() -> target(PROD, "secret", simulation.service), null, true);
        simulation.advance(Duration.ofMinutes(59));
        assertThat(problems(), empty());
        simulation.advance(Duration.ofMinutes(2));
        onlyProblem(AccountProblem.Kind.NOT_RESPONDING);
    }

    @Test
    public void anErrorOfTheControllerIsNoProblemOfTheAccount() {
        begin(PROD, "secret", simulation.service);
        simulation.advance(Duration.ofSeconds(30));
        simulation.service.failPolls(new OutOfThreads());
        simulation.advance(Duration.ofHours(2));
        assertThat(problems(), empty());
    }

    @Test
    public void reportsACertificateThirtyDaysBeforeItExpires() {
        Instant expiry =
                simulation.time.clock().instant().plus(Duration.ofDays(30)).plusSeconds(10);
        simulation.service.tokenStatus(new TokenStatus(null, expiry));
        Wait wait = begin(PROD, "key", simulation.service);
        simulation.advance(Duration.ofSeconds(9));
        assertThat(problems(), empty());
        simulation.advance(Duration.ofSeconds(1));
        AccountProblem problem = onlyProblem(AccountProblem.Kind.CERTIFICATE_EXPIRES);
        assertEquals(expiry, problem.since());
        assertEquals(PROD, problem.origin());

        wait.jobWait().cancel();
        simulation.advance(Duration.ofHours(5));
        beginElsewhere(); // removes idle queues
        assertEquals(
                expiry, onlyProblem(AccountProblem.Kind.CERTIFICATE_EXPIRES).since());

        FakeService renewed = new FakeService(simulation.time);
        renewed.tokenStatus(new TokenStatus(null, expiry.plus(Duration.ofDays(365))));
        begin(PROD, "new key", renewed);
        simulation.advance(Duration.ofSeconds(1));
        assertThat(problems(), empty());
    }

    @Test
    public void reportsACertificateThatATestFinds() {
        Instant expiry = simulation.time.clock().instant().plus(Duration.ofDays(20));
        simulation.poller.onTested(PROD, new TokenStatus(null, expiry));
        assertEquals(
                expiry, onlyProblem(AccountProblem.Kind.CERTIFICATE_EXPIRES).since());
    }

    @Test
    public void anExpiredCertificateIsReportedOnce() {
        simulation.service.tokenStatus(
                new TokenStatus(null, simulation.time.clock().instant()));
        simulation.service.failPolls(
                AuthenticationException.of(AuthenticationException.Kind.EXPIRED_CERTIFICATE, "it expired"));
        begin(PROD, "key", simulation.service);
        simulation.advance(Duration.ofSeconds(5));
        onlyProblem(AccountProblem.Kind.REJECTED);
    }

    @Test
    public void reportsEachAccountOnItsOwn() {
        FakeService staging = new FakeService(simulation.time);
        FakeService fine = new FakeService(simulation.time);
        begin(PROD, "prod", simulation.service);
        begin(STAGING, "staging", staging);
        begin(STAGING, "staging", staging);
        begin(new Origin("media-test", "ams-ci"), "test", fine);
        simulation.advance(Duration.ofSeconds(30));
        simulation.service.failPolls(EXPIRED);
        staging.failPolls(NO_RESPONSE);
        simulation.advance(Duration.ofMinutes(8));
        staging.failPolls(NO_RESPONSE);
        simulation.advance(Duration.ofMinutes(54));

        assertThat(problems().stream().map(AccountProblem::origin).toList(), contains(PROD, STAGING));
        assertEquals(2, problems().get(1).builds());
    }

    /** Two folders can have credentials with the same ID, and only one of them may be wrong. */
    @Test
    public void credentialsInAnotherFolderDoNotHideTheProblem() {
        FakeService other = new FakeService(simulation.time);
        begin(PROD, "folder 1", simulation.service);
        begin(PROD, "folder 2", other);
        simulation.advance(Duration.ofSeconds(30));
        simulation.service.failPolls(EXPIRED);
        for (int i = 0; i < 8; i++) {
            simulation.advance(Duration.ofMinutes(1));
        }
        assertEquals(1, onlyProblem(AccountProblem.Kind.REJECTED).builds());
    }

    private static final class OutOfThreads extends Exception {
        private static final long serialVersionUID = 1L;

        OutOfThreads() {
            super(new RejectedExecutionException("full"));
        }
    }

    private static PollTarget target(Origin origin, Object key, FakeService service) {
        return new PollTarget(key, origin.account(), () -> service, Throwable::getMessage, origin);
    }

    private Wait begin(Origin origin, Object key, FakeService service) {
        return simulation.begin(() -> target(origin, key, service));
    }

    private void beginElsewhere() {
        FakeService service = new FakeService(simulation.time);
        begin(new Origin("elsewhere", "ams-ci"), service, service);
        simulation.advance(Duration.ofSeconds(1));
    }

    private void advanceTo(Instant time) {
        simulation.advance(Duration.between(simulation.time.clock().instant(), time));
    }

    private List<AccountProblem> problems() {
        return simulation.poller.problems();
    }

    private AccountProblem onlyProblem(AccountProblem.Kind kind) {
        assertThat(problems(), hasSize(1));
        assertEquals(kind, problems().get(0).kind());
        return problems().get(0);
    }
}
