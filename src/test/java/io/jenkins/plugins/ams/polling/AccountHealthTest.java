/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.polling;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.hasSize;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertSame;
import static org.junit.Assert.assertTrue;

import io.jenkins.plugins.ams.auth.TokenStatus;
import io.jenkins.plugins.ams.http.AmsException;
import io.jenkins.plugins.ams.polling.PollTarget.Origin;
import io.jenkins.plugins.ams.polling.Waits.Wait;
import io.jenkins.plugins.ams.service.JobState;
import io.jenkins.plugins.ams.service.ServiceException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.Rule;
import org.junit.Test;

/** Tests the account health that administrators see. */
public class AccountHealthTest {

    private static final Origin ORIGIN = new Origin("media-prod", "ams-ci");
    private static final ServiceException THROTTLED = ServiceException.of(
            ServiceException.Kind.UNAVAILABLE,
            429,
            "slow down",
            AmsException.Context.NONE.withRetryAfter(Optional.of(Duration.ofSeconds(40))));

    @Rule
    public final Simulation simulation = new Simulation();

    @Test
    public void thereIsNothingToShowBeforeTheFirstWait() {
        assertThat(simulation.poller.accounts(), empty());
        assertThat(simulation.poller.problems(), empty());
    }

    @Test
    public void countsWaitsBuildsAndRequests() {
        simulation.service.state(JobState.QUEUED).latency(Duration.ofSeconds(2));
        Object build = new Object();
        begin(build);
        begin(build);
        Wait other = begin(new Object());
        simulation.settle();
        AccountHealth first = health();
        assertEquals(ORIGIN, first.origin());
        assertEquals(3, first.waits());
        assertEquals(2, first.builds());
        assertEquals(3, first.inFlight());
        assertEquals(3, first.requestsPerMinute());
        assertNull("no response yet", first.responses().last());

        simulation.advance(Duration.ofMinutes(10));
        int before = simulation.service.requests().size();
        simulation.advance(Duration.ofMinutes(1));
        int sent = simulation.service.requests().size() - before;
        assertThat(sent, greaterThan(0));
        assertEquals(sent, health().requestsPerMinute(), 1); // counts whole seconds

        other.jobWait().cancel();
        assertEquals(2, health().waits());
        assertEquals(1, health().builds());
    }

    @Test
    public void showsHowManyJobsShareARequest() {
        simulation.service.jobsPerRequest(20);
        begin();
        simulation.advance(Duration.ofSeconds(1));
        assertEquals(20, health().jobsPerRequest());
        simulation.service.jobsPerRequest(1);
        assertEquals(1, health().jobsPerRequest());
    }

    @Test
    public void showsUntilWhenRequestsAreHeldBack() {
        begin();
        simulation.advance(Duration.ofSeconds(1));
        assertNull(health().heldBackUntil());
        simulation.service.failPolls(THROTTLED);
        begin();
        simulation.advance(Duration.ofSeconds(1));

        AccountHealth throttled = health();
        Instant error = throttled.responses().lastError().last();
        assertEquals(error.plusSeconds(40), throttled.heldBackUntil());
        assertSame(THROTTLED, throttled.responses().lastError().error());
        assertEquals(
                "a throttled request is a response",
                error,
                throttled.responses().last());

        simulation.service.failPolls((Exception) null);
        simulation.advance(Duration.ofMinutes(2));
        assertNull(health().heldBackUntil());
        assertSame(
                "the last error remains visible",
                THROTTLED,
                health().responses().lastError().error());
        assertNull(health().responses().outage());
        assertTrue(health().responses().last().isAfter(error));
    }

    /** The system clock can be changed, so elapsed time is measured with the scheduler's clock. */
    @Test
    public void timesAreOnTheSystemClock() {
        begin();
        simulation.advance(Duration.ofSeconds(5));
        Instant response = health().responses().last();
        assertTrue(!response.isAfter(simulation.time.clock().instant()));
        simulation.time.clock().advance(Duration.ofHours(1));
        assertEquals(response.plus(Duration.ofHours(1)), health().responses().last());
    }

    @Test
    public void requestsThatNobodyNeedsAnymoreAreNoErrors() {
        Wait wait = begin();
        simulation.service.latency(Duration.ofSeconds(20));
        simulation.settle();
        wait.jobWait().cancel();
        simulation.advance(Duration.ofMinutes(1));
        assertNull(health().responses().lastError());
    }

    @Test
    public void aLostResponseIsAnError() {
        simulation.service.loseResponses(true);
        begin();
        simulation.advance(Duration.ofMinutes(17));
        AccountHealth health = health();
        assertThat(health.responses().outage().error().getMessage(), containsString("15 min"));
        simulation.service.loseResponses(false);
        simulation.advance(Duration.ofMinutes(17));
        assertNull(health().responses().outage());
    }

    @Test
    public void showsTheTokensExpiry() {
        Instant expiry = simulation.time.clock().instant().plusSeconds(3600);
        simulation.service.tokenStatus(new TokenStatus(expiry, null));
        begin();
        simulation.settle();
        assertEquals(expiry, health().token().tokenExpiry());
    }

    /** Credentials in different folders can have the same ID. */
    @Test
    public void showsCredentialsWithTheSameIdSeparately() {
        FakeService other = new FakeService(simulation.time);
        begin();
        simulation.begin(
                () -> new PollTarget("other secret", "media-prod", () -> other, Throwable::getMessage, ORIGIN));
        simulation.advance(Duration.ofSeconds(5));
        assertThat(simulation.poller.accounts(), hasSize(2));
    }

    @Test
    public void looksAtNoServiceForThis() {
        begin();
        simulation.advance(Duration.ofSeconds(1));
        List<String> before = new ArrayList<>(simulation.service.requests());
        for (int i = 0; i < 100; i++) {
            simulation.poller.accounts();
            simulation.poller.problems();
        }
        simulation.settle();
        assertEquals(before, simulation.service.requests());
    }

    private Wait begin() {
        return begin(new Object());
    }

    private Wait begin(Object build) {
        return simulation.begin(new PollTarget.Source() {
            @Override
            public PollTarget find() {
                return new PollTarget("secret", "media-prod", () -> simulation.service, Throwable::getMessage, ORIGIN);
            }

            @Override
            public Object owner() {
                return build;
            }
        });
    }

    private AccountHealth health() {
        List<AccountHealth> all = simulation.poller.accounts();
        assertThat(all, hasSize(1));
        return all.get(0);
    }
}
