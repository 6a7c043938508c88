/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import hudson.model.FreeStyleProject;
import hudson.model.Item;
import hudson.model.Result;
import hudson.model.Run;
import io.jenkins.plugins.ams.emulator.EmulatedJob;
import io.jenkins.plugins.ams.emulator.Fault;
import io.jenkins.plugins.ams.emulator.JobScript;
import io.jenkins.plugins.ams.emulator.RequestKind;
import io.jenkins.plugins.ams.freestyle.WaitForAmsJobBuilder;
import io.jenkins.plugins.ams.page.AmsJobsAction;
import io.jenkins.plugins.ams.result.WaitRecord;
import io.jenkins.plugins.ams.testing.AmsJenkinsRule;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import jenkins.model.Jenkins;
import net.sf.json.JSONObject;
import org.htmlunit.WebResponse;
import org.jenkinsci.plugins.workflow.cps.CpsFlowDefinition;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.RuleChain;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.MockAuthorizationStrategy;

/**
 * A signature in the URL of an asset gives access to the storage. Users who can read a job never see one, in whatever
 * spelling the service sends it.
 */
public class SignaturesJenkinsTest {

    /** Spellings of a URL with a signature, for which %s stands. */
    private static final List<String> SPELLINGS = List.of(
            "https://a.blob.core.windows.net/c/b.mp4?sv=2020-08-04&sig=%s&se=2024",
            "https%%3A%%2F%%2Fa.blob.core.windows.net%%2Fb%%3Fsig%%3D%s",
            "https%%3A%%2F%%2Fa.blob.core.windows.net%%2Fb%%3Fsv%%3D1%%26sig%%3D%s%%26se%%3D2024",
            "https%%253A%%252F%%252Fa%%252Fb%%253Fsig%%253D%s",
            "https://a.blob.core.windows.net/b?sv=1\\u0026sig=%s\\u0026se=2024",
            "https://a.blob.core.windows.net/b?sv=1\\\\u0026SIG\\\\u003d%s",
            "sv=1 sig=%s",
            "sig = %s (expired)",
            "https://a.blob.core.windows.net/b?sv=1&amp;sig=%s&amp;se=1",
            "https://a.blob.core.windows.net/b?sv=1;sig&#61;%s",
            "{\"sv\":\"1\",\"sig\":\"%s\"}",
            "https://bucket.s3.amazonaws.com/a?X-Amz-Signature=%s",
            "BlobEndpoint=https://a.blob.core.windows.net/;AccountKey=%s;EndpointSuffix=x");

    private static final List<String> PAGES = List.of(
            "",
            "console",
            "consoleText",
            "api/json?depth=5",
            "api/xml?depth=5",
            "ams-jobs/",
            "ams-jobs/sections",
            "ams-jobs/lines",
            "ams-jobs/api/json?depth=5",
            "ams-jobs/api/xml?depth=5");

    private final AmsJenkinsRule ams = new AmsJenkinsRule();
    private final JenkinsRule j = new JenkinsRule();

    @Rule
    public final RuleChain rules = RuleChain.outerRule(ams).around(j);

    private JenkinsRule.WebClient reader;

    @Before
    public void configure() throws Exception {
        ams.configure();
        j.jenkins.setSecurityRealm(j.createDummySecurityRealm());
        j.jenkins.setAuthorizationStrategy(new MockAuthorizationStrategy()
                .grant(Jenkins.READ, Item.READ)
                .everywhere()
                .to("reader"));
        reader = j.createWebClient().withJavaScriptEnabled(false).login("reader");
    }

    @After
    public void close() {
        reader.close();
    }

    @Test
    public void errorsOfJobsShowNoSignature() throws Exception {
        List<String> waits = new ArrayList<>();
        for (int i = 0; i < SPELLINGS.size(); i++) {
            EmulatedJob job = ams.addRunningJob("Encoding");
            job.fail("ErrorDownloadingInputAsset", "Cannot read input " + i + ": " + address(i));
            waits.add("b%d: { waitForAmsJob '%s' }".formatted(i, job.id()));
        }
        WorkflowRun run = pipeline("parallel " + String.join(", ", waits));
        j.assertBuildStatus(Result.FAILURE, run);

        assertNoSignatureIsShown(run);
        String console = get(run, "consoleText");
        String page = bodies(run);
        String api = get(run, "ams-jobs/api/json?depth=5");
        for (int i = 0; i < SPELLINGS.size(); i++) {
            for (String shown : List.of(console, page, api)) {
                assertThat(shown, containsString("Cannot read input " + i + ": "));
            }
        }
        assertEquals(
                SPELLINGS.size(),
                JSONObject.fromObject(api).getJSONArray("jobs").size());
    }

    @Test
    public void namesOfTheServiceShowNoSignature() throws Exception {
        List<String> waits = new ArrayList<>();
        for (int i = 0; i < SPELLINGS.size(); i++) {
            EmulatedJob job = ams.emulator()
                    .addJob(JobScript.named("Encode " + i + " " + address(i))
                            .task("Task " + address(i), Duration.ofHours(1))
                            .outputAsset("Asset " + address(i), address(i)));
            job.finish();
            waits.add("b%d: { waitForAmsJob '%s' }".formatted(i, job.id()));
        }
        WorkflowRun run = pipeline("parallel " + String.join(", ", waits));
        j.assertBuildStatusSuccess(run);
        assertNoSignatureIsShown(run);
        String console = get(run, "consoleText");
        for (int i = 0; i < SPELLINGS.size(); i++) {
            assertThat(console, containsString("Encode " + i + " "));
        }
    }

    @Test
    public void rejectionsShowNoSignature() throws Exception {
        for (int i = 0; i < SPELLINGS.size(); i++) {
            String text = "Rejected " + i + ": " + address(i);
            assertRejected(i, Fault.error(403, "Forbidden", text).on(RequestKind.JOBS));
            String body = new JSONObject()
                    .element("error", "invalid_request")
                    .element("error_description", "AADSTS90014: " + text)
                    .toString();
            assertRejected(i, Fault.status(400).body("application/json", body).on(RequestKind.TOKEN));
        }
    }

    private void assertRejected(int i, Fault fault) throws Exception {
        ams.emulator().azureAd().rotateSecret("secret " + j.jenkins.getItems().size());
        String credentials = "new-" + j.jenkins.getItems().size(); // those that have worked are not given up at once
        ams.addCredentials(credentials, ams.emulator().clientSecret());
        FreeStyleProject project = j.createFreeStyleProject();
        WaitForAmsJobBuilder builder =
                new WaitForAmsJobBuilder(ams.addRunningJob("Encoding").id());
        builder.setCredentialsId(credentials);
        project.getBuildersList().add(builder);
        ams.emulator().faults().inject(fault);
        Run<?, ?> run = j.buildAndAssertStatus(Result.FAILURE, project);
        ams.emulator().faults().clear();
        assertThat(get(run, "consoleText"), containsString("Rejected " + i + ": "));
        assertNoSignatureIsShown(run);
    }

    private void assertNoSignatureIsShown(Run<?, ?> run) throws Exception {
        for (String path : PAGES) {
            assertNoSignature(path, get(run, path));
        }
        assertNoSignature("the details of the jobs", bodies(run));
        try (Stream<Path> files = Files.walk(run.getRootDir().toPath())) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                assertNoSignature(file.toString(), Files.readString(file, StandardCharsets.ISO_8859_1));
            }
        }
    }

    private static void assertNoSignature(String where, String text) {
        List<String> shown = IntStream.range(0, SPELLINGS.size())
                .filter(i -> text.contains(start(i)) || text.contains(end(i)))
                .mapToObj(SPELLINGS::get)
                .toList();
        assertTrue(where + " shows the signatures of " + shown, shown.isEmpty());
    }

    private String get(Run<?, ?> run, String path) throws Exception {
        WebResponse response = reader.goTo(run.getUrl() + path, null).getWebResponse();
        assertEquals(path, 200, response.getStatusCode());
        return response.getContentAsString();
    }

    /** Returns the details of all jobs, which the page requests when a user opens them. */
    private String bodies(Run<?, ?> run) throws Exception {
        StringBuilder bodies = new StringBuilder();
        for (WaitRecord job : run.getAction(AmsJobsAction.class).getJobs()) {
            bodies.append(get(run, "ams-jobs/job/" + job.getGuid() + "/body"));
        }
        return bodies.toString();
    }

    private WorkflowRun pipeline(String script) throws Exception {
        WorkflowJob project = j.createProject(WorkflowJob.class);
        project.setDefinition(new CpsFlowDefinition(script, true));
        return j.waitForCompletion(project.scheduleBuild2(0).waitForStart());
    }

    private static String address(int i) {
        return SPELLINGS.get(i).formatted(start(i) + "%2FcD%2B" + end(i) + "%3D");
    }

    private static String start(int i) {
        return "Sg" + i + "aQ";
    }

    private static String end(int i) {
        return "Zt" + i + "eK";
    }
}
