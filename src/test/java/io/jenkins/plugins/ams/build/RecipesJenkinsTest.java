/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.build;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasSize;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;
import static org.junit.Assume.assumeFalse;
import static org.junit.Assume.assumeTrue;

import com.cloudbees.plugins.credentials.CredentialsScope;
import com.cloudbees.plugins.credentials.SystemCredentialsProvider;
import com.cloudbees.plugins.credentials.impl.UsernamePasswordCredentialsImpl;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import hudson.FilePath;
import hudson.Functions;
import hudson.model.FreeStyleBuild;
import hudson.model.FreeStyleProject;
import hudson.model.ParametersAction;
import hudson.model.ParametersDefinitionProperty;
import hudson.model.Result;
import hudson.model.Run;
import hudson.model.StringParameterDefinition;
import hudson.model.StringParameterValue;
import hudson.model.TaskListener;
import hudson.slaves.EnvironmentVariablesNodeProperty;
import hudson.tasks.ArtifactArchiver;
import hudson.tasks.Mailer;
import hudson.tasks.Shell;
import io.jenkins.plugins.ams.config.AmsAccount;
import io.jenkins.plugins.ams.config.AmsGlobalConfiguration;
import io.jenkins.plugins.ams.emulator.EmulatedJob;
import io.jenkins.plugins.ams.emulator.JobScript;
import io.jenkins.plugins.ams.freestyle.WaitForAmsJobBuilder;
import io.jenkins.plugins.ams.testing.AmsJenkinsRule;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jenkinsci.plugins.workflow.cps.CpsFlowDefinition;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.jenkinsci.plugins.workflow.libs.GlobalLibraries;
import org.jenkinsci.plugins.workflow.libs.LibraryConfiguration;
import org.jenkinsci.plugins.workflow.libs.LibraryRetriever;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import org.jvnet.hudson.test.JenkinsRule;

/** Runs the Pipelines of docs/recipes.md with the emulator. */
public class RecipesJenkinsTest {

    private static final Set<String> SUBMISSIONS =
            Set.of("MK.IO", "Ravnur", "AMS v3 with curl", "AMS v3 with the Azure CLI", "AMS v2");
    private static final Set<String> IDS = Set.of("A parameter", "An environment variable", "A list", "A matrix");
    private static final Set<String> OTHERS = Set.of(
            "A shared library step",
            "A shared library step (groovy library)",
            "Send a notification",
            "Submit it again",
            "Fail fast and cancel the other jobs",
            "Use the result in a freestyle project (sh recipe)",
            "Keep the result as an artifact",
            "Read the jobs of a build (sh recipe)",
            "Read the jobs of a build (output)",
            "Cancel old jobs every night");
    private static final List<String> ACCOUNTS = List.of("media-mkio", "media-ravnur", "media-v3", "media-prod");
    private static final ObjectMapper MAPPER = new ObjectMapper();

    @Rule
    public final AmsJenkinsRule ams = new AmsJenkinsRule();

    @Rule
    public final JenkinsRule jenkins = new JenkinsRule();

    @Rule
    public final TemporaryFolder temporary = new TemporaryFolder();

    private Recipes recipes;

    @Before
    public void configure() throws Exception {
        assumeFalse("there is a POSIX shell", Functions.isWindows());
        assumeTrue("curl 7.76 and jq are installed", Recipes.canRun());
        recipes = new Recipes(ams.emulator());
        ams.emulator().submissions().all(script -> script.queued(Duration.ZERO).processing(Duration.ofSeconds(1)));
        ams.configure();
        List<AmsAccount> accounts = new ArrayList<>();
        for (String name : ACCOUNTS) {
            accounts.add(ams.documentedAccount(name));
        }
        AmsGlobalConfiguration.get().setAccounts(accounts);
        AmsJenkinsRule.addSecretText("mkio-token", ams.emulator().live().mkIoToken());
        AmsJenkinsRule.addSecretText("ravnur-key", ams.emulator().live().ravnurKey());
        SystemCredentialsProvider.getInstance()
                .getCredentials()
                .add(new UsernamePasswordCredentialsImpl(
                        CredentialsScope.GLOBAL,
                        "azure-app",
                        "for tests",
                        ams.emulator().clientId(),
                        ams.emulator().clientSecret()));
        List<EnvironmentVariablesNodeProperty.Entry> variables = new ArrayList<>();
        Map<String, String> needed =
                Recipes.install(ams.emulator(), temporary.newFolder("bin").toPath());
        needed.forEach((name, value) -> variables.add(new EnvironmentVariablesNodeProperty.Entry(name, value)));
        jenkins.jenkins.getGlobalNodeProperties().add(new EnvironmentVariablesNodeProperty(variables));
    }

    @Test
    public void everyRecipeIsRun() {
        Set<String> run = new TreeSet<>(SUBMISSIONS);
        run.addAll(IDS);
        run.addAll(OTHERS);
        assertEquals(run, new TreeSet<>(recipes.names()));
    }

    @Test
    public void submitAndWait() throws Exception {
        for (String recipe : SUBMISSIONS) {
            WorkflowRun build = run(recipe, Result.SUCCESS);
            jenkins.assertLogContains("Finished after", build);
            jenkins.assertLogNotContains("Bearer", build);
            jenkins.assertLogNotContains(ams.emulator().clientSecret(), build);
        }
        assertThat(ams.emulator().jobs(), hasSize(SUBMISSIONS.size()));
    }

    @Test
    public void takeTheIdFromElsewhere() throws Exception {
        for (String video : new String[] {"holiday", "trailer"}) {
            for (String rendition : new String[] {"2160p", "1080p"}) {
                addJob(video + "-" + rendition).finish();
            }
        }
        for (String recipe : IDS) {
            WorkflowRun build = run(recipe, Result.SUCCESS);
            int waits = recipe.equals("A matrix") ? 4 : recipe.equals("A list") ? 2 : 1;
            assertEquals(recipe, waits, JenkinsRule.getLog(build).split("Waiting for job", -1).length - 1);
        }
    }

    @Test
    public void useASharedLibrary() throws Exception {
        Path library = temporary.newFolder("library").toPath();
        Files.createDirectories(library.resolve("vars"));
        Files.writeString(
                library.resolve("vars/encode.groovy"), recipes.text("A shared library step (groovy library)"));
        LibraryConfiguration configuration = new LibraryConfiguration("media", new FolderRetriever(library));
        configuration.setDefaultVersion("main");
        GlobalLibraries.get().setLibraries(List.of(configuration));
        WorkflowRun build = run("A shared library step", Result.SUCCESS);
        jenkins.assertLogContains("[holiday-encoded]", build);
    }

    @Test
    public void reactToFailures() throws Exception {
        addJob("holiday-broken").fail("ErrorExecutingTaskMalformedContent", "The input asset contains no media file.");
        EmulatedJob running = addJob("holiday-running");
        WorkflowRun failedFast = run("Fail fast and cancel the other jobs", Result.FAILURE);
        jenkins.assertLogContains("Aborted; requesting cancellation of the job", failedFast);
        assertThat(List.of(5, 6), hasItem(running.state()));

        ams.emulator()
                .submissions()
                .next(
                        1,
                        script -> script.queued(Duration.ZERO)
                                .processing(Duration.ZERO)
                                .endsInError("TransientError", "The storage account was busy."));
        WorkflowRun retried = run("Submit it again", Result.SUCCESS);
        jenkins.assertLogContains("Retrying", retried);
        String last =
                ams.emulator().jobs().get(ams.emulator().jobs().size() - 1).v3Id();
        assertTrue(last, last.endsWith("-2"));

        try (ServerSocket smtp = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            smtp.setSoTimeout(60_000);
            Mailer.descriptor().setSmtpHost(smtp.getInetAddress().getHostAddress());
            Mailer.descriptor().setSmtpPort(Integer.toString(smtp.getLocalPort()));
            CompletableFuture<String> mail = CompletableFuture.supplyAsync(() -> receive(smtp));
            WorkflowRun notified = run("Send a notification", Result.FAILURE);
            String text = mail.get(1, TimeUnit.MINUTES);
            assertThat(text, containsString("Subject: FAILURE: " + notified.getFullDisplayName()));
            assertThat(text, containsString("To: media-team@example.com"));
            assertThat(
                    text,
                    containsString(
                            "AdaptiveStreaming/holiday-broken: " + jenkins.getURL() + notified.getUrl() + "ams-jobs/"));
        }
    }

    @Test
    public void useTheResultInAFreestyleProject() throws Exception {
        EmulatedJob failed = addJob("holiday-broken");
        failed.fail("ErrorExecutingTaskMalformedContent", "The input asset contains no media file.");
        EmulatedJob finished = addJob("holiday");
        finished.finish();
        FreeStyleProject project = jenkins.createFreeStyleProject();
        WaitForAmsJobBuilder wait = new WaitForAmsJobBuilder("$ID");
        wait.setAccount("media-mkio");
        wait.setPropagate(false);
        project.getBuildersList().add(wait);
        project.getBuildersList().add(new Shell(recipes.text("Use the result in a freestyle project (sh recipe)")));
        project.getPublishersList().add(new ArtifactArchiver("ams-job.txt"));
        project.addProperty(new ParametersDefinitionProperty(new StringParameterDefinition("ID")));
        assertEquals(
                failed.v3Id() + " ended in Error\nAMS job 'holiday-broken' ended in Error: ContentMalformed: The input"
                        + " asset contains no media file. (Content, DoNotRetry)\n",
                artifact(project, failed, Result.FAILURE));
        assertEquals(finished.v3Id() + " ended in Finished\n\n", artifact(project, finished, Result.SUCCESS));
    }

    private String artifact(FreeStyleProject project, EmulatedJob job, Result expected) throws Exception {
        FreeStyleBuild build = jenkins.assertBuildStatus(
                expected, project.scheduleBuild2(0, new ParametersAction(new StringParameterValue("ID", job.v3Id()))));
        try (InputStream file =
                build.getArtifactManager().root().child("ams-job.txt").open()) {
            return new String(file.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    public void publishResults() throws Exception {
        ams.emulator()
                .addJob(JobScript.named("Holiday")
                        .transform("AdaptiveStreaming")
                        .v3Name("holiday-broken")
                        .task("2160p", Duration.ZERO)
                        .task("1080p", Duration.ofHours(1)))
                .fail("ErrorExecutingTaskMalformedContent", "The input asset contains no media file.");
        WorkflowRun build = run("Keep the result as an artifact", Result.FAILURE);
        JsonNode artifact = MAPPER.readTree(
                build.getArtifactManager().root().child("ams-job.json").open());
        assertEquals("Error", artifact.get("state").asText());
        assertEquals(
                "The input asset contains no media file.",
                artifact.at("/tasks/1/errors/0/message").asText());
        assertEquals("Holiday - Output", artifact.at("/outputAssets/0").asText());

        JsonNode documented = MAPPER.readTree(recipes.text("Read the jobs of a build (output)"));
        JsonNode read = MAPPER.readTree(shell(recipes.text("Read the jobs of a build (sh recipe)"), build));
        assertEquals(documented, read);
    }

    @Test
    public void cancelOldJobs() throws Exception {
        EmulatedJob running = addJob("holiday-running");
        run("Cancel old jobs every night", Result.SUCCESS);
        assertEquals(2, running.state());
        String text = recipes.text("Cancel old jobs every night").replace("MAX_HOURS = '6'", "MAX_HOURS = '-1'");
        WorkflowRun build = run("without an age", text, Result.SUCCESS);
        jenkins.assertLogContains("Canceled holiday-running", build);
        assertThat(List.of(5, 6), hasItem(running.state()));
    }

    private EmulatedJob addJob(String name) {
        return ams.emulator()
                .addJob(JobScript.named(name)
                        .transform("AdaptiveStreaming")
                        .v3Name(name)
                        .task("Encode", Duration.ofHours(1)));
    }

    private WorkflowRun run(String recipe, Result expected) throws Exception {
        return run(recipe, recipes.text(recipe), expected);
    }

    private WorkflowRun run(String name, String text, Result expected) throws Exception {
        WorkflowJob project = jenkins.createProject(WorkflowJob.class, name.replaceAll("[^\\w]+", "-"));
        project.setDefinition(new CpsFlowDefinition(text, true));
        return jenkins.buildAndAssertStatus(expected, project);
    }

    /** Runs a command of a machine that is not an agent. */
    private String shell(String script, Run<?, ?> build) throws Exception {
        ProcessBuilder builder = new ProcessBuilder("sh", "-e", "-c", script);
        builder.environment().put("BUILD_URL", jenkins.getURL() + build.getUrl());
        builder.environment().put("JENKINS_USER", "reader");
        builder.environment().put("JENKINS_API_TOKEN", "none"); // this Jenkins has no security realm
        Process process = builder.redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(output, 0, process.waitFor());
        return output;
    }

    /** Receives one message like an SMTP server. */
    private static String receive(ServerSocket server) {
        try (Socket socket = server.accept();
                BufferedReader in =
                        new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8))) {
            StringBuilder message = new StringBuilder();
            socket.getOutputStream().write("220 localhost\r\n".getBytes(StandardCharsets.US_ASCII));
            for (String line = in.readLine(); line != null && !line.equals("QUIT"); line = in.readLine()) {
                if (line.equals("DATA")) {
                    socket.getOutputStream().write("354 \r\n".getBytes(StandardCharsets.US_ASCII));
                    for (line = in.readLine(); !line.equals("."); line = in.readLine()) {
                        message.append(line).append('\n');
                    }
                }
                socket.getOutputStream().write("250 OK\r\n".getBytes(StandardCharsets.US_ASCII));
            }
            return message.toString();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Provides a library from a folder. */
    private static final class FolderRetriever extends LibraryRetriever {
        private final String folder;

        FolderRetriever(Path folder) {
            this.folder = folder.toString();
        }

        @Override
        public void retrieve(
                String name, String version, boolean changelog, FilePath target, Run<?, ?> run, TaskListener listener)
                throws Exception {
            new FilePath(new File(folder)).copyRecursiveTo(target);
        }

        @Override
        public void retrieve(String name, String version, FilePath target, Run<?, ?> run, TaskListener listener)
                throws Exception {
            retrieve(name, version, true, target, run, listener);
        }
    }
}
