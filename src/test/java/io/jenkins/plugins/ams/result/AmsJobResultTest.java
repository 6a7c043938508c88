/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.result;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.not;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertTrue;

import io.jenkins.plugins.ams.page.Samples;
import io.jenkins.plugins.ams.polling.WaitOutcome;
import io.jenkins.plugins.ams.service.ErrorDetail;
import io.jenkins.plugins.ams.service.ErrorDetail.Retry;
import io.jenkins.plugins.ams.service.JobDetails;
import io.jenkins.plugins.ams.service.JobState;
import io.jenkins.plugins.ams.service.MediaJob;
import io.jenkins.plugins.ams.service.MediaTask;
import io.jenkins.plugins.ams.service.OutputAsset;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.Test;

public class AmsJobResultTest {

    private static final MediaTask FAILED = Samples.task(
            "Encode",
            JobState.ERROR,
            37.5,
            new ErrorDetail("ErrorParsingConfiguration", "no such preset"),
            new ErrorDetail("Unknown", ""));

    @Test
    public void exposesAllPropertiesOfTheJob() {
        AmsJobResult result = result(Samples.ended(JobState.ERROR, FAILED));

        assertEquals("nb:jid:UUID:f3c43f94-327f-2347-90bb-3bf79f8559f1", result.getId());
        assertEquals("Encoding", result.getName());
        assertEquals("Error", result.getState());
        assertEquals(39605, result.getRunningDuration());
        AmsTaskResult task = result.getTasks().get(0);
        assertEquals("nb:tid:UUID:Encode", task.getId());
        assertEquals("Encode", task.getName());
        assertEquals("Error", task.getState());
        assertEquals(37.5, task.getProgress(), 0);
        assertThat(task.getErrors(), hasSize(2));
        assertEquals("ErrorParsingConfiguration", task.getErrors().get(0).getCode());
        assertEquals("no such preset", task.getErrors().get(0).getMessage());
        AmsAssetResult asset = result.getOutputAssets().get(0);
        assertEquals("nb:cid:UUID:1", asset.getId());
        assertEquals("encoded", asset.getName());
        assertEquals("https://store.example/asset-1", asset.getUri());
    }

    @Test
    public void isRetryableIfAllErrorsAreRetryable() {
        ErrorDetail passing = new ErrorDetail("ServiceTransientError", "busy", "Service", Retry.MAY_RETRY);
        ErrorDetail lasting = new ErrorDetail("ContentMalformed", "bad", "Content", Retry.DO_NOT_RETRY);
        ErrorDetail unsaid = new ErrorDetail("TransientError", "busy");
        Map.of(
                        List.of(passing), true,
                        List.of(passing, unsaid), true,
                        List.of(passing, lasting), false,
                        List.of(lasting), false,
                        List.of(unsaid), false,
                        List.<ErrorDetail>of(), false)
                .forEach((errors, retryable) -> assertEquals(
                        errors.toString(),
                        retryable,
                        result(JobState.ERROR, errors).isRetryable()));
        assertFalse(
                "it need not be", result(JobState.FINISHED, List.of(passing)).isRetryable());
        assertFalse(
                "nobody cancels by chance",
                result(JobState.CANCELED, List.of(passing)).isRetryable());
        AmsErrorResult error = result(JobState.ERROR, List.of(lasting))
                .getTasks()
                .get(0)
                .getErrors()
                .get(0);
        assertEquals("Content", error.getCategory());
        assertEquals("DoNotRetry", error.getRetry());
    }

    private static AmsJobResult result(WaitOutcome.Completed completed) {
        return AmsJobResult.of(completed, "media-prod", Instant.EPOCH);
    }

    private static AmsJobResult result(JobState state, List<ErrorDetail> errors) {
        MediaTask task = Samples.task("Encode", state, 0, errors.toArray(new ErrorDetail[0]));
        return result(Samples.ended(state, task));
    }

    @Test
    public void formatsTimesAsIso8601() {
        AmsJobResult result = result(Samples.ended(JobState.FINISHED));

        assertEquals("2021-03-10T09:15:30.125Z", result.getCreated());
        assertEquals("2021-03-10T09:15:48.125Z", result.getStartTime());
        assertEquals("2021-03-10T09:21:42.125Z", result.getEndTime());
        assertEquals(Samples.CREATED, Instant.parse(result.getCreated()));
    }

    @Test
    public void hasNullForMissingValues() {
        MediaJob bare = new MediaJob(Samples.ID, "", JobState.CANCELED, "5", null, null, null, Duration.ZERO, null);
        OutputAsset deleted = new OutputAsset("nb:cid:UUID:1", "Nonexistent Asset", null);
        AmsJobResult result =
                result(new WaitOutcome.Completed(bare, new JobDetails(List.of(), List.of(deleted)), null));

        assertNull(result.getCreated());
        assertNull(result.getStartTime());
        assertNull(result.getEndTime());
        assertEquals("", result.getName());
        assertEquals(0, result.getRunningDuration());
        assertThat(result.getTasks(), empty());
        assertNull(result.getOutputAssets().get(0).getUri());
    }

    @Test
    public void survivesARestart() throws Exception {
        AmsJobResult result = Samples.deserialized(result(Samples.ended(JobState.ERROR, FAILED)));

        assertEquals("Error", result.getState());
        assertEquals(
                "no such preset", result.getTasks().get(0).getErrors().get(0).getMessage());
        assertEquals("encoded", result.getOutputAssets().get(0).getName());
        assertEquals("2021-03-10T09:15:30.125Z", result.getCreated());
    }

    @Test
    public void namesAreOnOneLineWithoutControlCharacters() {
        String hostile = "a\u001b[31m\r\n[AMS] forged\u202e";
        MediaTask task = Samples.task(hostile, JobState.ERROR, 0, new ErrorDetail(hostile, hostile));
        OutputAsset asset = new OutputAsset("nb:cid:UUID:1", hostile, null);
        AmsJobResult result = result(new WaitOutcome.Completed(
                Samples.job(JobState.ERROR), new JobDetails(List.of(task), List.of(asset)), null));

        assertEquals("AMS job " + Samples.ID + " Error", result.toString());
        String shown = result.getTasks() + " " + result.getTasks().get(0).getErrors() + " " + result.getOutputAssets();
        assertTrue(shown, shown.codePoints().noneMatch(Character::isISOControl));
        assertThat(shown, not(containsString("\u202e")));
        assertEquals("a [31m [AMS] forged", result.getTasks().get(0).getName());
    }
}
