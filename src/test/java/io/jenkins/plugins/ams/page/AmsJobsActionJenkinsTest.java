/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.page;

import static org.awaitility.Awaitility.await;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.not;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNotNull;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertSame;
import static org.junit.Assert.assertTrue;

import hudson.model.FreeStyleBuild;
import hudson.model.FreeStyleProject;
import hudson.model.Item;
import hudson.model.Result;
import hudson.model.Run;
import io.jenkins.plugins.ams.emulator.EmulatedJob;
import io.jenkins.plugins.ams.emulator.Fault;
import io.jenkins.plugins.ams.emulator.JobScript;
import io.jenkins.plugins.ams.emulator.RequestKind;
import io.jenkins.plugins.ams.freestyle.WaitForAmsJobBuilder;
import io.jenkins.plugins.ams.result.WaitRecord;
import io.jenkins.plugins.ams.result.WaitStatus;
import io.jenkins.plugins.ams.testing.AmsJenkinsRule;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import jenkins.model.Jenkins;
import net.sf.json.JSONObject;
import org.htmlunit.CollectingAlertHandler;
import org.htmlunit.html.DomElement;
import org.htmlunit.html.DomNode;
import org.htmlunit.html.HtmlPage;
import org.jenkinsci.plugins.workflow.actions.LabelAction;
import org.jenkinsci.plugins.workflow.cps.CpsFlowDefinition;
import org.jenkinsci.plugins.workflow.graph.FlowNode;
import org.jenkinsci.plugins.workflow.graphanalysis.DepthFirstScanner;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.MockAuthorizationStrategy;

/** The page of AMS jobs: what people and scripts see of it. */
public class AmsJobsActionJenkinsTest {

    private static final List<String> HOSTILE = List.of(
            "<img src=x onerror=alert(1)>",
            "'+alert(1)+'",
            "\"><script>alert(1)</script>",
            "</title><svg onload=alert(1)>");

    @Rule
    public final AmsJenkinsRule ams = new AmsJenkinsRule();

    @Rule
    public final JenkinsRule jenkins = new JenkinsRule();

    @Before
    public void configure() throws Exception {
        ams.configure();
    }

    @Test
    public void showsARunningJobAndUpdatesItsProgress() throws Exception {
        EmulatedJob job = ams.addRunningJob("Encoding BigBuckBunny");
        job.setProgress(0, 20);
        WorkflowRun run = start("waitForAmsJob jobId: '" + job.id() + "', pollInterval: 2");
        waitForState(run, "Processing");
        try (JenkinsRule.WebClient client = jenkins.createWebClient()) {
            for (String path : List.of("", "ams-jobs/")) {
                job.setProgress(0, 20);
                await().until(() -> only(run).getJob().getProgress() == 20);
                HtmlPage page = client.getPage(run, path);
                DomElement shown = page.querySelector("[data-ams-job]");
                assertThat(shown.getTextContent(), containsString("Encoding BigBuckBunny"));
                assertEquals("Processing", part(shown, "state").getTextContent().trim());
                assertEquals("20", part(shown, "bar").getAttribute("value"));
                assertEquals("20%", part(shown, "percent").getTextContent().trim());

                job.setProgress(0, 70);
                await().atMost(Duration.ofSeconds(30)).until(() -> {
                    client.waitForBackgroundJavaScript(500);
                    return part(page.querySelector("[data-ams-job]"), "percent")
                            .getTextContent()
                            .trim()
                            .equals("70%");
                });
            }
            job.finish();
            jenkins.assertBuildStatusSuccess(jenkins.waitForCompletion(run));
        }
    }

    @Test
    public void anOpenPageShowsTheEndAndStopsRefreshing() throws Exception {
        EmulatedJob job = ams.addRunningJob("Encoding");
        WorkflowRun run = start("waitForAmsJob jobId: '" + job.id() + "', pollInterval: 2");
        waitForState(run, "Processing");
        try (JenkinsRule.WebClient client = jenkins.createWebClient()) {
            HtmlPage page = client.getPage(run, "ams-jobs/");
            job.finish();
            jenkins.assertBuildStatusSuccess(jenkins.waitForCompletion(run));
            await().atMost(Duration.ofSeconds(30)).until(() -> {
                client.waitForBackgroundJavaScript(500);
                DomElement shown = page.querySelector("[data-ams-job]");
                return shown.getAttribute("data-ams-state").equals("Finished")
                        && shown.getTextContent().contains("nb:cid:UUID:");
            });
            await().atMost(Duration.ofSeconds(30)).until(() -> client.waitForBackgroundJavaScript(500) == 0);
        }
    }

    @Test
    public void keepsTheFocusWhenTheListIsRebuilt() throws Exception {
        EmulatedJob job = ams.addRunningJob("Encoding");
        EmulatedJob other = ams.addRunningJob("Indexing");
        WorkflowRun run = start("parallel a: { waitForAmsJob jobId: '%s', pollInterval: 2 }, b: { waitForAmsJob '%s' }"
                .formatted(job.id(), other.id()));
        await().until(() -> jobs(run).size() == 2
                && jobs(run).stream()
                        .allMatch(seen -> "Processing".equals(seen.getJob().getState())));
        try (JenkinsRule.WebClient client = jenkins.createWebClient()) {
            HtmlPage page = client.getPage(run);
            DomElement link = page.querySelector("[data-ams-job='" + guid(other) + "'] a");
            link.focus();
            job.finish();
            await().atMost(Duration.ofSeconds(30)).until(() -> {
                client.waitForBackgroundJavaScript(500);
                return !page.querySelectorAll("[data-ams-state=Finished]").isEmpty();
            });
            DomElement focused = page.getFocusedElement();
            assertEquals("a", focused.getTagName());
            assertEquals("Indexing", focused.getTextContent());
        }
        other.finish();
        jenkins.assertBuildStatusSuccess(jenkins.waitForCompletion(run));
    }

    @Test
    public void keepsTheListWhileAJobIsUnknown() throws Exception {
        ams.emulator().faults().inject(Fault.status(503).on(RequestKind.JOBS));
        WorkflowRun run =
                start("waitForAmsJob '" + ams.addRunningJob("Encoding").id() + "'");
        await().until(() -> jobs(run).size() == 1 && only(run).getWarning() != null);
        try (JenkinsRule.WebClient client = jenkins.createWebClient()) {
            HtmlPage page = client.getPage(run);
            DomElement shown = page.querySelector("[data-ams-job]");
            client.waitForBackgroundJavaScript(5000);
            assertSame(shown, page.querySelector("[data-ams-job]"));
        }
        run.doStop();
        jenkins.assertBuildStatus(Result.ABORTED, jenkins.waitForCompletion(run));
    }

    @Test
    public void showsServiceErrorsWhileTheyLast() throws Exception {
        EmulatedJob job = ams.addRunningJob("Encoding");
        WorkflowRun run = start("waitForAmsJob jobId: '" + job.id() + "', pollInterval: 2");
        waitForState(run, "Processing");
        try (JenkinsRule.WebClient client = jenkins.createWebClient()) {
            HtmlPage page = client.getPage(run);
            assertNull(page.querySelector(".ams-line__notice"));
            ams.emulator().faults().inject(Fault.status(503).on(RequestKind.JOBS));
            await().atMost(Duration.ofSeconds(60)).until(() -> {
                client.waitForBackgroundJavaScript(500);
                DomElement notice = page.querySelector(".ams-line__notice");
                return notice != null && notice.getTextContent().contains("503");
            });
            String banner = ((HtmlPage) client.getPage(run, "ams-jobs/"))
                    .querySelector(".jenkins-alert-warning")
                    .getTextContent();
            assertThat(banner, containsString("503"));
            assertThat(banner, containsString("Since "));
            HtmlPage again = client.getPage(run);
            assertNotNull(again.querySelector(".ams-line__notice"));
            ams.emulator().faults().clear();
            await().atMost(Duration.ofSeconds(60)).until(() -> {
                client.waitForBackgroundJavaScript(500);
                return again.querySelector(".ams-line__notice") == null;
            });
        }
        job.finish();
        jenkins.assertBuildStatusSuccess(jenkins.waitForCompletion(run));
    }

    @Test
    public void showsTimelineErrorsAndAssetsOfEndedJobs() throws Exception {
        EmulatedJob job = ams.emulator()
                .addJob(JobScript.named("Broken preset")
                        .task("Encode", Duration.ofHours(1))
                        .task("Index", Duration.ofHours(1))
                        .outputAsset("encoded", "https://store.blob.core.windows.net/asset-1")
                        .outputAsset("odd", "javascript:alert(1)")
                        .deletedOutputAsset());
        WorkflowRun run = start("waitForAmsJob jobId: '" + job.id() + "', pollInterval: 2");
        waitForState(run, "Processing");
        job.fail("ErrorParsingConfiguration", "The preset is not valid.");
        jenkins.assertBuildStatus(Result.FAILURE, jenkins.waitForCompletion(run));
        try (JenkinsRule.WebClient client = jenkins.createWebClient()) {
            HtmlPage page = client.getPage(run, "ams-jobs/");
            String text = page.querySelector(".ams-jobs").getTextContent();
            for (String expected : List.of(
                    "Broken preset",
                    job.id(),
                    "media-test",
                    "Encode",
                    "Index",
                    "ErrorParsingConfiguration",
                    "The preset is not valid.",
                    "https://store.blob.core.windows.net/asset-1",
                    "javascript:alert(1)",
                    "Nonexistent Asset")) {
                assertThat(text, containsString(expected));
            }
            assertEquals(2, page.querySelectorAll("svg.ams-timeline").size());
            DomElement encoded = page.querySelector("svg.ams-timeline");
            assertThat(encoded.getAttribute("aria-label"), containsString("Processing "));
            assertNotNull(encoded.querySelector(".ams-timeline__segment--processing"));
            assertEquals(1, page.querySelectorAll(".ams-jobs a").size());
            assertEquals(
                    "https://store.blob.core.windows.net/asset-1",
                    ((DomElement) page.querySelector(".ams-jobs a")).getAttribute("href"));
            assertEquals("nothing is left to ask for", 0, client.waitForBackgroundJavaScript(2000));
        }
    }

    @Test
    public void isExposedInTheRestApi() throws Exception {
        EmulatedJob job = ams.emulator()
                .addJob(JobScript.named("Encoding")
                        .task("Encode", Duration.ofHours(1))
                        .outputAsset("encoded"));
        job.fail("ErrorParsingConfiguration", "The preset is not valid.");
        WorkflowRun run = start("waitForAmsJob jobId: '" + job.id() + "', propagate: false");
        jenkins.assertBuildStatusSuccess(jenkins.waitForCompletion(run));

        JSONObject page = json(run, "ams-jobs/api/json");
        assertFalse(page.getBoolean("building"));
        JSONObject shown = page.getJSONArray("jobs").getJSONObject(0);
        assertEquals(job.id(), shown.getString("id"));
        assertEquals("Encoding", shown.getString("name"));
        assertEquals("Error", shown.getString("state"));
        assertEquals("media-test", shown.getString("account"));
        assertEquals("ERROR", shown.getString("waitStatus"));
        assertEquals(
                job.created().toString().substring(0, 19),
                shown.getString("created").substring(0, 19));
        for (String key : List.of("progress", "startTime", "endTime", "runningDuration")) {
            assertTrue(key, shown.has(key));
        }
        JSONObject task = shown.getJSONArray("tasks").getJSONObject(0);
        assertEquals("Encode", task.getString("name"));
        assertEquals("Error", task.getString("state"));
        assertEquals(
                "ErrorParsingConfiguration",
                task.getJSONArray("errors").getJSONObject(0).getString("code"));
        JSONObject error = shown.getJSONArray("errors").getJSONObject(0);
        assertEquals("The preset is not valid.", error.getString("message"));
        assertEquals(
                "encoded", shown.getJSONArray("outputAssets").getJSONObject(0).getString("name"));

        JSONObject inBuild = json(run, "api/json").getJSONArray("actions").stream()
                .map(JSONObject.class::cast)
                .filter(action -> action.optString("_class").equals(AmsJobsAction.class.getName()))
                .findFirst()
                .orElseThrow()
                .getJSONArray("jobs")
                .getJSONObject(0);
        assertEquals("Error", inBuild.getString("state"));
        assertFalse("all else is in the page's own API", inBuild.has("tasks"));
    }

    @Test
    public void namesOfTheServiceAreNeverExecuted() throws Exception {
        List<String> waits = new ArrayList<>();
        List<EmulatedJob> jobs = new ArrayList<>();
        for (String hostile : HOSTILE) {
            EmulatedJob job = ams.emulator()
                    .addJob(JobScript.named(hostile)
                            .task(hostile, Duration.ofHours(1))
                            .outputAsset(hostile, hostile));
            jobs.add(job);
            waits.add("b%d: { waitForAmsJob jobId: '%s', propagate: false, pollInterval: 2 }"
                    .formatted(waits.size(), job.id()));
        }
        WorkflowRun run = start("parallel " + String.join(", ", waits));
        await().until(() -> jobs(run).size() == HOSTILE.size()
                && jobs(run).stream()
                        .allMatch(job -> "Processing".equals(job.getJob().getState())));
        assertHarmless(run, jobs);
        jobs.forEach(job -> job.fail(HOSTILE.get(0), HOSTILE.get(2)));
        jenkins.assertBuildStatusSuccess(jenkins.waitForCompletion(run));
        assertHarmless(run, jobs);
    }

    private void assertHarmless(WorkflowRun run, List<EmulatedJob> jobs) throws Exception {
        List<String> paths = new ArrayList<>(List.of("", "ams-jobs/", "ams-jobs/sections", "ams-jobs/lines"));
        jobs.forEach(job -> paths.add("ams-jobs/job/" + guid(job) + "/body"));
        paths.add("flowGraphTable/");
        try (JenkinsRule.WebClient client = jenkins.createWebClient()) {
            CollectingAlertHandler alerts = new CollectingAlertHandler();
            client.setAlertHandler(alerts);
            for (String path : paths) {
                HtmlPage page = client.getPage(run, path);
                client.waitForBackgroundJavaScript(4000);
                assertNull(path, page.querySelector("img[onerror], svg[onload], [onclick]"));
                assertEquals(
                        path,
                        0,
                        page.getByXPath("//script[contains(., 'alert(1)')]").size());
                assertThat(path, page.asXml(), containsString("alert(1)"));
            }
            assertEquals(List.of(), alerts.getCollectedAlerts());
            assertEquals(
                    "application/json",
                    client.goTo(run.getUrl() + "ams-jobs/api/json", "application/json")
                            .getWebResponse()
                            .getContentType());
        }
    }

    @Test
    public void worksWithAStrictContentSecurityPolicy() throws Exception {
        WorkflowRun run =
                start("waitForAmsJob '" + ams.addFinishedJob("Encoding").id() + "'");
        jenkins.assertBuildStatusSuccess(jenkins.waitForCompletion(run));
        try (JenkinsRule.WebClient client = jenkins.createWebClient()) {
            HtmlPage page = client.getPage(run, "ams-jobs/");
            assertThat(
                    page.getWebResponse().getResponseHeaderValue("Content-Security-Policy"),
                    containsString("script-src"));
            String html = ((DomElement) page.querySelector(".ams-jobs")).asXml();
            assertThat(html.toLowerCase(Locale.ROOT), not(containsString("style=")));
            assertThat(html, not(containsString("<script")));
        }
    }

    @Test
    public void showsAFreestyleBuild() throws Exception {
        EmulatedJob job = ams.addRunningJob("Encoding");
        FreeStyleProject project = jenkins.createFreeStyleProject();
        WaitForAmsJobBuilder builder = new WaitForAmsJobBuilder(job.id());
        builder.setPollInterval(2);
        project.getBuildersList().add(builder);
        FreeStyleBuild build = project.scheduleBuild2(0).waitForStart();
        waitForState(build, "Processing");
        try (JenkinsRule.WebClient client = jenkins.createWebClient()) {
            HtmlPage page = client.getPage(build);
            assertEquals("Encoding", page.querySelector(".ams-line__name").getTextContent());
            job.finish();
            jenkins.assertBuildStatusSuccess(jenkins.waitForCompletion(build));
            page = client.getPage(build, "ams-jobs/");
            assertEquals(
                    "Finished", part(page.getBody(), "state").getTextContent().trim());
        }
    }

    @Test
    public void showsThatAnAbortedBuildIsNotWaiting() throws Exception {
        EmulatedJob job = ams.addRunningJob("Encoding");
        WorkflowRun run = start("waitForAmsJob jobId: '" + job.id() + "', pollInterval: 2");
        waitForState(run, "Processing");
        run.doStop();
        jenkins.assertBuildStatus(Result.ABORTED, jenkins.waitForCompletion(run));
        assertEquals(WaitStatus.ABORTED, only(run).getStatus());
        try (JenkinsRule.WebClient client = jenkins.createWebClient()) {
            assertThat(
                    client.getPage(run, "ams-jobs/")
                            .querySelector(".jenkins-alert")
                            .getTextContent(),
                    containsString("aborted"));
        }
    }

    @Test
    public void showsThatTheJobOfAnAbortedBuildIsCanceled() throws Exception {
        EmulatedJob job = ams.emulator()
                .addJob(JobScript.named("Encoding")
                        .task("Encode", Duration.ofHours(1))
                        .canceling(Duration.ofHours(1)));
        WorkflowRun run = start("waitForAmsJob jobId: '" + job.id() + "', pollInterval: 2, cancelOnAbort: true");
        waitForState(run, "Processing");
        run.doStop();
        jenkins.assertBuildStatus(Result.ABORTED, jenkins.waitForCompletion(run));
        JSONObject told = json(run, "ams-jobs/api/json").getJSONArray("jobs").getJSONObject(0);
        assertEquals("ABORTED", told.getString("waitStatus"));
        assertEquals("ACCEPTED", told.getString("cancelStatus"));
        await().until(() -> Files.readString(run.getRootDir().toPath().resolve(JobFile.NAME))
                .contains("\"cancelStatus\":\"ACCEPTED\""));
        try (JenkinsRule.WebClient client = jenkins.createWebClient()) {
            for (String path : List.of("", "ams-jobs/")) {
                assertThat(
                        path,
                        client.getPage(run, path)
                                .querySelector(".ams-line__notice, .ams-message")
                                .getTextContent(),
                        containsString("The service is canceling the job."));
            }
        }
    }

    @Test
    public void anOpenPageShowsThatAJobWasNotFound() throws Exception {
        EmulatedJob other = ams.addRunningJob("Indexing");
        ams.emulator().faults().inject(Fault.status(503).on(RequestKind.JOBS));
        String unknown = "nb:jid:UUID:00000000-0000-0000-0000-00000000dead";
        WorkflowRun run = start(
                "parallel a: { waitForAmsJob jobId: '%s', pollInterval: 2 }, b: { waitForAmsJob jobId: '%s', pollInterval: 2 }"
                        .formatted(unknown, other.id()));
        await().until(() -> jobs(run).size() == 2);
        try (JenkinsRule.WebClient first = jenkins.createWebClient();
                JenkinsRule.WebClient second = jenkins.createWebClient()) {
            List<HtmlPage> pages = List.of(first.getPage(run), second.getPage(run, "ams-jobs/"));
            pages.forEach(page -> assertThat(page.asNormalizedText(), containsString("Not polled yet")));
            ams.emulator().faults().clear();
            for (HtmlPage page : pages) {
                await().atMost(Duration.ofSeconds(60)).until(() -> {
                    page.getWebClient().waitForBackgroundJavaScript(500);
                    DomElement notFound = page.querySelector("[data-ams-wait-status=JOB_NOT_FOUND]");
                    return notFound != null
                            && part(notFound, "state").getTextContent().equals("Not found");
                });
            }
        }
        other.finish();
        jenkins.assertBuildStatus(Result.FAILURE, jenkins.waitForCompletion(run));
    }

    @Test
    public void showsWhyAJobCouldNotBePolled() throws Exception {
        WorkflowRun run =
                start("waitForAmsJob jobId: '" + ams.addRunningJob("Encoding").id() + "', credentialsId: 'gone'");
        jenkins.assertBuildStatus(Result.FAILURE, jenkins.waitForCompletion(run));
        assertEquals(WaitStatus.FAILED, only(run).getStatus());
        assertThat(only(run).getError(), containsString("'gone'"));
        assertNull(only(run).getJob().getState());
    }

    @Test
    public void requiresReadPermission() throws Exception {
        EmulatedJob job = ams.addFinishedJob("Encoding");
        WorkflowRun run = start("waitForAmsJob '" + job.id() + "'");
        jenkins.assertBuildStatusSuccess(jenkins.waitForCompletion(run));
        jenkins.jenkins.setSecurityRealm(jenkins.createDummySecurityRealm());
        jenkins.jenkins.setAuthorizationStrategy(new MockAuthorizationStrategy()
                .grant(Jenkins.READ)
                .everywhere()
                .to("reader", "other")
                .grant(Item.READ)
                .everywhere()
                .to("reader"));
        for (String path : List.of("", "sections", "lines", "api/json", "job/" + guid(job) + "/body")) {
            try (JenkinsRule.WebClient client =
                    jenkins.createWebClient().withThrowExceptionOnFailingStatusCode(false)) {
                String url = run.getUrl() + "ams-jobs/" + path;
                client.login("other");
                assertEquals(path, 404, client.goTo(url, null).getWebResponse().getStatusCode());
                client.login("reader");
                assertEquals(path, 200, client.goTo(url, null).getWebResponse().getStatusCode());
            }
        }
    }

    @Test
    public void labelsTheStepWithTheJobsName() throws Exception {
        EmulatedJob running = ams.addRunningJob("Encoding\u001b[31m\n<b>BigBuckBunny</b>");
        EmulatedJob finished = ams.addFinishedJob("Trailer");
        WorkflowRun run = start("parallel a: { waitForAmsJob jobId: '%s', pollInterval: 2 }, b: { waitForAmsJob '%s' }"
                .formatted(running.id(), finished.id()));
        await().until(() -> labels(run).containsAll(List.of("Encoding [31m <b>BigBuckBunny</b>", "Trailer")));
        running.finish();
        jenkins.assertBuildStatusSuccess(jenkins.waitForCompletion(run));
        assertEquals("once each", 2, labels(run).size());
    }

    @Test
    public void showsTheMostSevereJobsOnTheBuildPage() throws Exception {
        List<String> waits = new ArrayList<>();
        EmulatedJob failed = null;
        for (int i = 0; i < 15; i++) {
            failed = i < 14 ? ams.addFinishedJob("Encoding " + i) : ams.addRunningJob("Broken");
            waits.add("b%d: { waitForAmsJob jobId: '%s', propagate: false }".formatted(i, failed.id()));
        }
        failed.fail("ErrorProcessingTask", "it broke");
        WorkflowRun run = start("parallel " + String.join(", ", waits));
        jenkins.assertBuildStatusSuccess(jenkins.waitForCompletion(run));
        try (JenkinsRule.WebClient client = jenkins.createWebClient()) {
            HtmlPage page = client.getPage(run);
            assertEquals(
                    JobList.SUMMARY_SIZE,
                    page.querySelectorAll(".ams-lines [data-ams-job]").size());
            assertEquals("Broken", page.querySelector(".ams-line__name").getTextContent());
            assertEquals(
                    List.of("14 Finished", "1 Error"),
                    page.querySelectorAll(".ams-lines [data-ams-count]").stream()
                            .map(DomNode::getTextContent)
                            .toList());
            page = client.getPage(run, "ams-jobs/");
            assertEquals(15, page.querySelectorAll("details").size());
            assertEquals(
                    "what failed is open",
                    1,
                    page.querySelectorAll("details[open]").size());
        }
    }

    @Test
    public void storesNoSecretOfTheService() throws Exception {
        WorkflowRun run =
                start("waitForAmsJob '" + ams.addFinishedJob("Encoding").id() + "'");
        jenkins.assertBuildStatusSuccess(jenkins.waitForCompletion(run));
        await().until(() -> Files.exists(run.getRootDir().toPath().resolve(JobFile.NAME)));
        String saved = Files.readString(run.getRootDir().toPath().resolve("build.xml"))
                + Files.readString(run.getRootDir().toPath().resolve(JobFile.NAME));
        assertThat(saved, containsString("\"name\":\"Encoding\""));
        assertThat(saved, not(containsString(ams.emulator().clientSecret())));
        assertThat(saved, not(containsString("io.jenkins.plugins.ams.service")));
        assertThat(saved, not(containsString("io.jenkins.plugins.ams.polling")));
    }

    private WorkflowRun start(String script) throws Exception {
        WorkflowJob project = jenkins.createProject(WorkflowJob.class);
        project.setDefinition(new CpsFlowDefinition(script, true));
        return project.scheduleBuild2(0).waitForStart();
    }

    private static void waitForState(Run<?, ?> run, String state) {
        await().until(() ->
                jobs(run).size() == 1 && state.equals(only(run).getJob().getState()));
    }

    private static List<WaitRecord> jobs(Run<?, ?> run) {
        AmsJobsAction action = run.getAction(AmsJobsAction.class);
        return action == null ? List.of() : action.getJobs();
    }

    private static WaitRecord only(Run<?, ?> run) {
        assertEquals(1, jobs(run).size());
        return jobs(run).get(0);
    }

    private static String guid(EmulatedJob job) {
        return job.id().substring(job.id().lastIndexOf(':') + 1);
    }

    private static DomElement part(DomElement within, String name) {
        return within.querySelector("[data-ams-part=" + name + "]");
    }

    private JSONObject json(WorkflowRun run, String path) throws IOException {
        return jenkins.getJSON(run.getUrl() + path).getJSONObject();
    }

    private static List<String> labels(WorkflowRun run) {
        List<String> labels = new ArrayList<>();
        for (FlowNode node : new DepthFirstScanner().allNodes(run.getExecution())) {
            LabelAction label = node.getPersistentAction(LabelAction.class);
            if (label != null && node.getDisplayFunctionName().startsWith("waitForAmsJob")) {
                labels.add(label.getDisplayName());
            }
        }
        return labels;
    }
}
