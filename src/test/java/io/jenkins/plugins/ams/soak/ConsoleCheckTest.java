/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.soak;

import static org.junit.Assert.assertEquals;

import io.jenkins.plugins.ams.console.Messages;
import io.jenkins.plugins.ams.emulator.EmulatedJob;
import io.jenkins.plugins.ams.emulator.Emulator;
import io.jenkins.plugins.ams.emulator.JobScript;
import io.jenkins.plugins.ams.service.JobId;
import io.jenkins.plugins.ams.service.v2.AmsV2JobId;
import io.jenkins.plugins.ams.testing.ManualClock;
import java.time.Duration;
import java.util.List;
import org.junit.After;
import org.junit.Before;
import org.junit.Test;

/** Tests that the console check of the soak test detects mismatches. */
public class ConsoleCheckTest {

    private final ManualClock clock = new ManualClock();
    private Emulator emulator;
    private EmulatedJob job;
    private JobId id;

    @Before
    public void start() {
        emulator = Emulator.start(clock);
        job = emulator.addJob(
                JobScript.named("soak").queued(Duration.ofMinutes(1)).task("Encode", Duration.ofMinutes(1)));
        id = AmsV2JobId.parse(job.id());
    }

    @After
    public void stop() {
        emulator.close();
    }

    @Test
    public void findsStatesNotReached() {
        assertTrue("'soak': Queued");
        assertFalse("'soak': Processing, task 1 of 1 'Encode': 0%");
        clock.advance(Duration.ofSeconds(90));
        assertTrue("'soak': Queued");
        assertTrue("'soak': Processing, task 1 of 1 'Encode': 0%");
        assertFalse("'soak': Finished after 2 min");
        assertFalse("'soak': task 'Encode' Finished, 100%");
        assertFalse("'soak': Canceling");
        clock.advance(Duration.ofMinutes(1));
        assertTrue("'soak': Finished after 2 min");
        assertFalse("'soak': Error after 2 min");
        assertFalse("'soak': Canceled after 2 min");
    }

    @Test
    public void findsAnExistingJobReportedAsMissing() {
        assertFalse(Messages.JobFailure_unknown(id));
        assertFalse(Messages.JobFailure_deleted(id, "Processing"));
        assertTrue("The service is busy (503), retrying in 2 s");
    }

    @Test
    public void findsAMissingJobReportedAsExisting() {
        JobId none = AmsV2JobId.parse("00000000-1500-80c3-a70e-f1e4ff0d4333");
        ConsoleCheck check = new ConsoleCheck(none, null);
        check.accept("[AMS] " + Messages.JobFailure_unknown(none));
        assertEquals(List.of(), check.mismatches());
        check.accept("[AMS] " + Messages.JobFailure_deleted(none, "Queued"));
        check.accept("[AMS] 'soak': Queued");
        assertEquals(2, check.mismatches().size());
    }

    private void assertTrue(String text) {
        assertEquals(text, 0, mismatches(text));
    }

    private void assertFalse(String text) {
        assertEquals(text, 1, mismatches(text));
    }

    private int mismatches(String text) {
        ConsoleCheck check = new ConsoleCheck(id, job);
        check.accept("[AMS] " + text);
        return check.mismatches().size();
    }
}
