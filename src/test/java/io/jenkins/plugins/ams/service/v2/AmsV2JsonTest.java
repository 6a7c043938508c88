/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.service.v2;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;

import io.jenkins.plugins.ams.service.ErrorDetail;
import io.jenkins.plugins.ams.service.JobId;
import io.jenkins.plugins.ams.service.JobState;
import io.jenkins.plugins.ams.service.MediaJob;
import io.jenkins.plugins.ams.service.MediaTask;
import io.jenkins.plugins.ams.service.OutputAsset;
import io.jenkins.plugins.ams.service.ServiceException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.Test;

public class AmsV2JsonTest {

    private static final String ID = "nb:jid:UUID:f3c43f94-327f-2347-90bb-3bf79f8559f1";
    private static final String METADATA = "\"odata.metadata\":\"https://a.media.azure.net/api/$metadata#Jobs\"";

    @Test
    public void readsTheMinimalForm() throws Exception {
        MediaJob job = onlyJob("{" + METADATA + ",\"value\":[{\"Id\":\"" + ID + "\",\"Name\":\"Encoding\","
                + "\"Created\":\"2015-05-20T16:28:43.493\",\"LastModified\":\"2015-05-20T16:28:43.493\","
                + "\"EndTime\":null,\"Priority\":0,\"RunningDuration\":0.0,"
                + "\"StartTime\":\"2015-05-20T16:28:49.46\",\"State\":2,\"TemplateId\":null,"
                + "\"JobNotificationSubscriptions\":[]}]}");
        assertEquals(
                new MediaJob(
                        new JobId(ID),
                        "Encoding",
                        JobState.PROCESSING,
                        "2",
                        Instant.parse("2015-05-20T16:28:43.493Z"),
                        Instant.parse("2015-05-20T16:28:49.460Z"),
                        null,
                        Duration.ZERO,
                        null),
                job);
    }

    @Test
    public void readsTheVerboseForm() throws Exception {
        MediaJob job = onlyJob("{\"d\":{\"results\":[{\"__metadata\":{\"id\":\"https://a/api/Jobs('x')\",\"uri\":\"y\","
                + "\"type\":\"Microsoft.Cloud.Media.Vod.Rest.Data.Models.Job\"},"
                + "\"Tasks\":{\"__deferred\":{\"uri\":\"https://a/api/Jobs('x')/Tasks\"}},"
                + "\"Id\":\"" + ID + "\",\"Name\":\"Encoding\",\"State\":3,\"RunningDuration\":286974,"
                + "\"Created\":\"\\/Date(1587084991763)\\/\",\"EndTime\":\"2020-04-15T18:46:11.477Z\"}]}}");
        assertEquals(JobState.FINISHED, job.state());
        assertEquals(Duration.ofMillis(286974), job.runningDuration());
        assertEquals(Instant.parse("2020-04-17T00:56:31.763Z"), job.created());
        assertEquals(Instant.parse("2020-04-15T18:46:11.477Z"), job.endTime());
    }

    @Test
    public void readsSingleEntitiesOfBothForms() throws Exception {
        assertEquals(
                ID,
                onlyJob("{" + METADATA + ",\"Id\":\"" + ID + "\",\"State\":1}")
                        .id()
                        .value());
        assertEquals(
                ID, onlyJob("{\"d\":{\"Id\":\"" + ID + "\",\"State\":1}}").id().value());
        assertEquals(
                ID,
                onlyJob("{\"d\":[{\"Id\":\"" + ID + "\",\"State\":1}]}").id().value());
    }

    @Test
    public void readsEmptyFeeds() throws Exception {
        assertEquals(List.of(), jobs("{" + METADATA + ",\"value\":[]}"));
        assertEquals(List.of(), jobs("{\"d\":{\"results\":[]}}"));
        assertEquals(List.of(), jobs("\ufeff{\"value\":[]}"));
    }

    @Test
    public void matchesIdsInAnyCase() throws Exception {
        assertEquals(
                ID,
                onlyJob("{\"value\":[{\"Id\":\"" + ID.toUpperCase() + "\"}]}")
                        .id()
                        .value());
    }

    @Test
    public void skipsEntitiesWithAnotherIdType() throws Exception {
        assertEquals(List.of(), jobs("{\"value\":[{\"Id\":\"nb:cid:UUID:f3c43f94-327f-2347-90bb-3bf79f8559f1\"}]}"));
    }

    @Test
    public void treatsMissingAndNullAsUnset() throws Exception {
        MediaJob bare = new MediaJob(new JobId(ID), "", JobState.UNKNOWN, "", null, null, null, Duration.ZERO, null);
        assertEquals(bare, onlyJob("{\"value\":[{\"Id\":\"" + ID + "\"}]}"));
        assertEquals(
                bare,
                onlyJob("{\"value\":[{\"Id\":\"" + ID + "\",\"Name\":null,\"State\":null,\"Created\":null,"
                        + "\"StartTime\":\"0001-01-01T00:00:00\",\"EndTime\":{},\"RunningDuration\":[]}]}"));
    }

    @Test
    public void readsStateNumbersAndKeepsUndocumentedOnes() throws Exception {
        assertState(JobState.UNKNOWN, "17", "17");
        assertState(JobState.UNKNOWN, "17", "\"17\"");
        assertState(JobState.CANCELING, "Canceling", "6.0");
        assertState(JobState.ERROR, "Error", "\"4\"");
        assertState(JobState.UNKNOWN, "99999999999", "99999999999");
        assertState(JobState.UNKNOWN, "2.5", "2.5");
        assertState(JobState.UNKNOWN, "-1", "-1");
    }

    @Test
    public void readsTextualStates() throws Exception {
        assertState(JobState.PROCESSING, "Processing", "\"Processing\"");
        assertState(JobState.FINISHED, "Finished", "\" finished\\n\"");
        assertState(JobState.UNKNOWN, "Deleting", "\"Deleting\"");
        assertState(JobState.UNKNOWN, "Unknown", "\"Unknown\"");
        assertState(JobState.UNKNOWN, "a [31mb", "\"a\\u001b[31mb\"");
        assertState(JobState.UNKNOWN, "x".repeat(50) + "…", "\"" + "x".repeat(5000) + "\"");
    }

    @Test
    public void treatsInvalidStatesAsUnset() throws Exception {
        for (String nothing : List.of("null", "\"\"", "{}", "[]", "[2]")) {
            assertState(JobState.UNKNOWN, "", nothing);
        }
    }

    private static void assertState(JobState state, String text, String json) throws Exception {
        MediaJob job = onlyJob("{\"value\":[{\"Id\":\"" + ID + "\",\"State\":" + json + "}]}");
        assertEquals(json, state, job.state());
        assertEquals(json, text, job.stateText());
        MediaTask task = AmsV2Json.tasks(
                        ("{\"value\":[{\"Id\":\"x\",\"State\":" + json + "}]}").getBytes(StandardCharsets.UTF_8))
                .get(0);
        assertEquals(json, state, task.state());
    }

    @Test
    public void readsDurationsOfAnyTypeAsMilliseconds() throws Exception {
        assertDuration(39605, "39605");
        assertDuration(39605, "39605.7");
        assertDuration(39605, "\"39605\"");
        assertDuration(0, "-1");
        assertDuration(0, "\"INF\"");
        assertDuration(0, "1e999");
        assertDuration(Long.MAX_VALUE, "1e30");
    }

    private static void assertDuration(long milliseconds, String json) throws Exception {
        MediaJob job = onlyJob("{\"value\":[{\"Id\":\"" + ID + "\",\"RunningDuration\":" + json + "}]}");
        assertEquals(json, Duration.ofMillis(milliseconds), job.runningDuration());
    }

    @Test
    public void readsTasksOfBothFormsWithTheirErrors() throws Exception {
        String task = "\"Id\":\"nb:tid:UUID:1\",\"Name\":\"Encode\",\"State\":4,\"Progress\":41.5,"
                + "\"StartTime\":\"2020-04-15T18:45:24.54\",\"EndTime\":\"2020-04-15T18:46:11.477Z\","
                + "\"RunningDuration\":39605,\"PerfMessage\":\"a\\r\\nb\",";
        String history =
                "[{\"Code\":\"WaitingForFreeResources\",\"Message\":null,\"TimeStamp\":\"2020-04-15T18:45:09\"},"
                        + "{\"Code\":\"Scheduled\",\"Message\":\"\",\"TimeStamp\":\"2020-04-15T18:45:16.37\"}]";
        String errors = "[{\"Code\":\"ErrorParsingConfiguration\",\"Message\":\"bad preset\"},{\"Code\":null},7]";
        MediaTask expected = new MediaTask(
                "nb:tid:UUID:1",
                "Encode",
                JobState.ERROR,
                41.5,
                Instant.parse("2020-04-15T18:45:16.370Z"),
                Instant.parse("2020-04-15T18:45:24.540Z"),
                Instant.parse("2020-04-15T18:46:11.477Z"),
                Duration.ofMillis(39605),
                List.of(new ErrorDetail("ErrorParsingConfiguration", "bad preset"), new ErrorDetail("", "")));
        assertEquals(
                List.of(expected),
                tasks("{\"value\":[{" + task + "\"HistoricalEvents\":" + history + ",\"ErrorDetails\":" + errors
                        + "}]}"));
        assertEquals(
                List.of(expected),
                tasks("{\"d\":{\"results\":[{" + task + "\"HistoricalEvents\":{\"results\":" + history + "},"
                        + "\"ErrorDetails\":{\"__metadata\":{\"type\":\"Collection(x)\"},\"results\":" + errors
                        + "}}]}}"));
    }

    @Test
    public void keepsProgressBetween0And100() throws Exception {
        assertEquals(100, progress("250"), 0);
        assertEquals(0, progress("-3"), 0);
        assertEquals(0, progress("\"NaN\""), 0);
        assertEquals(33.3, progress("\"33.3\""), 0);
    }

    private static double progress(String json) throws Exception {
        return tasks("{\"value\":[{\"Id\":\"t\",\"Progress\":" + json + "}]}")
                .get(0)
                .progress();
    }

    @Test
    public void readsTasksWithoutErrors() throws Exception {
        for (String errors : List.of("[]", "{\"results\":[]}", "null", "\"x\"", "{}")) {
            assertEquals(
                    errors,
                    List.of(),
                    tasks("{\"value\":[{\"Id\":\"t\",\"ErrorDetails\":" + errors + "}]}")
                            .get(0)
                            .errors());
        }
    }

    @Test
    public void removesSignaturesFromAssetUris() throws Exception {
        assertEquals(
                List.of(
                        new OutputAsset("nb:cid:UUID:1", "out", "https://s.blob.core.windows.net/asset-1"),
                        new OutputAsset("nb:cid:UUID:2", "Nonexistent Asset", null),
                        new OutputAsset("nb:cid:UUID:3", "", "https://s.blob.core.windows.net/asset-3")),
                AmsV2Json.outputAssets(bytes("{\"value\":["
                        + "{\"Id\":\"nb:cid:UUID:1\",\"Name\":\"out\","
                        + "\"Uri\":\"https://s.blob.core.windows.net/asset-1?sv=2012&sig=secret%3D\"},"
                        + "{\"Id\":\"nb:cid:UUID:2\",\"Name\":\"Nonexistent Asset\",\"State\":2,\"Uri\":null},"
                        + "{\"Id\":\"nb:cid:UUID:3\",\"Uri\":\"https://s.blob.core.windows.net/asset-3#sig=x\"}]}")));
    }

    @Test
    public void rejectsInvalidResponses() {
        for (String body : List.of(
                "",
                "null",
                "[]",
                "\"text\"",
                "7",
                "<html><body>Sign in</body></html>",
                "<?xml version=\"1.0\"?><feed/>",
                "Server is busy.",
                "{\"value\":[{\"Id\":\"" + ID,
                "{\"value\":[]} trailing",
                "{\"status\":\"ok\"}",
                "{\"value\":7}",
                "{\"value\":{}}",
                "{\"d\":null}",
                "{\"d\":{\"State\":2}}",
                "{\"value\":[7]}",
                "{\"value\":[null]}",
                "{\"value\":[{\"Name\":\"no id\"}]}",
                "{\"value\":[{\"Id\":null}]}",
                "{\"value\":[{\"Id\":{}}]}",
                "{\"a\":".repeat(100_000),
                "[".repeat(1_000_000),
                "{\"value\":" + "[".repeat(100) + "]".repeat(100) + "}",
                "{\"value\":[{\"Id\":1" + "0".repeat(100_000) + "}]}")) {
            String shown = body.substring(0, Math.min(60, body.length()));
            assertThrows(shown, ServiceException.class, () -> AmsV2Json.jobs(bytes(body)));
        }
    }

    @Test
    public void ignoresClassNames() throws Exception {
        MediaJob job = onlyJob("{\"value\":[{\"@class\":\"java.lang.ProcessBuilder\",\"Id\":\"" + ID
                + "\",\"Name\":[\"java.lang.ProcessBuilder\",[[\"sh\"]]]}]}");
        assertEquals("", job.name());
    }

    private static List<MediaJob> jobs(String json) throws Exception {
        return AmsV2Json.jobs(bytes(json));
    }

    private static MediaJob onlyJob(String json) throws Exception {
        List<MediaJob> jobs = jobs(json);
        assertEquals(1, jobs.size());
        return jobs.get(0);
    }

    private static List<MediaTask> tasks(String json) throws Exception {
        return AmsV2Json.tasks(bytes(json));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
