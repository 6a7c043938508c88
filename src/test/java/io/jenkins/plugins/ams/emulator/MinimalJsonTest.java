/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.emulator;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.jenkins.plugins.ams.testing.ManualClock;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.After;
import org.junit.Before;
import org.junit.Test;

/** Tests bodies and headers in minimal JSON against recorded payloads. */
public class MinimalJsonTest {

    private final ManualClock clock = new ManualClock(Instant.parse("2015-05-20T16:28:43.490Z"));
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

    private HttpResponse<String> poll(String id) throws Exception {
        return client.get("Jobs()?$filter=" + Client.encoded("Id eq '" + id + "'") + "&$top=1");
    }

    @Test
    public void describesAJobInProcessing() throws Exception {
        EmulatedJob job = emulator.addJob(JobScript.named("Test").id("f3c43f94-327f-2347-90bb-3bf79f8559f1"));
        JsonNode body = Client.json(poll(job.id()));
        assertEquals(
                emulator.endpoint() + "$metadata#Jobs",
                body.get("odata.metadata").asText());
        assertEquals(1, body.get("value").size());
        JsonNode found = body.get("value").get(0);
        assertEquals(
                "nb:jid:UUID:f3c43f94-327f-2347-90bb-3bf79f8559f1",
                found.get("Id").asText());
        assertEquals("Test", found.get("Name").asText());
        assertEquals("2015-05-20T16:28:43.49", found.get("Created").asText());
        assertEquals("2015-05-20T16:28:43.49", found.get("StartTime").asText());
        assertTrue(found.get("EndTime").isNull());
        assertTrue(found.get("State").isInt());
        assertEquals(2, found.get("State").asInt());
        assertEquals(0, found.get("Priority").asInt());
        assertTrue(found.get("TemplateId").isNull());
        assertTrue(found.get("JobNotificationSubscriptions").isArray());
        assertFalse(found.has("Progress"));
        assertFalse(found.has("ErrorDetails"));
    }

    @Test
    public void describesAFinishedJob() throws Exception {
        EmulatedJob job = emulator.addJob(JobScript.named("Test").task("Encode", Duration.ofMillis(319_007)));
        clock.advance(Duration.ofHours(1));
        JsonNode found = client.poll(job.id());
        assertEquals(3, found.get("State").asInt());
        assertEquals("2015-05-20T16:34:02.497", found.get("EndTime").asText());
        assertTrue(found.get("RunningDuration").isInt());
        assertEquals(287_106, found.get("RunningDuration").asInt());
        emulator.settings().durationsAsDouble(true);
        assertTrue(client.poll(job.id()).get("RunningDuration").isDouble());
    }

    @Test
    public void sendsTheHeadersOfTheService() throws Exception {
        HttpResponse<String> response = client.send(client.request("Jobs").header("x-ms-client-request-id", "echo-me"));
        assertEquals(
                "application/json;odata=minimalmetadata;streaming=true;charset=utf-8",
                response.headers().firstValue("Content-Type").orElseThrow());
        assertEquals("3.0;", response.headers().firstValue("DataServiceVersion").orElseThrow());
        assertEquals("no-cache", response.headers().firstValue("Cache-Control").orElseThrow());
        assertEquals(
                "echo-me",
                response.headers().firstValue("x-ms-client-request-id").orElseThrow());
        assertEquals(
                response.headers().firstValue("request-id").orElseThrow(),
                response.headers().firstValue("x-ms-request-id").orElseThrow());
    }

    @Test
    public void returnsAnEmptyFeedForAnUnknownId() throws Exception {
        HttpResponse<String> response = poll("nb:jid:UUID:00000000-1500-80c3-a70e-f1e4ff0d4333");
        assertEquals(200, response.statusCode());
        assertEquals(0, Client.json(response).get("value").size());
    }

    @Test
    public void describesASingleJobByEveryFormOfItsKey() throws Exception {
        String id = emulator.addJob(JobScript.named("Test")).id();
        for (String spelled : List.of(id, id.replace(":", "%3A"), id.replace(":", "%3a"), id.toUpperCase())) {
            JsonNode job = Client.json(client.get("Jobs('" + spelled + "')"));
            assertEquals(
                    emulator.endpoint() + "$metadata#Jobs/@Element",
                    job.get("odata.metadata").asText());
            assertEquals(id, job.get("Id").asText());
        }
    }

    @Test
    public void describesATaskThatFailedForTwoReasons() throws Exception {
        EmulatedJob job = emulator.addJob(JobScript.named("Test")
                .task("Encode", Duration.ofSeconds(10))
                .endsInError("ErrorProcessingTask", "first")
                .withError("TransientError", "second\r\nline"));
        clock.advance(Duration.ofSeconds(10));
        JsonNode task = client.tasks(job.id()).get(0);
        assertEquals(4, task.get("State").asInt());
        assertTrue(task.get("Id").asText().startsWith("nb:tid:UUID:"));
        assertEquals(2, task.get("ErrorDetails").size());
        assertEquals(
                "second\r\nline", task.get("ErrorDetails").get(1).get("Message").asText());
        assertTrue(task.get("PerfMessage").isNull());
        assertTrue(task.get("HistoricalEvents").get(0).get("Message").isNull());
    }

    @Test
    public void listsOutputAssets() throws Exception {
        EmulatedJob job = emulator.addJob(JobScript.named("Test")
                .outputAsset("out.mp4")
                .outputAsset("signed", "https://x.blob.core.windows.net/asset?sig=secret")
                .deletedOutputAsset());
        for (String form : List.of("OutputMediaAssets", "OutputMediaAssets()")) {
            JsonNode body = Client.json(client.get("Jobs('" + job.id() + "')/" + form));
            assertEquals(
                    emulator.endpoint() + "$metadata#Assets",
                    body.get("odata.metadata").asText());
            JsonNode assets = body.get("value");
            assertEquals("out.mp4", assets.get(0).get("Name").asText());
            assertTrue(assets.get(0).get("Id").asText().startsWith("nb:cid:UUID:"));
            assertTrue(assets.get(0)
                    .get("Uri")
                    .asText()
                    .startsWith("https://emulatedstorage.blob.core.windows.net/asset-"));
            assertTrue(assets.get(1).get("Uri").asText().endsWith("?sig=secret"));
            assertEquals("Nonexistent Asset", assets.get(2).get("Name").asText());
            assertEquals(2, assets.get(2).get("State").asInt());
            assertTrue(assets.get(2).get("Uri").isNull());
            assertTrue(assets.get(2).get("StorageAccountName").isNull());
        }
    }

    @Test
    public void writesDatesInEveryFormat() throws Exception {
        EmulatedJob job = emulator.addJob(JobScript.named("Test"));
        List<String> spelled = new ArrayList<>();
        for (DateSpelling spelling : DateSpelling.values()) {
            emulator.settings().dates(spelling);
            spelled.add(client.poll(job.id()).get("Created").asText());
        }
        assertEquals(
                List.of(
                        "2015-05-20T16:28:43.49",
                        "2015-05-20T16:28:43.49",
                        "2015-05-20T16:28:43",
                        "2015-05-20T16:28:43.49Z",
                        "2015-05-20T16:28:43.490000Z",
                        "2015-05-20T16:28:43.490Z",
                        "2015-05-20T16:28:43.4900000Z",
                        "/Date(1432139323490)/",
                        "0001-01-01T00:00:00"),
                spelled);
        emulator.settings().dates(DateSpelling.EPOCH);
        assertTrue(poll(job.id()).body().contains("\"\\/Date(1432139323490)\\/\""));
    }

    @Test
    public void keepsZerosThatBelongToTheSeconds() {
        assertEquals("2015-05-20T16:28:40", DateSpelling.NO_ZONE.write(Instant.parse("2015-05-20T16:28:40Z")));
        assertEquals("2015-05-20T16:28:00", DateSpelling.NO_ZONE.write(Instant.parse("2015-05-20T16:28:00Z")));
    }

    @Test
    public void escapesHostileNames() throws Exception {
        String name = "\u001b[31m<script>\"'&\r\n\u0000\u202e\ud83c\udfac";
        EmulatedJob job = emulator.addJob(JobScript.named(name).task(name, Duration.ofSeconds(1)));
        assertEquals(name, client.poll(job.id()).get("Name").asText());
        assertEquals(name, client.tasks(job.id()).get(0).get("Name").asText());
    }
}
