/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.soak;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.junit.Assert.assertEquals;

import io.jenkins.plugins.ams.soak.Exchanges.Exchange;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.Test;

/** Tests that the soak test detects delays that no fault explains. Times are in milliseconds after the job ended. */
public class LatenessTest {

    private static final String JOB = "f3c43f94-327f-2347-90bb-3bf79f8559f1";
    private static final String OTHER_JOB = "0d5e8023-0e98-80c3-88fa-b3e5639672a6";
    private static final int ACCOUNT = 3;
    private static final long POLL_INTERVAL = 10_000;

    private final Lateness lateness = new Lateness();
    private final Map<Exchange, Set<String>> exchanges = new LinkedHashMap<>();

    @Test
    public void allowsOnePollingInterval() {
        poll(JOB, ACCOUNT, 9_900, 10_000, 200);
        analyze(10_000);
        assertThat(lateness.late(), empty());
        assertEquals(9_900, lateness.all().max());
    }

    @Test
    public void findsADelayWithoutAFault() {
        poll(JOB, ACCOUNT, 14_900, 15_000, 200);
        analyze(15_000);
        assertThat(lateness.late(), contains(containsString("14900 ms of it without a reason")));
    }

    @Test
    public void aFaultExplainsItsExchangeAndTheRetryDelay() {
        fault("hang", poll(JOB, ACCOUNT, 5_000, 35_000, 0));
        fault("503", poll(JOB, ACCOUNT, 37_000, 37_100, 503));
        poll(JOB, ACCOUNT, 41_000, 41_100, 200);
        analyze(41_100);
        assertThat(lateness.late(), empty());
        assertEquals(
                "until the first poll", 5_000, lateness.byFault().get("hang").max());
        assertEquals(1, lateness.byFault().get("503").waits());
    }

    @Test
    public void aFaultDoesNotExplainMoreThanTheRetryDelay() {
        fault("500", poll(JOB, ACCOUNT, 1_000, 1_100, 500));
        analyze(20_000);
        assertThat(lateness.late(), contains(containsString("17900 ms of it without a reason")));
        assertEquals(17_900, lateness.byFault().get("500").percentile99());
    }

    @Test
    public void faultsOfOtherJobsExplainDelaysOnlyIfTheyConcernTheService() {
        fault("500", poll(OTHER_JOB, ACCOUNT, 1_000, 19_000, 500));
        fault("503", poll(OTHER_JOB, ACCOUNT + 1, 1_000, 19_000, 503));
        analyze(20_000);
        assertEquals(1, lateness.late().size());
        assertEquals(Set.of(), lateness.byFault().keySet());

        fault("503", poll(OTHER_JOB, ACCOUNT, 1_000, 19_000, 503));
        Lateness explained = new Lateness();
        explained.analyze(List.of(endedWait(20_000)), exchanges, POLL_INTERVAL, 1, 0);
        assertThat(explained.late(), empty());
    }

    @Test
    public void faultsOfTheControllerExplainDelays() {
        lateness.add(new Lateness.Period("restart", 2_000, 14_000));
        analyze(20_000);
        assertThat(lateness.late(), empty());
        assertEquals(8_000, lateness.byFault().get("restart").max());
    }

    private void analyze(long ended) {
        lateness.analyze(List.of(endedWait(ended)), exchanges, POLL_INTERVAL, 1, 0);
    }

    private static Lateness.Ended endedWait(long ended) {
        return new Lateness.Ended("wait", ACCOUNT, JOB, -60_000, 0, ended, List.of());
    }

    private Exchange poll(String job, int account, long start, long end, int status) {
        Exchange exchange = new Exchange(account, URI.create("https://localhost/api/Jobs('" + job + "')"), start);
        exchange.complete(status, false, end);
        exchanges.put(exchange, Set.of());
        return exchange;
    }

    private void fault(String name, Exchange exchange) {
        exchanges.put(exchange, Set.of(name));
    }
}
