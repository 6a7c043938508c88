/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.wait;

import static org.awaitility.Awaitility.await;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.hasSize;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import hudson.ExtensionList;
import hudson.console.ConsoleLogFilter;
import hudson.console.LineTransformationOutputStream;
import hudson.model.FreeStyleBuild;
import hudson.model.FreeStyleProject;
import hudson.model.Result;
import hudson.model.Run;
import hudson.model.User;
import io.jenkins.plugins.ams.emulator.EmulatedJob;
import io.jenkins.plugins.ams.emulator.Fault;
import io.jenkins.plugins.ams.emulator.JobScript;
import io.jenkins.plugins.ams.emulator.RequestKind;
import io.jenkins.plugins.ams.freestyle.WaitForAmsJobBuilder;
import io.jenkins.plugins.ams.page.AmsJobsAction;
import io.jenkins.plugins.ams.result.CancelStatus;
import io.jenkins.plugins.ams.result.WaitRecord;
import io.jenkins.plugins.ams.testing.AmsJenkinsRule;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import jenkins.model.Jenkins;
import net.sf.json.JSONObject;
import org.htmlunit.HttpMethod;
import org.htmlunit.Page;
import org.htmlunit.WebRequest;
import org.htmlunit.html.HtmlAnchor;
import org.htmlunit.html.HtmlPage;
import org.jenkinsci.plugins.workflow.cps.CpsFlowDefinition;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.JenkinsSessionRule;
import org.jvnet.hudson.test.MockAuthorizationStrategy;
import org.jvnet.hudson.test.TestExtension;

/** Tests that a build ends when a user cancels its job while the build waits, even after a restart. */
public class UserCancellationJenkinsTest {

    private static final String CONSOLE_LINE =
            "[AMS] Canceled by Ada Admin (admin); requesting cancellation of the job";

    @Rule
    public final AmsJenkinsRule ams = new AmsJenkinsRule();

    @Rule
    public final JenkinsSessionRule sessions = new JenkinsSessionRule();

    private EmulatedJob job;

    @Before
    public void addJob() {
        job = ams.emulator()
                .addJob(JobScript.named("Encoding")
                        .task("Encode", Duration.ofHours(1))
                        .canceling(Duration.ofSeconds(1)));
    }

    /** The polling interval is an hour, but the build ends as soon as the job has been canceled. */
    @Test
    public void aPipelineEndsWithItsJob() throws Throwable {
        sessions.then(jenkins -> {
            secure(jenkins);
            WorkflowRun run = startPipeline(jenkins, ", pollInterval: 3600, propagate: false");
            for (String path : List.of(run.getUrl(), run.getUrl() + "ams-jobs/", "ams-waits/")) {
                assertEquals(path, "Encoding", cancelLink(jenkins, path).getAttribute("data-message"));
            }
            click(jenkins, "ams-waits/");
            assertThat(
                    page(jenkins, "ams-waits/").querySelectorAll(".confirmation-link[data-url*=cancel]"), hasSize(0));
            jenkins.assertBuildStatusSuccess(jenkins.waitForCompletion(run));
            jenkins.assertLogContains(CONSOLE_LINE, run);
            jenkins.assertLogContains("[AMS] The service is canceling the job", run);
            jenkins.assertLogContains("[AMS] 'Encoding': Canceled", run);
            assertEquals(CancelStatus.ACCEPTED, record(run).getCancelStatus());
        });
    }

    @Test
    public void aFreestyleBuildEndsWithItsJob() throws Throwable {
        sessions.then(jenkins -> {
            secure(jenkins);
            FreeStyleProject project = jenkins.createFreeStyleProject("encode");
            project.getBuildersList().add(new WaitForAmsJobBuilder(job.id()));
            FreeStyleBuild build = project.scheduleBuild2(0).waitForStart();
            jenkins.waitForMessage("Processing", build);
            click(jenkins, build.getUrl());
            jenkins.assertBuildStatus(Result.FAILURE, jenkins.waitForCompletion(build));
            jenkins.assertLogContains(CONSOLE_LINE, build);
            jenkins.assertLogContains("[AMS] The service is canceling the job", build);
            jenkins.assertLogContains("[AMS] 'Encoding': Canceled", build);
        });
    }

    @Test
    public void aRejectedRequestIsShownAndCanBeRepeated() throws Throwable {
        ams.emulator()
                .faults()
                .inject(Fault.error(403, "AuthorizationFailed", "no role").on(RequestKind.CANCEL));
        sessions.then(jenkins -> {
            secure(jenkins);
            WorkflowRun run = startPipeline(jenkins, ", pollInterval: 2");
            click(jenkins, run.getUrl() + "ams-jobs/");
            await().atMost(Duration.ofMinutes(2)).until(() -> record(run).getCancelStatus() == CancelStatus.FAILED);
            assertThat(
                    page(jenkins, "ams-waits/")
                            .querySelector(".ams-rows__notice")
                            .getTextContent(),
                    containsString("The job could not be canceled; cancel it manually"));
            assertTrue(run.isBuilding());
            ams.emulator().faults().clear();
            click(jenkins, run.getUrl() + "ams-jobs/");
            jenkins.assertBuildStatus(Result.FAILURE, jenkins.waitForCompletion(run));
            jenkins.assertLogContains("could not be canceled", run);
            jenkins.assertLogContains("[AMS] 'Encoding': Canceled", run);
        });
    }

    /** The job costs money until it is canceled, so the request must not wait for the console. */
    @Test
    public void aHungConsoleDelaysNoRequest() throws Throwable {
        sessions.then(jenkins -> {
            secure(jenkins);
            HungConsole console = ExtensionList.lookupSingleton(HungConsole.class);
            FreeStyleProject project = jenkins.createFreeStyleProject("encode");
            project.getBuildersList().add(new WaitForAmsJobBuilder(job.id()));
            FreeStyleBuild build = project.scheduleBuild2(0).waitForStart();
            jenkins.waitForMessage("Processing", build);
            click(jenkins, build.getUrl());
            try {
                await().atMost(Duration.ofMinutes(1))
                        .until(() -> ams.emulator().requests().count(RequestKind.CANCEL) > 0);
            } finally {
                console.released.countDown();
            }
            jenkins.assertBuildStatus(Result.FAILURE, jenkins.waitForCompletion(build));
            jenkins.assertLogContains(CONSOLE_LINE, build);
        });
    }

    /** Blocks when the console shows who canceled the job. */
    @TestExtension("aHungConsoleDelaysNoRequest")
    public static final class HungConsole extends ConsoleLogFilter {
        private final transient CountDownLatch released = new CountDownLatch(1);

        @Override
        public OutputStream decorateLogger(Run build, OutputStream console) {
            return new LineTransformationOutputStream.Delegating(console) {
                @Override
                protected void eol(byte[] line, int length) throws IOException {
                    if (new String(line, 0, length, StandardCharsets.UTF_8).startsWith(CONSOLE_LINE)) {
                        try {
                            released.await();
                        } catch (InterruptedException e) {
                            throw new InterruptedIOException();
                        }
                    }
                    out.write(line, 0, length);
                }
            };
        }
    }

    @Test
    public void aRequestContinuesAfterARestart() throws Throwable {
        ams.emulator().faults().inject(Fault.status(503).on(RequestKind.CANCEL));
        sessions.then(jenkins -> {
            secure(jenkins);
            WorkflowRun run = startPipeline(jenkins, "");
            click(jenkins, run.getUrl());
            await().atMost(Duration.ofMinutes(1))
                    .until(() -> ams.emulator().requests().count(RequestKind.CANCEL) > 0);
        });
        sessions.then(jenkins -> {
            WorkflowRun run = resumed(jenkins);
            JSONObject wait = JSONObject.fromObject(page(jenkins, "ams-waits/api/json", "application/json")
                            .getWebResponse()
                            .getContentAsString())
                    .getJSONArray("waits")
                    .getJSONObject(0);
            assertEquals("REQUESTED", wait.getString("cancelStatus"));
            assertEquals("encode #1", wait.getString("build"));
            assertEquals(AmsJenkinsRule.ACCOUNT, wait.getString("account"));
            ams.emulator().faults().clear();
            jenkins.assertBuildStatus(Result.FAILURE, jenkins.waitForCompletion(run));
            jenkins.assertLogContains("[AMS] 'Encoding': Canceled", run);
        });
    }

    /** The process is killed after the record of the wait is written to disk, but before the request is. */
    @Test
    public void aRequestThatWasNotStoredIsRepeatedAfterARestart() throws Throwable {
        ams.emulator().faults().inject(Fault.status(503).on(RequestKind.CANCEL));
        sessions.then(jenkins -> {
            secure(jenkins);
            WorkflowRun run = startPipeline(jenkins, "");
            click(jenkins, run.getUrl());
            await().atMost(Duration.ofMinutes(1))
                    .until(() -> ams.emulator().requests().count(RequestKind.CANCEL) > 0);
        });
        Path file = sessions.getHome().toPath().resolve("azure-media-services-cancellations.xml");
        Files.delete(file);
        ams.emulator().faults().clear();
        sessions.then(jenkins -> {
            WorkflowRun run = resumed(jenkins);
            jenkins.assertBuildStatus(Result.FAILURE, jenkins.waitForCompletion(run));
            jenkins.assertLogContains("[AMS] The service is canceling the job", run);
            jenkins.assertLogContains("[AMS] 'Encoding': Canceled", run);
        });
    }

    /** Sets up an administrator, whose session the requests of {@link #page} use. */
    private void secure(JenkinsRule jenkins) throws Exception {
        ams.configure();
        jenkins.jenkins.setSecurityRealm(jenkins.createDummySecurityRealm());
        jenkins.jenkins.setAuthorizationStrategy(new MockAuthorizationStrategy()
                .grant(Jenkins.ADMINISTER)
                .everywhere()
                .to("admin"));
        User admin = User.getById("admin", true);
        admin.setFullName("Ada Admin");
        admin.save();
    }

    private WorkflowRun startPipeline(JenkinsRule jenkins, String more) throws Exception {
        WorkflowJob project = jenkins.createProject(WorkflowJob.class, "encode");
        project.setDefinition(new CpsFlowDefinition("waitForAmsJob jobId: '" + job.id() + "'" + more, true));
        WorkflowRun run = project.scheduleBuild2(0).waitForStart();
        jenkins.waitForMessage("Processing", run);
        return run;
    }

    private static WorkflowRun resumed(JenkinsRule jenkins) throws Exception {
        WorkflowRun run =
                jenkins.jenkins.getItemByFullName("encode", WorkflowJob.class).getBuildByNumber(1);
        jenkins.waitForMessage("Jenkins was restarted", run);
        return run;
    }

    private static WaitRecord record(Run<?, ?> run) {
        return run.getAction(AmsJobsAction.class).getJobs().get(0);
    }

    private static HtmlPage page(JenkinsRule jenkins, String path) throws Exception {
        return (HtmlPage) page(jenkins, path, "text/html");
    }

    private static Page page(JenkinsRule jenkins, String path, String type) throws Exception {
        return jenkins.createWebClient()
                .withJavaScriptEnabled(false)
                .login("admin")
                .goTo(path, type);
    }

    private static HtmlAnchor cancelLink(JenkinsRule jenkins, String path) throws Exception {
        HtmlAnchor link = page(jenkins, path).querySelector(".confirmation-link[data-url*='cancel?job=']");
        assertEquals(path, "true", link.getAttribute("data-post"));
        return link;
    }

    /** Sends what the button sends once the user has confirmed. */
    private static void click(JenkinsRule jenkins, String path) throws Exception {
        HtmlAnchor link = cancelLink(jenkins, path);
        HtmlPage page = (HtmlPage) link.getPage();
        JenkinsRule.WebClient client = (JenkinsRule.WebClient) page.getWebClient();
        WebRequest request = new WebRequest(page.getFullyQualifiedUrl(link.getAttribute("data-url")), HttpMethod.POST);
        request.setAdditionalHeader("Referer", page.getUrl().toString());
        Page next = client.getPage(client.addCrumb(request));
        assertEquals("the same page", page.getUrl(), next.getUrl());
        assertThat(next.getWebResponse().getContentAsString(), containsString("ancel"));
    }
}
