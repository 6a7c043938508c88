/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.freestyle;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import io.jenkins.plugins.ams.http.PlainText;
import io.jenkins.plugins.ams.page.Samples;
import io.jenkins.plugins.ams.polling.WaitOutcome;
import io.jenkins.plugins.ams.result.AmsJobResult;
import io.jenkins.plugins.ams.service.JobDetails;
import io.jenkins.plugins.ams.service.JobId;
import io.jenkins.plugins.ams.service.JobState;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.Test;

public class JobVariablesTest {

    @Test
    public void describesAJob() {
        assertEquals(
                Map.of(
                        "AMS_JOB_ID", Samples.ID.value(),
                        "AMS_JOB_NAME", "Encoding",
                        "AMS_JOB_STATE", "Error",
                        "AMS_JOB_ERROR", "It broke"),
                JobVariables.of(named("Encoding", JobState.ERROR), "It broke"));
    }

    @Test
    public void missingValuesAreEmpty() {
        assertEquals(
                Map.of("AMS_JOB_ID", "Adaptive/job-1", "AMS_JOB_NAME", "", "AMS_JOB_STATE", "", "AMS_JOB_ERROR", ""),
                JobVariables.of(AmsJobResult.unknown("Adaptive/job-1", "media"), null));
    }

    /** Jenkins expands {@code $NAME} and <code>${NAME}</code>, and replaces {@code $$} with a dollar sign. */
    @Test
    public void noValueRefersToAVariable() {
        for (String hostile : List.of("$PATH", "${PATH}", "$$PATH", "$$$$PATH", "${P${Q}}", "$", "x$1")) {
            Map<String, String> variables = JobVariables.of(named(hostile, JobState.ERROR), hostile);
            variables.forEach((name, value) -> assertFalse(name, value.contains("$")));
            assertEquals(hostile.replace("$", "%24"), variables.get("AMS_JOB_NAME"));
            assertEquals(hostile.replace("$", "%24"), variables.get("AMS_JOB_ERROR"));
        }
        JobId id = new JobId("T${PATH}/job");
        assertEquals(
                "T%24{PATH}/job",
                JobVariables.of(AmsJobResult.unknown(id.value(), null), null).get("AMS_JOB_ID"));
    }

    @Test
    public void valuesAreShortSingleLines() {
        String hostile = "x\r\nAMS_JOB_STATE=Finished\u0000\u001b[31m\u2028\u202e" + "y".repeat(100_000);
        JobVariables.of(named(hostile, JobState.ERROR), hostile).forEach((name, value) -> {
            assertTrue(name, PlainText.isPlain(value));
            assertTrue(name, value.length() <= 1001);
        });
        assertEquals(
                "Error",
                JobVariables.of(named(hostile, JobState.ERROR), hostile).get("AMS_JOB_STATE"));
    }

    private static AmsJobResult named(String name, JobState state) {
        WaitOutcome.Completed ended =
                new WaitOutcome.Completed(Samples.job(name, state, state.label()), JobDetails.NONE, null);
        return AmsJobResult.of(ended, "media-prod", Instant.EPOCH);
    }
}
