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
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Map;
import org.junit.After;
import org.junit.Before;
import org.junit.Test;

/** Tests that the responses of APIs like AMS v3 equal recorded ones. */
public class V3ApiTest {

    private static final JobScript ENCODING =
            JobScript.named("Encoding").queued(Duration.ofSeconds(1)).task("Encode", Duration.ofMinutes(1));

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
    public void omitsUnsetProperties() throws Exception {
        JsonNode queued = properties(LiveApi.RESOURCE_MANAGER, emulator.addJob(ENCODING));
        for (String absent : new String[] {"startTime", "endTime"}) {
            assertFalse(absent, queued.has(absent));
            assertFalse(absent, queued.at("/outputs/0").has(absent));
        }
        assertFalse(queued.at("/outputs/0").has("error"));
    }

    @Test
    public void writesTimesLikeEachService() throws Exception {
        EmulatedJob job = emulator.addJob(ENCODING);
        clock.advance(Duration.ofMinutes(2));
        JsonNode arm = properties(LiveApi.RESOURCE_MANAGER, job);
        assertEquals("2022-11-30T09:07:25.95Z", arm.get("created").asText());
        assertEquals("2022-11-30T09:07:26.95Z", arm.get("startTime").asText());
        assertEquals("2022-11-30T09:07:25.9500000Z", arm.get("lastModified").asText());
        JsonNode mkIo = properties(LiveApi.MK_IO, job);
        assertEquals("2022-11-30T09:08:26.950000Z", mkIo.get("endTime").asText());
        assertEquals("2022-11-30T09:08:33.950000Z", mkIo.get("lastModified").asText());
        emulator.live().startTimes(false);
        JsonNode without = properties(LiveApi.MK_IO, job);
        assertEquals("Finished", without.get("state").asText());
        assertFalse(without.has("startTime"));
        assertFalse(without.at("/outputs/0").has("startTime"));
    }

    @Test
    public void acceptsCancelWhileCanceling() throws Exception {
        EmulatedJob job = emulator.addJob(ENCODING);
        clock.advance(Duration.ofSeconds(10));
        for (LiveApi api : LiveApi.values()) {
            assertEquals(api.toString(), 200, cancel(api, job).statusCode());
        }
        JsonNode canceling = properties(LiveApi.RESOURCE_MANAGER, job);
        assertEquals("Canceling", canceling.get("state").asText());
        assertEquals("Processing", canceling.at("/outputs/0/state").asText());

        clock.advance(Duration.ofMinutes(1));
        assertEquals(409, cancel(LiveApi.RESOURCE_MANAGER, job).statusCode());
        assertEquals(400, cancel(LiveApi.MK_IO, job).statusCode());
    }

    @Test
    public void reportsTheEndOfACanceledJobInTheFuture() throws Exception {
        EmulatedJob job = emulator.addJob(ENCODING.canceling(Duration.ofSeconds(7)));
        cancel(LiveApi.RESOURCE_MANAGER, job);
        clock.advance(Duration.ofSeconds(7));
        HttpResponse<String> response = get(LiveApi.RESOURCE_MANAGER, uri(LiveApi.RESOURCE_MANAGER, job));
        Instant date = ZonedDateTime.parse(
                        response.headers().firstValue("Date").orElseThrow(), DateTimeFormatter.RFC_1123_DATE_TIME)
                .toInstant();
        Instant end =
                Instant.parse(Client.json(response).at("/properties/endTime").asText());
        assertTrue(date + " " + end, end.isAfter(date.plusSeconds(1)));
    }

    @Test
    public void namesTheMissingResource() throws Exception {
        String arm = LiveServices.RESOURCE_PATH + "transforms/t/jobs/j?api-version=2022-07-01";
        String other = "00000000-0000-4000-8000-000000000000";
        Map<String, String> codes = Map.of(
                arm,
                "NotFound",
                arm.replace(LiveServices.SUBSCRIPTION, other),
                "SubscriptionNotFound",
                arm.replace(LiveServices.RESOURCE_GROUP, "elsewhere"),
                "ResourceGroupNotFound",
                arm.replace(LiveServices.ACCOUNT, "another"),
                "ResourceNotFound");
        for (Map.Entry<String, String> each : codes.entrySet()) {
            HttpResponse<String> response = get(LiveApi.RESOURCE_MANAGER, each.getKey());
            assertEquals(404, response.statusCode());
            assertEquals(
                    each.getValue(), Client.json(response).at("/error/code").asText());
        }
        JsonNode error = Client.json(get(LiveApi.MK_IO, "api/v1/projects/nobody/media/transforms/t/jobs/j"));
        assertEquals(
                "Project 'nobody' was not found.", error.at("/error/detail").asText());
        assertEquals(404, error.get("status").asInt());
        assertTrue(error.get("ref").isTextual());
    }

    @Test
    public void challengesInvalidTokens() throws Exception {
        HttpRequest request = HttpRequest.newBuilder(
                        emulator.endpoint(LiveApi.RESOURCE_MANAGER).resolve("x?api-version=2022-07-01"))
                .header("Authorization", "Bearer expired")
                .build();
        HttpResponse<String> response = client.http().send(request, HttpResponse.BodyHandlers.ofString());
        assertEquals(401, response.statusCode());
        assertEquals(
                "Bearer error=\"invalid_token\"",
                response.headers().firstValue("WWW-Authenticate").orElseThrow());
    }

    private JsonNode properties(LiveApi api, EmulatedJob job) throws Exception {
        return Client.json(get(api, uri(api, job))).get("properties");
    }

    private static String uri(LiveApi api, EmulatedJob job) {
        return job(api, job) + "?api-version=2022-07-01";
    }

    private static String job(LiveApi api, EmulatedJob job) {
        return api.account() + "transforms/" + job.transform() + "/jobs/" + job.jobName();
    }

    private HttpResponse<String> cancel(LiveApi api, EmulatedJob job) throws Exception {
        return client.send(request(api, job(api, job) + "/cancelJob?api-version=2022-07-01")
                .POST(HttpRequest.BodyPublishers.noBody()));
    }

    private HttpResponse<String> get(LiveApi api, String relative) throws Exception {
        return client.send(request(api, relative));
    }

    private HttpRequest.Builder request(LiveApi api, String relative) {
        String token =
                switch (api) {
                    case RESOURCE_MANAGER -> emulator.azureAd().issue(AzureAd.MANAGEMENT_SCOPE);
                    case RAVNUR -> emulator.live().issueRavnurToken();
                    case MK_IO, MK_IO_BEFORE -> emulator.live().mkIoToken();
                };
        URI address =
                URI.create(emulator.endpoint(api) + relative.replace("(", "%28").replace(")", "%29"));
        return HttpRequest.newBuilder(address).header("Authorization", "Bearer " + token);
    }
}
