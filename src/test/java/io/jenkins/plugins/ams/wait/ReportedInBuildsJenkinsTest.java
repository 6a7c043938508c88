/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.wait;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.startsWith;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNotEquals;
import static org.junit.Assert.assertNotNull;
import static org.junit.Assert.assertTrue;

import io.jenkins.plugins.ams.page.Samples;
import io.jenkins.plugins.ams.polling.WaitOutcome;
import io.jenkins.plugins.ams.result.AmsAssetResult;
import io.jenkins.plugins.ams.result.AmsErrorResult;
import io.jenkins.plugins.ams.result.AmsJobResult;
import io.jenkins.plugins.ams.result.AmsTaskResult;
import io.jenkins.plugins.ams.result.WaitRecord;
import io.jenkins.plugins.ams.result.WaitResult;
import io.jenkins.plugins.ams.result.WaitStatus;
import io.jenkins.plugins.ams.service.ErrorDetail;
import io.jenkins.plugins.ams.service.JobState;
import io.jenkins.plugins.ams.testing.Language;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.time.Instant;
import java.util.Set;
import java.util.stream.Stream;
import org.jenkinsci.plugins.scriptsecurity.sandbox.whitelists.Whitelisted;
import org.junit.Rule;
import org.junit.Test;
import org.kohsuke.accmod.Restricted;

/** What builds keep of a wait, as far as it takes Jenkins' own types to see it. */
public class ReportedInBuildsJenkinsTest {

    /** Of every cause and every object: the sandbox allows them. */
    private static final Set<String> INHERITED = Set.of("equals", "hashCode", "getShortDescription");

    @Rule
    public final Language language = Language.english();

    @Test
    public void theCauseOfFailureSurvivesARestart() throws Exception {
        ErrorDetail error = new ErrorDetail("ErrorParsingConfiguration", "no such preset");
        AmsJobFailureCause cause =
                cause(Samples.ended(JobState.ERROR, Samples.task("Encode", JobState.ERROR, 0, error)));
        AmsJobFailureCause read = Samples.deserialized(cause);

        assertEquals(cause, read);
        assertEquals(cause.hashCode(), read.hashCode());
        assertEquals(WaitStatus.ERROR, read.getReason());
        assertEquals(Samples.ID.value(), read.getJobId());
        assertThat(read.getShortDescription(), startsWith("AMS job 'Encoding' ended in Error: ErrorParsing"));
        assertNotEquals(cause, cause(Samples.ended(JobState.CANCELED)));
        assertFalse(read.isRetryable());
    }

    @Test
    public void theCauseStaysRetryableAcrossARestart() throws Exception {
        ErrorDetail passing = new ErrorDetail("ServiceTransientError", "busy", "Service", ErrorDetail.Retry.MAY_RETRY);
        AmsJobFailureCause cause =
                cause(Samples.ended(JobState.ERROR, Samples.task("Encode", JobState.ERROR, 0, passing)));

        assertTrue(Samples.deserialized(cause).isRetryable());
        assertEquals(cause, Samples.deserialized(cause));
    }

    @Test
    public void everyPropertyIsUsableInTheSandbox() {
        Stream.of(
                        AmsJobResult.class,
                        AmsTaskResult.class,
                        AmsErrorResult.class,
                        AmsAssetResult.class,
                        AmsJobFailureCause.class)
                .flatMap(type -> Stream.of(type.getDeclaredMethods()))
                .filter(method -> Modifier.isPublic(method.getModifiers()) && !method.isSynthetic())
                .filter(method -> !method.isAnnotationPresent(Restricted.class)) // for the plugin alone
                .filter(method -> !INHERITED.contains(method.getName()))
                .forEach(ReportedInBuildsJenkinsTest::assertWhitelisted);
    }

    private static AmsJobFailureCause cause(WaitOutcome outcome) {
        return new AmsJobFailureCause(
                Samples.ID.value(),
                WaitResult.of(
                        WaitRecord.waiting(Samples.ID, "media-prod")
                                .ended(outcome, Instant.EPOCH)
                                .getJob(),
                        outcome,
                        true,
                        null));
    }

    private static void assertWhitelisted(Method method) {
        assertNotNull(method + " is refused by the sandbox", method.getAnnotation(Whitelisted.class));
    }
}
