/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.service.v3;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertThrows;

import io.jenkins.plugins.ams.service.ErrorDetail;
import io.jenkins.plugins.ams.service.ErrorDetail.Retry;
import io.jenkins.plugins.ams.service.JobId;
import io.jenkins.plugins.ams.service.JobState;
import io.jenkins.plugins.ams.service.MediaJob;
import io.jenkins.plugins.ams.service.MediaTask;
import io.jenkins.plugins.ams.service.OutputAsset;
import io.jenkins.plugins.ams.service.ServiceException;
import io.jenkins.plugins.ams.service.v3.V3Json.Page;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.Test;

public class V3JsonTest {

    private static final JobId ID = new JobId("Encode/j-1");

    @Test
    public void readsTheJobOfTheSpecification() throws Exception {
        MediaJob whole = job("""
                {"name": "j-1", "id": "/subscriptions/x", "type": "Microsoft.Media/mediaservices/transforms/jobs",
                 "properties": {"created": "2023-04-03T20:30:02.5001467Z", "state": "Processing",
                  "lastModified": "2023-04-03T20:30:09.1Z", "startTime": "2023-04-03T20:30:05Z", "endTime": null,
                  "input": {"@odata.type": "#Microsoft.Media.JobInputAsset", "files": [], "assetName": "in"},
                  "outputs": [
                   {"@odata.type": "#Microsoft.Media.JobOutputAsset", "assetName": "out-1", "label": "1080p",
                    "state": "Finished", "progress": 100, "startTime": "2023-04-03T20:30:05Z",
                    "endTime": "2023-04-03T20:30:08Z", "error": null},
                   {"@odata.type": "#Microsoft.Media.JobOutputAsset", "assetName": "out-2", "label": "",
                    "state": "Processing", "progress": 40}],
                  "priority": "Normal", "correlationData": {}}, "systemData": {}}
                """);
        MediaJob job = whole;
        assertEquals(ID, job.id());
        assertEquals("j-1", job.name());
        assertEquals(JobState.PROCESSING, job.state());
        assertEquals(Instant.parse("2023-04-03T20:30:02.5001467Z"), job.created());
        assertEquals(Instant.parse("2023-04-03T20:30:05Z"), job.startTime());
        assertNull(job.endTime());
        MediaTask first = whole.details().orElseThrow().tasks().get(0);
        assertEquals("1080p", first.name());
        assertEquals(Duration.ofSeconds(3), first.runningDuration());
        MediaTask second = whole.details().orElseThrow().tasks().get(1);
        assertEquals("an output without a label has the name of its asset", "out-2", second.name());
        assertEquals(40, second.progress(), 0);
        assertEquals(
                List.of(new OutputAsset("out-1", "out-1", null), new OutputAsset("out-2", "out-2", null)),
                whole.details().orElseThrow().outputAssets());
    }

    @Test
    public void readsTimesFromTheOutputs() throws Exception {
        MediaJob whole = job("""
                {"properties": {"state": "Finished", "outputs": [
                  {"state": "Finished", "startTime": "2020-01-01T00:00:10Z", "endTime": "2020-01-01T00:01:00Z"},
                  {"state": "Finished", "startTime": "2020-01-01T00:00:00Z", "endTime": "2020-01-01T00:02:00Z"}]}}
                """);
        assertEquals(Instant.parse("2020-01-01T00:00:00Z"), whole.startTime());
        assertEquals(Instant.parse("2020-01-01T00:02:00Z"), whole.endTime());
        assertEquals(Duration.ofMinutes(2), whole.runningDuration());
    }

    @Test
    public void readsAnErrorWithItsDetails() throws Exception {
        MediaJob whole = job("""
                {"properties": {"state": "Error", "outputs": [{"state": "Error", "error": {
                  "code": "ContentMalformed", "message": "Look at the details.", "category": "Content",
                  "retry": "DoNotRetry", "details": [{"code": "ErrorDownloadingInputAssetMalformedContent",
                  "message": "Zero length."}]}}]}}
                """);
        assertEquals(
                List.of(
                        new ErrorDetail("ContentMalformed", "Look at the details.", "Content", Retry.DO_NOT_RETRY),
                        new ErrorDetail("ErrorDownloadingInputAssetMalformedContent", "Zero length.")),
                whole.details().orElseThrow().tasks().get(0).errors());
    }

    @Test
    public void treatsMissingOrMistypedValuesAsUnset() throws Exception {
        MediaJob bare = job("{\"properties\": {\"state\": \"Sleeping\"}}");
        assertEquals(JobState.UNKNOWN, bare.state());
        assertEquals("Sleeping", bare.stateLabel());
        assertEquals(List.of(), bare.details().orElseThrow().tasks());
        MediaJob odd = job("{\"properties\": {\"state\": \"Error\", \"created\": 7, \"outputs\": [{\"progress\": \"x\","
                + " \"state\": 3, \"error\": \"why\", \"label\": {}}, {\"progress\": 1e300}, {\"progress\": -4}]}}");
        assertEquals(List.of(), odd.details().orElseThrow().tasks().get(0).errors());
        assertEquals(
                JobState.UNKNOWN, odd.details().orElseThrow().tasks().get(0).state());
        assertEquals(0, odd.details().orElseThrow().tasks().get(0).progress(), 0);
        assertEquals(100, odd.details().orElseThrow().tasks().get(1).progress(), 0);
        assertEquals(0, odd.details().orElseThrow().tasks().get(2).progress(), 0);
        assertEquals(
                List.of(),
                job("{\"properties\": {\"state\": \"Queued\", \"outputs\": 3}}")
                        .details()
                        .orElseThrow()
                        .tasks());
    }

    @Test
    public void treatsInvalidNumbersAndTimesAsUnset() throws Exception {
        MediaJob odd = job("{\"properties\": {\"state\": \"Finished\", \"startTime\": \"2023-04-03T20:30:05Z\","
                + " \"endTime\": \"+999999999-12-31T23:59:59Z\", \"outputs\": [{\"progress\": \"NaN\"}]}}");
        assertEquals(0, odd.runningDuration().toMillis());
        assertEquals(0, odd.details().orElseThrow().tasks().get(0).progress(), 0);
    }

    @Test
    public void rejectsInvalidJobs() {
        for (String text : List.of("", "[]", "x", "{}", "{\"properties\": {}}", "{\"properties\": {\"state\": 2}}")) {
            assertThrows(text, ServiceException.class, () -> job(text));
        }
        for (String text : List.of("", "[]", "{}", "{\"value\": {}}")) {
            assertThrows(text, ServiceException.class, () -> V3Json.jobs(bytes(text), List.of(ID)));
            assertThrows(text, ServiceException.class, () -> V3Json.checkListing(bytes(text)));
        }
    }

    @Test
    public void filtersAListingByRequestedIds() throws Exception {
        Page page = V3Json.jobs(
                bytes("{\"value\": [{\"name\": \"J-1\", \"properties\": {\"state\": \"Queued\"}},"
                        + " {\"name\": \"other\"}], \"@odata.nextLink\": \"https://next\"}"),
                List.of(ID, new JobId("Encode/j-2")));
        assertEquals(List.of(ID), page.jobs().stream().map(MediaJob::id).toList());
        assertEquals("https://next", page.next());
    }

    private static MediaJob job(String text) throws ServiceException {
        return V3Json.job(bytes(text), ID);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
