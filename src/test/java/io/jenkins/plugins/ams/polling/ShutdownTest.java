/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.polling;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.empty;

import io.jenkins.plugins.ams.emulator.EmulatedJob;
import io.jenkins.plugins.ams.emulator.JobScript;
import io.jenkins.plugins.ams.polling.Waits.Wait;
import io.jenkins.plugins.ams.service.JobState;
import java.io.IOException;
import java.time.Duration;
import org.junit.Rule;
import org.junit.Test;

/** Errors while Jenkins shuts down must not end waits that continue after the restart. */
public class ShutdownTest {

    private static final JobScript ENCODING =
            JobScript.named("Encoding BigBuckBunny").task("Encode", Duration.ofMinutes(4));

    @Rule
    public final Waits waits = new Waits();

    @Test
    public void errorsOfTheShutdownAreNoOutcome() {
        EmulatedJob job = waits.emulator.addJob(ENCODING);
        Wait looking = waits.wait(job);
        waits.poller.shutDown();

        Wait connecting = waits.wait(
                job.id(),
                () -> {
                    throw new IOException("the configuration is gone already");
                },
                null);
        job.fail("ErrorProcessingTask", "it failed in the meantime");
        waits.advance(Duration.ofMinutes(2));

        assertThat(looking.listener().states(), contains(JobState.PROCESSING));
        assertThat(looking.listener().outcomes(), empty());
        assertThat(connecting.listener().outcomes(), empty());
    }
}
