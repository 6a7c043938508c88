/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.wait;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import io.jenkins.plugins.ams.console.ConsoleLog;
import io.jenkins.plugins.ams.emulator.EmulatedJob;
import io.jenkins.plugins.ams.emulator.Fault;
import io.jenkins.plugins.ams.emulator.Faults;
import io.jenkins.plugins.ams.emulator.JobScript;
import io.jenkins.plugins.ams.emulator.RequestKind;
import io.jenkins.plugins.ams.polling.JobWait;
import io.jenkins.plugins.ams.polling.PollTarget;
import io.jenkins.plugins.ams.polling.Waits;
import io.jenkins.plugins.ams.service.JobId;
import io.jenkins.plugins.ams.service.v2.AmsV2JobId;
import io.jenkins.plugins.ams.testing.ExpectedLog;
import io.jenkins.plugins.ams.testing.Language;
import io.jenkins.plugins.ams.testing.NoOpPage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;
import org.junit.Rule;
import org.junit.Test;

/** The whole console of a wait, from the first line to the last, against an emulated service. */
public class WaitConsoleTest {

    private static final JobScript ENCODING = JobScript.named("Encoding BigBuckBunny")
            .queued(Duration.ofSeconds(18))
            .task("Encode", Duration.ofMinutes(4))
            .task("Thumbnails", Duration.ofSeconds(114));

    @Rule
    public final ExpectedLog expected = ExpectedLog.ofMsal4j();

    @Rule
    public final Language language = Language.english();

    @Rule
    public final Waits waits = new Waits();

    private Duration pollInterval = Duration.ofMinutes(1);
    private final List<String> lines = Collections.synchronizedList(new ArrayList<>());

    @Test
    public void logsAWholeWait() {
        EmulatedJob job = waits.emulator.addJob(ENCODING);
        JobWait watch = begin(job);
        waits.advance(Duration.ofSeconds(168)); // 150 s of 354 s
        waits.emulator
                .faults()
                .inject(Fault.status(503)
                        .retryAfter(Duration.ofSeconds(8))
                        .on(RequestKind.JOBS)
                        .times(3));

        waits.advanceUntilEnded(watch, Duration.ofMinutes(10));

        String about = "'Encoding BigBuckBunny': ";
        String left = "%, about \\d+ (s|min) remaining";
        assertLines(
                "Waiting for job " + job.id() + " on account 'media-prod' \\(credentials 'ams-ci'\\)",
                about + "Queued",
                about + "Processing, task 1 of 2 'Encode': \\d%",
                "+" + about + "[1-4]\\d" + left,
                "The service is busy \\(503\\), retrying in 8 s",
                "The service is responding again after 24 s",
                "+" + about + "[45]\\d" + left,
                about + "task 'Encode' Finished, [5-7]\\d" + left,
                "+" + about + "[6-9]\\d" + left,
                about + "Finished after 6 min 12 s \\(queued 18 s, running 5 min 54 s\\)");
    }

    @Test
    public void logsWhyAJobFailed() {
        EmulatedJob job = waits.emulator.addJob(
                ENCODING.endsInError(0, "ErrorDownloadingInputAssetServiceFailure", "Stage: DownloadFile."));
        JobWait watch = begin(job);
        waits.advanceUntilEnded(watch, Duration.ofMinutes(10));

        List<String> end = lines.subList(lines.size() - 3, lines.size());
        assertTrue(end.get(0), end.get(0).startsWith("[AMS] 'Encoding BigBuckBunny': Error after "));
        assertEquals(
                "[AMS] Task 1 of 2 'Encode': ErrorDownloadingInputAssetServiceFailure: Stage: DownloadFile.",
                end.get(1));
        assertTrue(end.get(2), end.get(2).matches("\\[AMS] Request ID for the service's support: [0-9a-f-]{36}"));
    }

    @Test
    public void logsOneLineForAnEndedJob() {
        EmulatedJob job = waits.emulator.addJob(ENCODING);
        waits.time.clock().advance(Duration.ofMinutes(10));
        JobWait watch = begin(job);
        waits.settle();

        assertTrue(watch.isEnded());
        assertLines(
                "Waiting for job .*",
                "'Encoding BigBuckBunny': Finished after 6 min 12 s \\(queued 18 s, running 5 min 54 s\\)");
    }

    @Test
    public void logsHeartbeatsWhileQueued() {
        EmulatedJob job = waits.emulator.addJob(JobScript.named("Encoding").queued(Duration.ofHours(1)));
        begin(job);
        waits.advance(Duration.ofMinutes(13));

        assertLines(
                "Waiting for job .*",
                "'Encoding': Queued",
                "'Encoding': still Queued after 5 min( \\d+ s)?",
                "'Encoding': still Queued after 1[01] min( \\d+ s)?");
    }

    @Test
    public void logsHeartbeatsDuringServiceErrors() {
        EmulatedJob job = waits.emulator.addJob(JobScript.named("Encoding").queued(Duration.ofHours(1)));
        begin(job);
        waits.settle();
        Faults.Injection busy = waits.emulator.faults().inject(Fault.status(503));
        waits.advance(Duration.ofMinutes(17));
        busy.remove();
        waits.advance(Duration.ofMinutes(3));

        String trouble = "Failing for %s min( \\d+ s)?: The service is busy \\(503\\), retrying in (1 min )?\\d+ s";
        assertLines(
                "Waiting for job .*",
                "'Encoding': Queued",
                "The service is busy \\(503\\), retrying in [12] s",
                trouble.formatted("5"),
                trouble.formatted("10"),
                trouble.formatted("15"),
                "The service is responding again after 1[78] min( \\d+ s)?");
    }

    @Test
    public void logsHeartbeatsWhileThrottled() {
        throttle(Duration.ofMinutes(20));
        begin(waits.emulator.addJob(ENCODING));
        waits.settle();
        waits.advance(Duration.ofMinutes(12));

        assertLines(
                "Waiting for job .*",
                "The service is busy \\(429\\), retrying in 20 min",
                "Failing for 5 min: The service is busy \\(429\\), retrying in 15 min",
                "Failing for 10 min: The service is busy \\(429\\), retrying in 10 min");
    }

    @Test
    public void logsErrorsOfOtherWaits() {
        throttle(Duration.ofMinutes(20));
        begin(waits.emulator.addJob(ENCODING), waits::target, line -> {});
        waits.settle();
        begin(waits.emulator.addJob(JobScript.named("Encoding").queued(Duration.ofHours(1))));
        waits.advance(Duration.ofMinutes(21));

        assertLines(
                "Waiting for job .*",
                "The service is busy \\(429\\), retrying in 19 min",
                "Failing for 6 min: The service is busy \\(429\\), retrying in 14 min",
                "Failing for 11 min: The service is busy \\(429\\), retrying in 9 min",
                "Failing for 16 min: The service is busy \\(429\\), retrying in 4 min",
                "The service is responding again after 20 min",
                "'Encoding': Queued");
    }

    @Test
    public void logsHeartbeatsBetweenRarePolls() {
        pollInterval = Duration.ofMinutes(30);
        EmulatedJob job = waits.emulator.addJob(JobScript.named("Encoding").queued(Duration.ofHours(9)));
        waits.time.clock().advance(Duration.ofHours(2));
        begin(job);
        waits.settle();
        waits.advance(Duration.ofMinutes(13));

        assertLines(
                "Waiting for job .*",
                "'Encoding': Queued",
                "Still waiting after 5 min; next poll in (19|2\\d) min( \\d+ s)?",
                "Still waiting after 10 min; next poll in 1\\d min( \\d+ s)?");
    }

    @Test
    public void logsWhyAJobCannotBePolled() {
        waits.emulator.faults().inject(Fault.status(403).on(RequestKind.JOBS).header("x-ms-request-id", "4711"));
        begin(waits.emulator.addJob(ENCODING));
        waits.settle();

        assertLines(
                "Waiting for job .*",
                "The service denied access \\(403\\): .*The Media Services account is disabled\\. The AMS account may be"
                        + " disabled or deleted, or the application may lack a role such as Contributor on the"
                        + " account\\. \\(request ID 4711\\)");
    }

    @Test
    public void logsAWrongSecret() {
        String secret = waits.emulator.clientSecret();
        begin(waits.emulator.addJob(ENCODING), () -> waits.target(secret), lines::add);
        waits.settle();
        waits.emulator.azureAd().rotateSecret("another").expireTokens();
        waits.advance(Duration.ofMinutes(15));

        assertTrue(
                lines.toString(),
                lines.get(2)
                        .matches(
                                "\\[AMS\\] Microsoft Entra ID is currently not issuing tokens \\(AADSTS7000215: Invalid client secret provided.*\\),"
                                        + " retrying in 2 s; the wait fails if this continues for 10 min"));
        String last = lines.get(lines.size() - 1);
        assertTrue(
                last,
                last.matches(
                        "\\[AMS\\] Microsoft Entra ID did not issue a token: the client secret is wrong\\. Enter the value of the secret,"
                                + " not its ID, in the credentials\\. Microsoft Entra ID reports AADSTS7000215: Invalid client secret"
                                + " provided.* \\(correlation ID [-0-9a-f]{36}\\)"));
    }

    private JobWait begin(EmulatedJob emulated) {
        return begin(emulated, waits::target, lines::add);
    }

    private JobWait begin(EmulatedJob emulated, PollTarget.Source targets, Consumer<String> console) {
        JobId job = AmsV2JobId.parse(emulated.id());
        ConsoleLog log = new ConsoleLog(console, waits.time.clock(), waits.time);
        log.onStarted(job, "media-prod", "ams-ci", id -> id);
        return waits.begin(
                emulated.id(),
                targets,
                pollInterval,
                null,
                new ReportingListener(job, log, new NoOpPage(), seen -> {}, () -> false, outcome -> {}));
    }

    private void throttle(Duration time) {
        Fault busy = Fault.status(429).retryAfter(time).on(RequestKind.JOBS).once();
        waits.emulator.faults().inject(busy);
    }

    /** @param patterns of one line each; one that begins with a plus may match several */
    private void assertLines(String... patterns) {
        StringBuilder console = new StringBuilder();
        for (String pattern : patterns) {
            boolean several = pattern.startsWith("+");
            console.append("(?:\\[AMS\\] ")
                    .append(several ? pattern.substring(1) : pattern)
                    .append(several ? "\n)+" : "\n)");
        }
        String all = String.join("\n", lines) + '\n';
        assertTrue(all + "is not\n" + String.join("\n", patterns), all.matches(console.toString()));
    }
}
