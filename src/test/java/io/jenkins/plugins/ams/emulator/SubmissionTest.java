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
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.After;
import org.junit.Before;
import org.junit.Test;

/** Tests the submission of jobs with the requests that the makers of the services document. */
public class SubmissionTest {

    private static final String TASK = "{\"Configuration\": \"Adaptive Streaming\", \"MediaProcessorId\":"
            + " \"nb:mpid:UUID:ff4df607-d419-42f0-bc17-a481b1331e56\", \"TaskBody\": \"<?xml version=\\\"1.0\\\""
            + " encoding=\\\"utf-8\\\"?><taskBody><inputAsset>JobInputAsset(0)</inputAsset><outputAsset%s>"
            + "JobOutputAsset(%d)</outputAsset></taskBody>\"}";
    private static final String ASSET =
            "https://media.windows.net/api/Assets('nb%3Acid%3AUUID%3Aaab7f15b-3136-4ddf-9962-e9ecb28fb9d2')";
    private static final String V3 =
            "{\"properties\": {\"description\": \"Holiday\", \"priority\": \"High\", \"correlationData\":"
                    + " {\"build\": \"7\"}, \"input\": {\"@odata.type\": \"#Microsoft.Media.JobInputAsset\", \"assetName\": \"source\"},"
                    + " \"outputs\": [{\"@odata.type\": \"#Microsoft.Media.JobOutputAsset\", \"assetName\": \"encoded\"},"
                    + " {\"@odata.type\": \"#Microsoft.Media.JobOutputAsset\", \"assetName\": \"thumbnails\", \"label\": \"Images\"}]}}";

    private final ManualClock clock = new ManualClock(Instant.parse("2022-11-30T09:07:25.950Z"));
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

    @Test
    public void acceptsVerboseJsonInV2() throws Exception {
        String body = "{\"Name\": \"NewTestJob\", \"InputMediaAssets\": [{\"__metadata\": {\"uri\": \"" + ASSET
                + "\"}}]," + " \"Tasks\": [" + task("", 0) + ", " + task(" assetName=\\\"Encoded\\\"", 1) + "]}";
        HttpResponse<String> response = post(body, "application/json;odata=verbose");
        assertEquals(response.body(), 201, response.statusCode());
        JsonNode job = Client.json(response).get("d");
        String id = job.get("Id").asText();
        assertEquals("NewTestJob", job.get("Name").asText());
        assertEquals(0, job.get("State").asInt());
        assertEquals("2022-11-30T09:07:25.9500000Z", job.get("Created").asText());
        assertEquals(
                job.at("/__metadata/uri").asText(),
                response.headers().firstValue("Location").orElseThrow());
        clock.advance(Duration.ofSeconds(12));
        assertEquals(2, client.poll(id).get("State").asInt());
        assertEquals(100, client.tasks(id).get(0).get("Progress").asInt());
        clock.advance(Duration.ofSeconds(10));
        assertEquals(3, client.poll(id).get("State").asInt());
        JsonNode assets = Client.json(client.get("Jobs('" + Client.encoded(id) + "')/OutputMediaAssets"))
                .get("value");
        assertEquals("JobOutputAsset(0)_NewTestJob", assets.get(0).get("Name").asText());
        assertEquals("Encoded", assets.get(1).get("Name").asText());
    }

    @Test
    public void acceptsMinimalJsonInV2() throws Exception {
        HttpResponse<String> response = post(
                "{\"Name\": \"Minimal\", \"InputMediaAssets@odata.bind\": [\"" + ASSET + "\"], \"Tasks\": ["
                        + task("", 0) + "]}",
                "application/json");
        assertEquals(response.body(), 201, response.statusCode());
        JsonNode job = Client.json(response);
        assertTrue(job.get("odata.metadata").asText().endsWith("$metadata#Jobs/@Element"));
        assertTrue(job.get("Id").asText(), Ids.isJob(job.get("Id").asText()));
    }

    @Test
    public void rejectsWhatV2Rejects() throws Exception {
        String assets = "\"InputMediaAssets@odata.bind\": [\"" + ASSET + "\"]";
        String tasks = "\"Tasks\": [" + task("", 0) + "]";
        for (Map.Entry<String, String> rejected : Map.of(
                        "{",
                        "the body is not JSON",
                        "[]",
                        "the body is not a JSON object",
                        "{\"Nmae\": \"x\"}",
                        "only use property names that are defined by the type",
                        "{" + tasks + "}",
                        "InputMediaAssets must name",
                        "{" + assets + "}",
                        "Tasks must have 1 to 30 tasks",
                        "{\"Name\": 1, " + assets + ", " + tasks + "}",
                        "Name must be a string",
                        "{" + assets + ", \"Tasks\": [{}]}",
                        "MediaProcessorId must be",
                        "{" + assets.replace("cid", "jid") + ", " + tasks + "}",
                        "no URI of an asset",
                        "{" + assets + ", " + tasks.replace("</taskBody>", "") + "}",
                        "TaskBody must be XML",
                        "{\"InputMediaAssets\": [{\"__metadata\": {\"uri\": \"" + ASSET + "\"}}], " + tasks + "}",
                        "__metadata requires Accept")
                .entrySet()) {
            HttpResponse<String> response = post(rejected.getKey(), "application/json");
            assertEquals(rejected.getKey(), 400, response.statusCode());
            String message =
                    Client.json(response).at("/odata.error/message/value").asText();
            assertTrue(message, message.contains(rejected.getValue()));
        }
        HttpRequest.Builder noVersion = client.request("Jobs").POST(BodyPublishers.ofString("{}"));
        assertEquals(
                400, client.send(noVersion.setHeader("x-ms-version", "1.0")).statusCode());
        assertEquals(0, Client.json(client.get("Jobs")).get("value").size());
    }

    @Test
    public void acceptsJobsInEachApiLikeV3() throws Exception {
        for (LiveApi api : LiveApi.values()) {
            String name = "holiday-" + api.ordinal();
            HttpResponse<String> response = put(api, "AdaptiveStreaming", name, V3);
            assertEquals(api + response.body(), 201, response.statusCode());
            JsonNode job = Client.json(response);
            assertEquals(name, job.get("name").asText());
            JsonNode properties = job.get("properties");
            assertEquals("Queued", properties.get("state").asText());
            assertEquals("Holiday", properties.get("description").asText());
            assertEquals("High", properties.get("priority").asText());
            assertEquals("7", properties.at("/correlationData/build").asText());
            assertEquals("source", properties.at("/input/assetName").asText());
            assertEquals(
                    "BuiltInStandardEncoderPreset_0",
                    properties.at("/outputs/0/label").asText());
            assertEquals("Images", properties.at("/outputs/1/label").asText());
            assertEquals("thumbnails", properties.at("/outputs/1/assetName").asText());
            HttpResponse<String> again = put(api, "AdaptiveStreaming", name, V3);
            assertEquals(api.toString(), 409, again.statusCode());
            assertEquals(
                    "Queued",
                    Client.json(client.send(request(api, "adaptivestreaming", name)))
                            .at("/properties/state")
                            .asText());
            assertEquals(404, client.send(request(api, "Other", name)).statusCode());
        }
    }

    @Test
    public void rejectsWhatApisLikeV3Reject() throws Exception {
        for (String rejected : new String[] {
            "{",
            "{}",
            V3.replace("\"input\"", "\"inputs\""),
            V3.replace("JobInputAsset", "JobInput"),
            V3.replace("JobOutputAsset", "JobOutput"),
            V3.replace("\"assetName\": \"encoded\"", "\"name\": \"encoded\""),
            V3.replace("\"High\"", "\"Urgent\""),
            "{\"properties\": {\"input\": {\"@odata.type\": \"#Microsoft.Media.JobInputHttp\"}, \"outputs\": []}}"
        }) {
            for (LiveApi api : LiveApi.values()) {
                HttpResponse<String> response = put(api, "Encoding", "job", rejected);
                assertEquals(api + rejected, 400, response.statusCode());
                assertEquals(
                        "BadRequest", Client.json(response).at("/error/code").asText());
            }
        }
        assertEquals(400, put(LiveApi.MK_IO, "Encoding", "-job", V3).statusCode());
        HttpRequest.Builder unauthorized =
                request(LiveApi.MK_IO, "Encoding", "job").setHeader("Authorization", "Bearer x");
        assertEquals(
                401, client.send(unauthorized.PUT(BodyPublishers.ofString(V3))).statusCode());
    }

    @Test
    public void submittedJobsBehaveAsTheTestSays() throws Exception {
        emulator.submissions().next(1, script -> script.endsInError("TransientError", "The storage was busy."));
        put(LiveApi.MK_IO, "Encoding", "first", V3);
        put(LiveApi.MK_IO, "Encoding", "second", V3);
        clock.advance(Duration.ofSeconds(22));
        JsonNode first = Client.json(client.send(request(LiveApi.MK_IO, "Encoding", "first")));
        assertEquals("Error", first.at("/properties/state").asText());
        assertEquals("MayRetry", first.at("/properties/outputs/1/error/retry").asText());
        JsonNode second = Client.json(client.send(request(LiveApi.MK_IO, "Encoding", "second")));
        assertEquals("Finished", second.at("/properties/state").asText());
    }

    @Test
    public void theControlApiSetsHowSubmittedJobsBehave() throws Exception {
        HttpRequest.Builder control =
                HttpRequest.newBuilder(URI.create(emulator.authority() + "/emulator/submissions"));
        HttpResponse<String> confirmed = client.send(control.POST(BodyPublishers.ofString(
                "{\"seconds\": 5, \"queued\": 0, \"ends\": \"canceled\", \"canceling\": 1, \"times\": 1}")));
        assertEquals("Jobs that are submitted next and behave like this: 1\n", confirmed.body());
        put(LiveApi.RAVNUR, "Encoding", "canceled", V3);
        put(LiveApi.RAVNUR, "Encoding", "usual", V3);
        clock.advance(Duration.ofSeconds(10));
        assertEquals(5, emulator.jobs().get(0).state());
        assertEquals(2, emulator.jobs().get(1).state());
        client.send(control.POST(BodyPublishers.ofString("{\"seconds\": 0, \"queued\": 0}")));
        put(LiveApi.RAVNUR, "Encoding", "instant", V3);
        assertEquals(3, emulator.jobs().get(2).state());
        client.send(control.DELETE());
        put(LiveApi.RAVNUR, "Encoding", "reset", V3);
        assertFalse(emulator.jobs().get(3).state() == 3);
    }

    private static String task(String attributes, int output) {
        return String.format(TASK, attributes, output);
    }

    private HttpResponse<String> post(String body, String type) throws Exception {
        return client.send(client.request("Jobs")
                .setHeader("Accept", type)
                .header("Content-Type", type)
                .POST(BodyPublishers.ofString(body)));
    }

    private HttpResponse<String> put(LiveApi api, String transform, String job, String body) throws Exception {
        return client.send(request(api, transform, job).PUT(BodyPublishers.ofString(body)));
    }

    private HttpRequest.Builder request(LiveApi api, String transform, String job) throws Exception {
        String path = api.account() + "transforms/" + transform + "/jobs/" + job;
        return HttpRequest.newBuilder(URI.create(emulator.endpoint(api) + path + "?api-version=2022-07-01"))
                .timeout(Duration.ofSeconds(30))
                .header("Content-Type", "application/json")
                .header("Authorization", "Bearer " + token(api));
    }

    private String token(LiveApi api) throws Exception {
        return switch (api) {
            case RESOURCE_MANAGER -> {
                Map<String, String> form = client.tokenForm();
                form.put("scope", AzureAd.MANAGEMENT_SCOPE);
                yield Client.json(client.requestToken(form)).get("access_token").asText();
            }
            case RAVNUR -> emulator.live().issueRavnurToken();
            case MK_IO, MK_IO_BEFORE -> emulator.live().mkIoToken();
        };
    }
}
