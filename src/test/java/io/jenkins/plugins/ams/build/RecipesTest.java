/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.build;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNotEquals;
import static org.junit.Assert.assertTrue;
import static org.junit.Assume.assumeTrue;

import io.jenkins.plugins.ams.emulator.EmulatedJob;
import io.jenkins.plugins.ams.emulator.Emulator;
import io.jenkins.plugins.ams.emulator.JobScript;
import io.jenkins.plugins.ams.testing.ManualClock;
import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** Runs the shell scripts of docs/recipes.md with the emulator. {@code RecipesJenkinsTest} runs the whole Pipelines. */
public class RecipesTest {

    private static final Pattern VARIABLE =
            Pattern.compile("^ +(\\w+) = (?:'([^']*)'|\"([^\"]*)\"|credentials\\('([\\w-]+)'\\))$", Pattern.MULTILINE);
    private static final Pattern BINDING = Pattern.compile(
            "string\\(credentialsId: '([\\w-]+)', variable: '(\\w+)'\\)|withEnv\\(\\[\"(\\w+)=([^\"]+)\"");
    private static final Pattern FILE =
            Pattern.compile("writeFile file: '([^']+)', text: \"\"\"(.+?)\"\"\"", Pattern.DOTALL);
    private static final Pattern SCRIPT = Pattern.compile("\\bsh[ (](?:[^\n]*script: )?'''(.+?)'''", Pattern.DOTALL);
    private static final Pattern EXPRESSION = Pattern.compile("\\$\\{?(?:env\\.|arguments\\.)?(\\w+)}?");

    @Rule
    public final TemporaryFolder temporary = new TemporaryFolder();

    private final ManualClock clock = new ManualClock(Instant.now().minus(Duration.ofDays(1)));
    private Emulator emulator;
    private String secret;
    private Path workspace;
    private Map<String, String> environment;

    /** The output of a script. */
    private record Output(int status, String out, String errors) {}

    @Before
    public void start() throws Exception {
        assumeTrue("there is a POSIX shell", File.separatorChar == '/');
        assumeTrue("curl 7.76 and jq are installed", Recipes.canRun());
        emulator = Emulator.start(clock);
        secret = emulator.clientSecret();
        workspace = temporary.newFolder("workspace").toPath();
        environment = new TreeMap<>(
                Recipes.install(emulator, temporary.newFolder("bin").toPath()));
        environment.putAll(Map.of(
                "BUILD_TAG",
                "jenkins-media-7",
                "BUILD_URL",
                "https://jenkins.example/job/media/7/",
                "attempt",
                "1",
                "job",
                "jenkins-media-7-1",
                "transform",
                "AdaptiveStreaming",
                "input",
                "holiday-source",
                "output",
                "holiday-encoded"));
    }

    @After
    public void close() {
        if (emulator != null) {
            emulator.close();
        }
    }

    @Test
    public void submitToEachServiceLikeV3() throws Exception {
        int number = 0;
        for (String recipe : List.of("AMS v3 with curl", "AMS v3 with the Azure CLI", "MK.IO", "Ravnur")) {
            environment.put("BUILD_TAG", "jenkins-media-" + number);
            Output output = run(recipe);
            assertEquals(recipe + output, 0, output.status());
            EmulatedJob job = emulator.jobs().get(number);
            assertEquals("AdaptiveStreaming/jenkins-media-" + number, job.v3Id());
            assertEquals("holiday-encoded", job.snapshot().assets().get(0).name());
            if (recipe.startsWith("AMS v3")) {
                assertEquals("jenkins-media-" + number, output.out().strip());
            }
            number++;
        }
    }

    @Test
    public void submitToV2() throws Exception {
        Output output = run("AMS v2");
        assertEquals(output.toString(), 0, output.status());
        EmulatedJob job = emulator.jobs().get(0);
        assertEquals(job.id(), output.out().strip());
        assertEquals("jenkins-media-7", job.snapshot().name());
        assertEquals("holiday-encoded", job.snapshot().assets().get(0).name());
    }

    @Test
    public void submitInARetryAndInALibrary() throws Exception {
        for (String recipe : List.of("Submit it again", "A shared library step (groovy library)")) {
            Output output = run(recipe);
            assertEquals(recipe + output, 0, output.status());
            environment.put("job", "jenkins-media-8-1");
        }
        assertEquals(
                List.of("AdaptiveStreaming/jenkins-media-7-1", "AdaptiveStreaming/jenkins-media-8-1"),
                emulator.jobs().stream().map(EmulatedJob::v3Id).toList());
    }

    @Test
    public void failAndSayWhyIfTheServiceRejectsTheJob() throws Exception {
        assertEquals(0, run("MK.IO").status());
        Output again = run("MK.IO");
        assertNotEquals(0, again.status());
        assertTrue(again.toString(), again.out().contains("already exists"));
        Output rejected = run("AMS v3 with curl");
        assertNotEquals(0, rejected.status());
        assertTrue(rejected.toString(), rejected.errors().contains("already exists"));
        emulator.azureAd().rotateSecret("another");
        Output unauthorized = run("AMS v2");
        assertNotEquals(0, unauthorized.status());
        assertTrue(unauthorized.toString(), unauthorized.errors().contains("AADSTS7000215"));
        assertEquals(1, emulator.jobs().size());
    }

    @Test
    public void neverPrintSecretsOrTokens() throws Exception {
        for (String recipe : List.of("MK.IO", "Ravnur", "AMS v3 with curl", "AMS v2")) {
            environment.put("BUILD_TAG", environment.get("BUILD_TAG") + "1");
            Output output = run(recipe, "-ex");
            assertEquals(recipe + output, 0, output.status());
            String console = output.errors() + output.out();
            assertTrue(console, console.startsWith("+ set +x\n"));
            for (String hidden : List.of("Bearer", secret, credential("ravnur-key"), credential("mkio-token"))) {
                assertFalse(recipe + " prints " + hidden + ": " + console, console.contains(hidden));
            }
        }
    }

    @Test
    public void cancelOnlyOldJobs() throws Exception {
        emulator.live().pageSize(2);
        JobScript running =
                JobScript.named("Running").transform("AdaptiveStreaming").task("Encode", Duration.ofDays(9));
        List<EmulatedJob> old = List.of(
                emulator.addJob(running.v3Name("old-1")),
                emulator.addJob(running.v3Name("old-2").queued(Duration.ofDays(9))),
                emulator.addJob(running.v3Name("old-3")));
        EmulatedJob finished = emulator.addJob(running.v3Name("finished"));
        finished.finish();
        EmulatedJob other = emulator.addJob(running.transform("Other").v3Name("other"));
        clock.advance(Duration.ofHours(23));
        EmulatedJob young = emulator.addJob(running.v3Name("young"));
        Output output = run("Cancel old jobs every night");
        assertEquals(output.toString(), 0, output.status());
        for (EmulatedJob job : old) {
            assertEquals(job.v3Id(), 6, job.state());
            assertTrue(output.out(), output.out().contains("Canceled " + job.jobName() + "\n"));
        }
        assertEquals(3, finished.state());
        assertEquals(2, young.state());
        assertEquals(2, other.state());
    }

    private Output run(String recipe) throws Exception {
        return run(recipe, "-e");
    }

    /** Runs the script of a recipe as Pipeline would, with its file and its environment. */
    private Output run(String recipe, String options) throws Exception {
        String text = new Recipes(emulator).text(recipe).replace("\\\n", ""); // joins lines, as in Groovy
        Map<String, String> variables = new TreeMap<>(environment);
        Matcher variable = VARIABLE.matcher(text);
        while (variable.find()) {
            if (variable.group(4) != null) {
                bind(variables, variable.group(1), variable.group(4));
            } else {
                String value = variable.group(2);
                variables.put(variable.group(1), value != null ? value : expanded(variable.group(3), variables));
            }
        }
        Matcher binding = BINDING.matcher(text);
        while (binding.find()) {
            if (binding.group(1) != null) {
                variables.put(binding.group(2), credential(binding.group(1)));
            } else {
                variables.put(binding.group(3), expanded(binding.group(4), variables));
            }
        }
        Matcher file = FILE.matcher(text);
        if (file.find()) {
            Files.writeString(workspace.resolve(file.group(1)), expanded(file.group(2), variables));
        }
        Matcher script = SCRIPT.matcher(text);
        assertTrue(text, script.find());
        return execute(script.group(1), options, variables);
    }

    private Output execute(String script, String options, Map<String, String> variables) throws Exception {
        File out = temporary.newFile();
        File errors = temporary.newFile();
        ProcessBuilder builder = new ProcessBuilder("sh", options, "-c", script)
                .directory(workspace.toFile())
                .redirectOutput(out)
                .redirectError(errors);
        builder.environment().putAll(variables);
        int status = builder.start().waitFor();
        return new Output(
                status,
                Files.readString(out.toPath(), StandardCharsets.UTF_8),
                Files.readString(errors.toPath(), StandardCharsets.UTF_8));
    }

    private void bind(Map<String, String> variables, String name, String credentialsId) {
        if (credentialsId.equals("azure-app")) {
            variables.put(name + "_USR", emulator.clientId());
            variables.put(name + "_PSW", secret);
        } else {
            variables.put(name, credential(credentialsId));
        }
    }

    private String credential(String id) {
        return switch (id) {
            case "mkio-token" -> emulator.live().mkIoToken();
            case "ravnur-key" -> emulator.live().ravnurKey();
            default -> throw new IllegalArgumentException("no such credentials: " + id);
        };
    }

    private static String expanded(String text, Map<String, String> variables) {
        return EXPRESSION.matcher(text).replaceAll(match -> {
            String value = variables.get(match.group(1));
            if (value == null) {
                throw new IllegalArgumentException("no variable " + match.group(1) + " for " + text);
            }
            return Matcher.quoteReplacement(value);
        });
    }
}
