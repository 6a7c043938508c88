/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.emulator;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.jenkins.plugins.ams.testing.ManualClock;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import org.junit.After;
import org.junit.Before;
import org.junit.Test;

/** Tests the control API. */
public class ControlApiTest {

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

    private HttpResponse<String> send(String method, String path, String body) throws Exception {
        return client.send(HttpRequest.newBuilder(URI.create(emulator.authority() + "/emulator/" + path))
                .timeout(Duration.ofSeconds(30))
                .method(method, BodyPublishers.ofString(body)));
    }

    @Test
    public void scriptsJobs() throws Exception {
        HttpResponse<String> response = send(
                "POST",
                "jobs",
                "{\"name\": \"Broken\", \"queued\": 2, \"scheduled\": 1, \"tasks\": [{\"name\": \"Encode\", \"seconds\":"
                        + " 30}], \"ends\": \"error\", \"code\": \"ErrorParsingConfiguration\", \"message\": \"bad\"}");
        assertEquals(201, response.statusCode());
        String id = Client.json(response).get("id").asText();
        assertEquals(0, client.poll(id).get("State").asInt());
        clock.advance(Duration.ofSeconds(33));
        assertEquals(4, client.poll(id).get("State").asInt());
        assertEquals(
                "bad", client.tasks(id).get(0).at("/ErrorDetails/0/Message").asText());
        JsonNode jobs = Client.json(send("GET", "jobs", ""));
        assertEquals(1, jobs.size());
        assertEquals("Error", jobs.get(0).get("stateName").asText());
    }

    @Test
    public void overridesJobStates() throws Exception {
        EmulatedJob job = emulator.addJob(JobScript.named("job"));
        send("POST", "jobs/" + job.id() + "/state", "{\"progress\": [55]}");
        assertEquals(55, job.snapshot().tasks().get(0).progress(), 0);
        send("POST", "jobs/" + Ids.guid(job.id()) + "/state", "{\"state\": \"canceled\"}");
        assertEquals(5, job.state());
        assertEquals(
                200,
                send("POST", "jobs/" + job.id() + "/state", "{\"state\": 9}").statusCode());
        assertEquals(9, job.state());
        assertEquals(
                400,
                send("POST", "jobs/" + job.id() + "/state", "{\"state\": \"Gone\"}")
                        .statusCode());
    }

    @Test
    public void injectsAndClearsFaults() throws Exception {
        assertEquals(
                204,
                send("POST", "faults", "{\"status\": 503, \"retryAfter\": 8, \"kinds\": [\"JOBS\"], \"times\": 3}")
                        .statusCode());
        HttpResponse<String> busy = client.get("Jobs");
        assertEquals(503, busy.statusCode());
        assertEquals("8", busy.headers().firstValue("Retry-After").orElseThrow());
        assertEquals(
                "[\"status 503, 1 times so far\"]",
                Client.json(send("GET", "faults", "")).toString());
        assertEquals(204, send("DELETE", "faults", "").statusCode());
        assertEquals(200, client.get("Jobs").statusCode());
    }

    @Test
    public void simulatesGatewaysAndServiceErrors() throws Exception {
        send("POST", "faults", "{\"gateway\": \"ingress\", \"kinds\": [\"JOBS\"], \"times\": 1}");
        assertEquals("default backend - 404", client.get("Jobs").body());
        send("POST", "faults", "{\"status\": 403, \"code\": \"AuthorizationFailed\", \"message\": \"No role.\"}");
        assertEquals(
                "AuthorizationFailed",
                Client.json(client.get("Jobs")).at("/odata.error/code").asText());
    }

    @Test
    public void controlsTheAuthority() throws Exception {
        send("POST", "azure-ad", "{\"error\": \"expired_secret\"}");
        assertEquals(401, client.requestToken(client.tokenForm()).statusCode());
        send("POST", "azure-ad", "{\"error\": \"none\", \"secret\": \"next\", \"lifetime\": 600}");
        HttpResponse<String> response = client.requestToken(client.tokenForm());
        assertEquals("next", client.tokenForm().get("client_secret"));
        assertEquals(600, Client.json(response).get("expires_in").asInt());
    }

    @Test
    public void replacesTheErrorOfTheAuthority() throws Exception {
        send("POST", "azure-ad", "{\"error\": \"expired_secret\"}");
        send("POST", "azure-ad", "{\"error\": \"application_disabled\"}");
        assertEquals(AzureAd.AuthorityFault.NONE, emulator.azureAd().fault());
        assertEquals(AadError.APPLICATION_DISABLED, emulator.azureAd().error());
        send("POST", "azure-ad", "{\"error\": \"busy\"}");
        assertEquals(AzureAd.AuthorityFault.BUSY, emulator.azureAd().fault());
        assertNull(emulator.azureAd().error());
        assertEquals(400, send("POST", "azure-ad", "{\"error\": \"tired\"}").statusCode());
        assertEquals(AzureAd.AuthorityFault.BUSY, emulator.azureAd().fault());
        send("POST", "azure-ad", "{\"error\": \"application_disabled\"}");
        send("POST", "azure-ad", "{\"error\": \"none\"}");
        assertEquals(200, client.requestToken(client.tokenForm()).statusCode());
    }

    @Test
    public void showsTheLogWithoutItsOwnRequests() throws Exception {
        client.get("Jobs");
        JsonNode log = Client.json(send("GET", "requests", ""));
        assertEquals(2, log.size());
        assertEquals("/api/Jobs", log.get(1).get("target").asText());
        assertEquals(200, log.get(1).get("status").asInt());
        assertTrue(log.get(0).get("kind").asText().equals("TOKEN"));
    }

    @Test
    public void rejectsUnknownNames() throws Exception {
        for (String body : new String[] {"{", "{\"nmae\": \"x\"}", "{\"ends\": \"well\"}", "{\"id\": \"x\"}"}) {
            assertEquals(body, 400, send("POST", "jobs", body).statusCode());
        }
        assertEquals(400, send("POST", "faults", "{\"fault\": \"flood\"}").statusCode());
        assertEquals(400, send("POST", "faults", "{\"gateway\": \"gate\"}").statusCode());
        assertEquals(404, send("GET", "job", "").statusCode());
        assertEquals(
                404,
                send("POST", "jobs/00000000-1500-80c3-a70e-f1e4ff0d4333/state", "{}")
                        .statusCode());
    }
}
