/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.demo;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import io.jenkins.plugins.ams.emulator.Fault;
import io.jenkins.plugins.ams.emulator.JobScript;
import io.jenkins.plugins.ams.emulator.RequestKind;
import io.jenkins.plugins.ams.service.EmulatedService;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Properties;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.Test;

/** Tests the command-line demo, ten times as fast as it runs for users. */
public class DemoMainTest {

    private final List<String> lines = Collections.synchronizedList(new ArrayList<>());
    private final DemoMain demo = new DemoMain(Duration.ofMillis(100), lines::add);

    @Test
    public void waitsForAJobOfMkIo() {
        assertEquals(0, demo.run(DemoMain.Kind.MKIO));
        assertEquals(
                "[AMS] Waiting for job AdaptiveStreaming/BigBuckBunny on account 'media-mkio' (credentials"
                        + " 'mkio-token')",
                lines.get(0));
        assertTrue(lines.toString(), lines.contains("Finished: SUCCESS"));
    }

    @Test
    public void abortsAndCancels() {
        assertEquals(1, demo.run(DemoMain.Kind.ABORTED));
        int aborted = lines.indexOf("[AMS] Aborted; requesting cancellation of the job");
        assertTrue(lines.toString(), aborted > 0);
        assertEquals("[AMS] The service is canceling the job", lines.get(aborted + 1));
        assertEquals("Finished: ABORTED", lines.get(aborted + 2));
    }

    @Test
    public void showsRejectedTokens() {
        try (RejectedTokens log = new RejectedTokens(lines::add);
                Demo demo = new Demo(EmulatedService.AMS_V2, ignored -> {})) {
            demo.emulator()
                    .faults()
                    .inject(Fault.expiredToken().on(RequestKind.JOBS).once());
            demo.run(demo.emulator().addJob(JobScript.named("Encoding").task("Encode", Duration.ofMillis(100))));
        }
        assertEquals(lines.toString(), 1, lines.size());
        assertTrue(lines.get(0), lines.get(0).matches("\\[log] GET https://\\S+: HTTP 401 in \\d+ ms \\(.*\\)"));
    }

    @Test
    public void saysWhatToTryNext() {
        demo.run(DemoMain.Kind.ERROR);
        int end = lines.indexOf("Finished: FAILURE");
        assertTrue(lines.toString(), end > 0);
        String next = String.join("\n", lines.subList(end + 1, lines.size()));
        for (DemoMain.Kind kind : DemoMain.Kind.values()) {
            assertEquals(next, kind != DemoMain.Kind.ERROR, next.contains("-Dams.job=" + kind.property() + " "));
        }
        assertTrue(next, next.contains("docs/recipes.md"));
    }

    @Test
    public void rejectsUnknownJobsAndProperties() {
        Properties properties = new Properties();
        assertEquals(DemoMain.Kind.FINISHED, DemoMain.kind(properties));
        properties.setProperty("ams.job", "Error");
        IllegalArgumentException job = assertThrows(IllegalArgumentException.class, () -> DemoMain.kind(properties));
        assertEquals(
                "unknown job: -Dams.job=Error; known jobs: [finished, error, canceled, flaky, aborted, mkio]",
                job.getMessage());
        properties.setProperty("ams.jbo", "error");
        IllegalArgumentException property =
                assertThrows(IllegalArgumentException.class, () -> DemoMain.kind(properties));
        assertEquals("unknown system properties: [ams.jbo]; known here: [ams.job]", property.getMessage());
    }

    @Test
    public void theBuildChecksTheSameJobsBeforeItCompiles() throws Exception {
        String pom = Files.readString(Path.of("pom-central.xml"));
        List<String> jobs = Arrays.stream(DemoMain.Kind.values())
                .map(DemoMain.Kind::property)
                .toList();
        Matcher known = Pattern.compile("jobs = \"([^\"]+)\"").matcher(pom);
        assertTrue(known.find());
        assertEquals(jobs, List.of(known.group(1).split(" ")));
        Matcher message = Pattern.compile("-Dams\\.job\\. It can be ([^.]+)\\.").matcher(pom);
        assertTrue(message.find());
        assertEquals(jobs, List.of(message.group(1).split(",? or |, or |, ")));
    }
}
