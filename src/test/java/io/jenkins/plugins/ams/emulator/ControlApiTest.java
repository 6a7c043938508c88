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
                200,
                send("POST", "faults", "{\"status\": 503, \"retryAfter\": 8, \"kinds\": [\"JOBS\"], \"times\": 3}")
                        .statusCode());
        HttpResponse<String> busy = client.get("Jobs");
        assertEquals(503, busy.statusCode());
        assertEquals("8", busy.headers().firstValue("Retry-After").orElseThrow());
        assertEquals(
                "[\"status 503, 1 times so far\"]",
                Client.json(send("GET", "faults", "")).toString());
        assertEquals("Cleared faults: 1\n", send("DELETE", "faults", "").body());
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
        assertEquals(AzureAd.AuthorityError.NONE, emulator.azureAd().fault());
        assertEquals(AadError.APPLICATION_DISABLED, emulator.azureAd().error());
        send("POST", "azure-ad", "{\"error\": \"busy\"}");
        assertEquals(AzureAd.AuthorityError.BUSY, emulator.azureAd().fault());
        assertNull(emulator.azureAd().error());
        assertEquals(400, send("POST", "azure-ad", "{\"error\": \"tired\"}").statusCode());
        assertEquals(AzureAd.AuthorityError.BUSY, emulator.azureAd().fault());
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
    public void confirmsWhatItDid() throws Exception {
        assertEquals(
                "Injected: status 503, requests [JOBS], times 3\n",
                send("POST", "faults", "{\"kinds\": [\"JOBS\"], \"times\": 3}").body());
        assertEquals(
                "Injected: reset, until the faults are cleared, probability 0.2, seed 1\n",
                send("POST", "faults", "{\"fault\": \"reset\", \"probability\": 0.2, \"seed\": 1}")
                        .body());
        assertEquals("Cleared faults: 2\n", send("DELETE", "faults", "").body());
        assertEquals(
                "Response to token requests: BUSY\nLifetime of new tokens in seconds: 60\n",
                send("POST", "azure-ad", "{\"error\": \"busy\", \"lifetime\": 60}")
                        .body());
        send("POST", "azure-ad", "{\"error\": \"none\"}");
        client.get("Jobs", "application/json");
        String cleared = send("DELETE", "requests", "").body();
        assertTrue(cleared, cleared.matches("Cleared requests: [1-9]\\d*\n"));
        EmulatedJob job = emulator.addJob(JobScript.named("job"));
        assertEquals(
                "job",
                Client.json(send("GET", "jobs/" + job.id(), "")).get("name").asText());
    }

    @Test
    public void rejectsWhatItDoesNotKnowAndSaysWhatItKnows() throws Exception {
        assertRejected("jobs", "{", "the body is not valid JSON");
        assertRejected("jobs", "[]", "expected a JSON object with some of [canceling, code,");
        assertRejected("jobs", "{\"name\": \"a\", \"name\": \"b\"}", "Duplicate field 'name'");
        assertRejected("jobs", "{} {}", "the body is not valid JSON");
        assertRejected("jobs", "{\"nmae\": \"x\"}", "unknown name: nmae; known names: [canceling, code,");
        assertRejected("jobs", "{\"ends\": \"well\"}", "ends must be one of [FINISHED, ERROR, CANCELED], not \"well\"");
        assertRejected("jobs", "{\"id\": \"x\"}", "not a GUID");
        assertRejected("jobs", "{\"queued\": \"soon\"}", "queued must be a number from 0 to 31536000, not \"soon\"");
        assertRejected("jobs", "{\"queued\": -1}", "queued must be a number");
        assertRejected("jobs", "{\"parallel\": \"yes\"}", "parallel must be true or false");
        assertRejected("jobs", "{\"tasks\": {}}", "tasks must be a list");
        assertRejected("jobs", "{\"tasks\": [\"Encode\"]}", "with some of [name, seconds], not \"Encode\"");
        assertRejected("jobs", "{\"outputs\": [1]}", "outputs must be a list of strings");
        assertRejected("jobs", "{\"name\": 1}", "name must be a string, not 1");
        assertRejected("jobs?name=x", "{}", "no parameters");
        assertRejected("submissions", "{\"times\": 0}", "times must be an integer from 1");
        assertRejected("submissions", "{\"name\": \"x\"}", "known names: [canceling, code, ends,");
        assertRejected("faults", "{\"fault\": \"flood\"}", "fault must be one of [status, gateway, reset,");
        assertRejected("faults", "{\"gateway\": \"gate\"}", "gateway must be one of [INGRESS,");
        assertRejected("faults", "{\"kinds\": [\"JOB\"]}", "kinds must be one of [TOKEN,");
        assertRejected("faults", "{\"status\": \"503\"}", "status must be an integer from 100 to 599");
        assertRejected("faults", "{\"probability\": 20}", "probability must be a number from 0 to 1");
        assertRejected("faults", "{\"times\": 1.5}", "times must be an integer");
        assertRejected("azure-ad", "{}", "known names: [claims, error, expireTokens, lifetime, secret]");
        assertRejected("azure-ad", "{\"error\": \"tired\"}", "error must be one of [none, ");
        assertRejected("azure-ad", "{\"claims\": \"x\"}", "claims must be a JSON object or null");
        String state = "jobs/" + emulator.addJob(JobScript.named("job")).id() + "/state";
        assertRejected(state, "{}", "state or progress is required");
        assertRejected(state, "{\"state\": \"Gone\"}", "[Queued, Scheduled,");
        assertRejected(state, "{\"progress\": [1, 2]}", "a list of at most 1 numbers");
        assertRejected(state, "{\"state\": 4, \"task\": 1}", "task must be an integer from 0 to 0");
        assertEquals(0, emulator.faults().active().size());
        assertEquals(1, Client.json(send("GET", "jobs", "")).size());
    }

    @Test
    public void listsItsOperationsForAnUnknownPath() throws Exception {
        for (String path : new String[] {"", "job", "jobs/x/y", "jobs//state"}) {
            HttpResponse<String> response = send("PUT", path, "");
            assertEquals(path, 404, response.statusCode());
            assertTrue(response.body(), response.body().contains("POST jobs/{id}/state, POST submissions"));
        }
        HttpResponse<String> missing = send("POST", "jobs/00000000-1500-80c3-a70e-f1e4ff0d4333/state", "{}");
        assertEquals(404, missing.statusCode());
        assertTrue(missing.body(), missing.body().contains("GET jobs lists all jobs"));
    }

    private void assertRejected(String path, String body, String reason) throws Exception {
        HttpResponse<String> response = send("POST", path, body);
        assertEquals(body, 400, response.statusCode());
        assertTrue(body + ": " + response.body(), response.body().contains(reason));
    }
}
