/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.polling;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.instanceOf;
import static org.junit.Assert.assertEquals;

import io.jenkins.plugins.ams.console.ErrorMessages;
import io.jenkins.plugins.ams.emulator.EmulatedJob;
import io.jenkins.plugins.ams.emulator.Fault;
import io.jenkins.plugins.ams.emulator.Gateway;
import io.jenkins.plugins.ams.emulator.JobScript;
import io.jenkins.plugins.ams.emulator.RequestKind;
import io.jenkins.plugins.ams.service.EmulatedService;
import io.jenkins.plugins.ams.service.JobState;
import io.jenkins.plugins.ams.testing.Language;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.Rule;
import org.junit.Test;

/** Waits behind a gateway that responds in place of the service. */
public class GatewayWaitTest {

    @Rule
    public final Language language = Language.english();

    @Rule
    public final Waits waits = new Waits();

    @Test
    public void keepsPollingWhenTheGatewayRejectsThreePolls() {
        for (EmulatedService api : EmulatedService.values()) {
            for (Gateway gateway : Gateway.values()) {
                RecordingListener listener = begin(api, gateway.name());
                waits.settle();
                waits.emulator
                        .faults()
                        .inject(Fault.gateway(gateway).on(RequestKind.JOBS).times(3));
                waits.advance(Duration.ofMinutes(6));
                assertFinished(api + " behind " + gateway, listener);
            }
        }
    }

    @Test
    public void keepsPollingThroughRandomRejections() {
        for (EmulatedService api : EmulatedService.values()) {
            waits.emulator.faults().clear();
            for (int seed = 0; seed < 4; seed++) {
                waits.emulator
                        .faults()
                        .inject(Fault.gateway(Gateway.values()[seed])
                                .on(RequestKind.JOBS, RequestKind.TASKS, RequestKind.ASSETS)
                                .withProbability(0.1, seed));
            }
            for (int i = 0; i < 10; i++) {
                RecordingListener listener = begin(api, "random " + i);
                waits.advance(Duration.ofMinutes(10));
                assertFinished(api + ", wait " + i, listener);
            }
        }
    }

    @Test
    public void advisesWhenTheFirstPollFindsNoAccount() {
        Map<Fault, String> advice = Map.of(
                Fault.error(404, "SubscriptionNotFound", "The subscription 'x' could not be found."),
                "Correct the subscription ID or the cloud in the account",
                Fault.error(404, "ResourceGroupNotFound", "Resource group 'x' could not be found."),
                "Correct the resource group in the account",
                Fault.error(404, "NotFound", "Project 'x' was not found."),
                "Check the account's API endpoint");
        advice.forEach((fault, text) -> {
            for (EmulatedService api : List.of(EmulatedService.RESOURCE_MANAGER, EmulatedService.MK_IO)) {
                waits.emulator.faults().clear();
                waits.emulator.faults().inject(fault.on(RequestKind.JOBS));
                RecordingListener listener = begin(api, text);
                waits.settle();
                assertThat(listener.outcome(), instanceOf(WaitOutcome.Failed.class));
                String message = ErrorMessages.failure(((WaitOutcome.Failed) listener.outcome()).cause());
                assertThat(message, containsString(text));
                assertThat(message, containsString("'x'"));
                assertThat(message, containsString("(request ID "));
            }
        });
    }

    @Test
    public void recognizesAnUnknownJob() {
        for (EmulatedService api : EmulatedService.values()) {
            RecordingListener listener = new RecordingListener();
            waits.begin(api.unknown(), () -> waits.target(api, api), Duration.ofMinutes(1), null, listener);
            waits.advance(Duration.ofMinutes(2));
            assertThat(api.toString(), listener.outcome(), instanceOf(WaitOutcome.JobNotFound.class));
        }
    }

    private RecordingListener begin(EmulatedService api, String key) {
        EmulatedJob job = waits.emulator.addJob(JobScript.named("Encoding").task("Encode", Duration.ofMinutes(2)));
        RecordingListener listener = new RecordingListener();
        waits.begin(api.idOf(job), () -> waits.target(api, api + key), Duration.ofMinutes(1), null, listener);
        return listener;
    }

    private static void assertFinished(String wait, RecordingListener listener) {
        assertThat(wait, listener.outcome(), instanceOf(WaitOutcome.Completed.class));
        assertEquals(
                wait,
                JobState.FINISHED,
                ((WaitOutcome.Completed) listener.outcome()).job().state());
    }
}
