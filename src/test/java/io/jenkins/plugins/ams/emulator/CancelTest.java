/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.emulator;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;

import com.fasterxml.jackson.databind.JsonNode;
import io.jenkins.plugins.ams.testing.ManualClock;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import org.junit.After;
import org.junit.Before;
import org.junit.Test;

/** Tests the CancelJob function. */
public class CancelTest {

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

    private HttpResponse<String> cancel(String parameter, String id) throws Exception {
        return client.get("CancelJob?" + parameter + "='" + id + "'");
    }

    @Test
    public void passesThroughCanceling() throws Exception {
        EmulatedJob job = emulator.addJob(JobScript.named("job")
                .task("Encode", Duration.ofSeconds(10))
                .task("Thumbnails", Duration.ofSeconds(10))
                .canceling(Duration.ofSeconds(3)));
        clock.advance(Duration.ofSeconds(15));
        HttpResponse<String> response = cancel("jobid", job.id().replace(":", "%3a"));
        assertEquals(204, response.statusCode());
        assertEquals("", response.body());
        assertEquals(6, client.poll(job.id()).get("State").asInt());
        clock.advance(Duration.ofSeconds(3));
        assertEquals(5, client.poll(job.id()).get("State").asInt());
        JsonNode tasks = client.tasks(job.id());
        assertEquals(3, tasks.get(0).get("State").asInt());
        JsonNode canceled = tasks.get(1);
        assertEquals(5, canceled.get("State").asInt());
        assertEquals(0, canceled.get("Progress").asDouble(), 0);
        assertEquals(0, canceled.get("RunningDuration").asInt());
        assertEquals(0, canceled.get("ErrorDetails").size());
        assertFalse(canceled.get("EndTime").isNull());
    }

    @Test
    public void ignoresTheCaseOfTheParameter() throws Exception {
        EmulatedJob job = emulator.addJob(JobScript.named("job"));
        assertEquals(204, cancel("jobId", Client.encoded(job.id())).statusCode());
    }

    @Test
    public void rejectsEndedAndCancelingJobs() throws Exception {
        for (int state : List.of(3, 4, 5, 6)) {
            EmulatedJob job = emulator.addJob(JobScript.named("job"));
            job.setState(state);
            assertEquals(400, cancel("jobid", job.id()).statusCode());
            assertEquals(state, job.state());
        }
    }

    @Test
    public void rejectsInvalidIds() throws Exception {
        assertEquals(400, cancel("jobid", "job-1").statusCode());
        assertEquals(400, client.get("CancelJob?jobid=x").statusCode());
        assertEquals(400, client.get("CancelJob").statusCode());
        assertEquals(
                404,
                cancel("jobid", "nb:jid:UUID:00000000-1500-80c3-a70e-f1e4ff0d4333")
                        .statusCode());
    }
}
