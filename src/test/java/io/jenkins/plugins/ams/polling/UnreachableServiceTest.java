/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.polling;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.greaterThanOrEqualTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.instanceOf;
import static org.hamcrest.Matchers.lessThanOrEqualTo;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertSame;

import io.jenkins.plugins.ams.auth.AuthenticationException;
import io.jenkins.plugins.ams.http.AmsException;
import io.jenkins.plugins.ams.polling.Waits.Wait;
import io.jenkins.plugins.ams.service.ServiceException;
import java.net.ConnectException;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.Rule;
import org.junit.Test;

/**
 * A service that has never responded to any wait probably does not exist; otherwise network errors are retried without
 * limit.
 */
public class UnreachableServiceTest {

    private static final ServiceException UNKNOWN_HOST = ServiceException.noResponse(
            "the host name is not known", new ConnectException().initCause(new UnresolvedAddressException()));

    private static final AuthenticationException NO_AUTHORITY = AuthenticationException.causedBy(
            AuthenticationException.Kind.TRANSIENT, "no response", new ConnectException());

    private static final AuthenticationException BUSY_AUTHORITY = AuthenticationException.of(
            AuthenticationException.Kind.TRANSIENT, "busy", new AmsException.Context("AADSTS90033", null, null));

    private static final ServiceException WRONG_PATH =
            ServiceException.of(ServiceException.Kind.GATEWAY, 404, "no such page");

    private static final ServiceException ANOTHER_SERVICE =
            ServiceException.of(ServiceException.Kind.INVALID_RESPONSE, 200, "the response is not JSON");

    private static final ServiceException BUSY = ServiceException.of(ServiceException.Kind.UNAVAILABLE, 503, "busy");

    private static final Duration LONG = Duration.ofHours(12);

    @Rule
    public final Simulation simulation = new Simulation();

    @Test
    public void failsAWaitThatNeverReachesItsService() {
        for (Exception error : List.of(UNKNOWN_HOST, NO_AUTHORITY, WRONG_PATH, ANOTHER_SERVICE)) {
            simulation.service.failPolls(error);
            Wait wait = simulation.begin(() -> target(error));
            Duration lasted = simulation.advanceUntilEnded(wait, LONG);

            assertThat(lasted, greaterThanOrEqualTo(RetryPolicy.MAX_UNREACHABLE));
            assertThat(lasted, lessThanOrEqualTo(RetryPolicy.MAX_UNREACHABLE.plus(Heartbeat.INTERVAL)));
            assertThat("the error was reported before the end", wait.listener().errors(), hasSize(1));
            WaitOutcome.Failed failed = (WaitOutcome.Failed) wait.listener().outcome();
            assertFalse("is not retried", failed.cause().isTransient());
            assertEquals("Check the host: " + error.getMessage(), failed.cause().getMessage());
            assertSame(error, failed.cause().getCause());
        }
    }

    /** Only a few of the waits are polled while the network is down. */
    @Test
    public void failsManyWaitsThatNeverReachTheirService() {
        simulation.service.failPolls(UNKNOWN_HOST);
        List<Wait> waits = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            waits.add(simulation.begin());
        }
        simulation.advance(RetryPolicy.MAX_UNREACHABLE.plus(Heartbeat.INTERVAL));
        waits.forEach(wait -> assertThat(wait.listener().outcome(), instanceOf(WaitOutcome.Failed.class)));

        Wait later = simulation.begin();
        simulation.advance(RetryPolicy.MAX_UNREACHABLE.minusSeconds(1));
        assertFalse("the period starts with the wait", later.jobWait().isEnded());
    }

    @Test
    public void anyResponseShowsThatTheServiceExists() {
        simulation.service.failPolls(BUSY);
        Wait wait = simulation.begin();
        simulation.advance(Duration.ofMinutes(1));
        simulation.service.failPolls(UNKNOWN_HOST);
        simulation.advance(LONG);
        assertFalse(wait.jobWait().isEnded());
    }

    @Test
    public void anEarlierResponseToTheAccountIsEnough() {
        Wait first = simulation.begin(() -> target("credentials"));
        simulation.advance(Duration.ofMinutes(1));
        first.jobWait().cancel();
        simulation.advance(LONG);

        simulation.service.failPolls(UNKNOWN_HOST);
        Wait same = simulation.begin(() -> target("credentials"));
        Wait other = simulation.begin(() -> target("others"));
        Wait elsewhere = simulation.begin(() -> new PollTarget("elsewhere", () -> simulation.service));
        simulation.advance(LONG);
        assertFalse(same.jobWait().isEnded());
        assertFalse(other.jobWait().isEnded());
        assertThat(elsewhere.listener().outcome(), instanceOf(WaitOutcome.Failed.class));
    }

    @Test
    public void retriesABusyAuthorityForever() {
        simulation.service.failPolls(BUSY_AUTHORITY);
        Wait wait = simulation.begin();
        simulation.advance(LONG);
        assertFalse(wait.jobWait().isEnded());

        simulation.service.failPolls(UNKNOWN_HOST);
        Duration lasted = simulation.advanceUntilEnded(wait, LONG);
        assertThat(
                "the period starts with the first network error",
                lasted,
                greaterThanOrEqualTo(RetryPolicy.MAX_UNREACHABLE));
    }

    /** Resumed builds must not fail because the controller's network becomes available late. */
    @Test
    public void retriesForeverOnceTheJobWasSeen() {
        simulation.service.failPolls(UNKNOWN_HOST);
        Wait seen = simulation.resume(null, true);
        Wait unseen = simulation.resume(null, false);
        simulation.advance(LONG);
        assertFalse(seen.jobWait().isEnded());
        assertThat(unseen.listener().outcome(), instanceOf(WaitOutcome.Failed.class));
    }

    private PollTarget target(Object key) {
        return new PollTarget(
                key,
                key instanceof Exception ? key : "account",
                () -> simulation.service,
                error -> "Check the host: " + error.getMessage());
    }
}
