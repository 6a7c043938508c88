/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.emulator;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.jenkins.plugins.ams.testing.ManualClock;
import java.time.Duration;
import org.junit.After;
import org.junit.Before;
import org.junit.Test;

/** Tests how jobs follow the clock, their script and overrides. */
public class JobLifeTest {

    private final ManualClock clock = new ManualClock();
    private Emulator emulator;
    private Client client;

    @Before
    public void start() {
        emulator = Emulator.start(clock);
        client = new Client(emulator);
    }

    @After
    public void close() {
        emulator.close();
    }

    private static JobScript twoTasks() {
        return JobScript.named("Encoding BigBuckBunny")
                .queued(Duration.ofSeconds(10))
                .scheduled(Duration.ofSeconds(5))
                .task("Encode", Duration.ofSeconds(100))
                .task("Thumbnails", Duration.ofSeconds(20));
    }

    @Test
    public void passesAllStatesToFinished() throws Exception {
        EmulatedJob job = emulator.addJob(twoTasks());
        assertEquals(0, client.poll(job.id()).get("State").asInt());
        assertTrue(client.poll(job.id()).get("StartTime").isNull());
        clock.advance(Duration.ofSeconds(10));
        assertEquals(1, client.poll(job.id()).get("State").asInt());
        clock.advance(Duration.ofSeconds(5));
        JsonNode processing = client.poll(job.id());
        assertEquals(2, processing.get("State").asInt());
        assertFalse(processing.get("StartTime").isNull());
        assertTrue(processing.get("EndTime").isNull());
        assertEquals(0, processing.get("RunningDuration").asInt());
        clock.advance(Duration.ofSeconds(120));
        JsonNode finished = client.poll(job.id());
        assertEquals(3, finished.get("State").asInt());
        assertEquals(108_000, finished.get("RunningDuration").asInt());
        assertEquals("2021-03-10T09:17:45.125", finished.get("EndTime").asText());
    }

    @Test
    public void showsProgressOfTheProcessingTask() throws Exception {
        EmulatedJob job = emulator.addJob(twoTasks());
        clock.advance(Duration.ofMillis(15_000 + 40_999));
        JsonNode tasks = client.tasks(job.id());
        assertEquals(40.0, tasks.get(0).get("Progress").asDouble(), 0);
        assertEquals(2, tasks.get(0).get("State").asInt());
        assertEquals(0, tasks.get(1).get("State").asInt());
        clock.advance(Duration.ofSeconds(70));
        tasks = client.tasks(job.id());
        assertEquals(3, tasks.get(0).get("State").asInt());
        assertEquals(100.0, tasks.get(0).get("Progress").asDouble(), 0);
        assertEquals(50.0, tasks.get(1).get("Progress").asDouble(), 0);
    }

    @Test
    public void endsInErrorOfAGivenTask() throws Exception {
        EmulatedJob job =
                emulator.addJob(twoTasks().endsInError(0, "ErrorParsingConfiguration", "Preset is not valid"));
        clock.advance(Duration.ofSeconds(115));
        assertEquals(4, client.poll(job.id()).get("State").asInt());
        JsonNode tasks = client.tasks(job.id());
        assertEquals(4, tasks.get(0).get("State").asInt());
        JsonNode errors = tasks.get(0).get("ErrorDetails");
        assertEquals(1, errors.size());
        assertEquals("ErrorParsingConfiguration", errors.get(0).get("Code").asText());
        assertEquals("Preset is not valid", errors.get(0).get("Message").asText());
        assertEquals(5, tasks.get(1).get("State").asInt());
    }

    @Test
    public void passesThroughCancelingToCanceled() {
        EmulatedJob job = emulator.addJob(twoTasks().endsCanceled());
        clock.advance(Duration.ofSeconds(130));
        assertEquals(6, job.state());
        clock.advance(Duration.ofSeconds(5));
        assertEquals(5, job.state());
    }

    @Test
    public void appliesOverridesAtOnce() {
        EmulatedJob finished = emulator.addJob(twoTasks());
        EmulatedJob failed = emulator.addJob(twoTasks());
        EmulatedJob overridden = emulator.addJob(twoTasks());
        clock.advance(Duration.ofSeconds(60));
        finished.finish();
        failed.fail("TransientError", "Try again");
        overridden.setState(7);
        assertEquals(3, finished.state());
        assertEquals(100, finished.snapshot().tasks().get(1).progress(), 0);
        assertEquals(4, failed.state());
        assertEquals(
                "TransientError",
                failed.snapshot().tasks().get(0).errors().get(0).code());
        clock.advance(Duration.ofDays(1));
        assertEquals(7, overridden.state());
        overridden.setProgress(0, 33);
        assertEquals(33, overridden.snapshot().tasks().get(0).progress(), 0);
    }

    @Test
    public void deletesJobsAfter90Days() throws Exception {
        EmulatedJob job = emulator.addJob(twoTasks());
        clock.advance(Duration.ofDays(91));
        emulator.azureAd().tokenLifetime(Duration.ofHours(1));
        assertTrue(client.poll(job.id()).isMissingNode());
    }

    @Test
    public void processesTasksInParallel() {
        EmulatedJob job = emulator.addJob(twoTasks().tasksInParallel());
        clock.advance(Duration.ofSeconds(25));
        JobSnapshot snapshot = job.snapshot();
        assertEquals(10, snapshot.tasks().get(0).progress(), 0);
        assertEquals(50, snapshot.tasks().get(1).progress(), 0);
        clock.advance(Duration.ofSeconds(90));
        assertEquals(3, job.state());
    }

    @Test
    public void refreshesProgressInStepsAndAlongACurve() {
        EmulatedJob job = emulator.addJob(JobScript.named("job")
                .task("Encode", Duration.ofSeconds(100))
                .progressRefreshedEvery(Duration.ofSeconds(30))
                .progress(share -> share * share));
        clock.advance(Duration.ofSeconds(59));
        assertEquals(9, job.snapshot().tasks().get(0).progress(), 0);
        clock.advance(Duration.ofSeconds(1));
        assertEquals(36, job.snapshot().tasks().get(0).progress(), 0);
    }

    @Test
    public void rejectsInvalidScripts() {
        JobScript noSuchTask = twoTasks().endsInError(2, "Unknown", "");
        assertThrows(IllegalArgumentException.class, () -> emulator.addJob(noSuchTask));
        JobScript negative = twoTasks().queued(Duration.ofSeconds(-1));
        assertThrows(IllegalArgumentException.class, () -> emulator.addJob(negative));
        JobScript twice = twoTasks().id("f3c43f94-327f-2347-90bb-3bf79f8559f1");
        emulator.addJob(twice);
        assertThrows(IllegalArgumentException.class, () -> emulator.addJob(twice));
    }

    @Test
    public void keepsThousandsOfJobs() throws Exception {
        for (int i = 0; i < 2500; i++) {
            emulator.addJob(twoTasks());
        }
        clock.advance(Duration.ofSeconds(30));
        JsonNode page = Client.json(client.get("Jobs")).get("value");
        assertEquals("no more than a page", 1000, page.size());
        assertEquals(2, page.get(999).get("State").asInt());
        assertEquals(
                500, Client.json(client.get("Jobs?$skip=2000")).get("value").size());
    }
}
