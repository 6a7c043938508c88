/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.page;

import static org.awaitility.Awaitility.await;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.not;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertSame;

import hudson.model.FreeStyleBuild;
import hudson.model.FreeStyleProject;
import hudson.model.ItemGroup;
import io.jenkins.plugins.ams.config.AmsGlobalConfiguration;
import io.jenkins.plugins.ams.emulator.EmulatedJob;
import io.jenkins.plugins.ams.emulator.Fault;
import io.jenkins.plugins.ams.emulator.RequestKind;
import io.jenkins.plugins.ams.freestyle.WaitForAmsJobBuilder;
import io.jenkins.plugins.ams.testing.AmsJenkinsRule;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import net.sf.json.JSONArray;
import net.sf.json.JSONObject;
import org.htmlunit.CollectingAlertHandler;
import org.htmlunit.html.DomElement;
import org.htmlunit.html.DomNode;
import org.htmlunit.html.HtmlPage;
import org.jenkinsci.plugins.workflow.cps.CpsFlowDefinition;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.RuleChain;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.MockFolder;

/** The page of all waits and its REST API, as an administrator sees them. */
public class AmsWaitsActionJenkinsTest {

    private static final String HOSTILE = "<img src=x onerror=alert(1)>'\"&";

    private final AmsJenkinsRule ams = new AmsJenkinsRule();
    private final JenkinsRule jenkins = new JenkinsRule();

    @Rule
    public final RuleChain rules = RuleChain.outerRule(ams).around(jenkins);

    @Before
    public void configure() throws Exception {
        ams.configure();
    }

    @After
    public void endBuilds() throws Exception {
        ams.emulator().faults().clear();
        for (RunningWait wait : RunningWaits.get().all()) {
            if (wait.run() instanceof WorkflowRun run) {
                run.doKill();
            } else if (wait.run() instanceof FreeStyleBuild build) {
                build.doStop();
            }
            jenkins.waitForCompletion(wait.run());
        }
        await().atMost(Duration.ofMinutes(3))
                .until(() -> RunningWaits.get().all().isEmpty());
    }

    /** The parent of a promotion is a property, and Jenkins checks only its global permissions for the promotion. */
    @Test
    public void aProjectInAPropertyBelongsToThePropertysProject() throws Exception {
        MockFolder films = jenkins.createFolder("films");
        FreeStyleProject owner = films.createProject(FreeStyleProject.class, "encode");
        assertSame(owner, AmsWaitsAction.parent(new Promotion(owner)));
        assertSame(films, AmsWaitsAction.parent(owner));
        assertNull(AmsWaitsAction.parent(films));
    }

    private static final class Promotion extends FreeStyleProject {
        private final FreeStyleProject owner;

        Promotion(FreeStyleProject owner) {
            super(property(), "promotion");
            this.owner = owner;
        }

        private static ItemGroup<?> property() {
            return (ItemGroup<?>) Proxy.newProxyInstance(
                    Promotion.class.getClassLoader(), new Class<?>[] {ItemGroup.class}, (group, method, args) -> null);
        }

        @Override
        public FreeStyleProject getRootProject() {
            return owner;
        }
    }

    @Test
    public void showsEachWaitUntilItEnds() throws Exception {
        EmulatedJob first = ams.addRunningJob("Encoding");
        EmulatedJob second = ams.addRunningJob("Indexing");
        WorkflowRun run = start("waitForAmsJob jobId: '" + first.id() + "', pollInterval: 2");
        FreeStyleProject project = jenkins.createFreeStyleProject("free");
        project.getBuildersList().add(new WaitForAmsJobBuilder(second.id()));
        FreeStyleBuild build = project.scheduleBuild2(0).waitForStart();
        await().atMost(Duration.ofMinutes(1))
                .until(() -> RunningWaits.get().all().stream()
                                .filter(wait -> "Processing"
                                        .equals(wait.record().getJob().getState()))
                                .count()
                        == 2);
        try (JenkinsRule.WebClient client = jenkins.createWebClient()) {
            HtmlPage page = client.goTo("ams-waits/");
            List<DomNode> rows = List.copyOf(page.querySelectorAll("tr[data-ams-job]"));
            assertThat(rows, hasSize(2));
            DomNode row = row(page, "Encoding");
            assertThat(row.getTextContent(), containsString(AmsJenkinsRule.ACCOUNT));
            assertThat(row.getTextContent(), containsString("Processing"));
            List<String> links = row.querySelectorAll("a").stream()
                    .map(link -> ((DomElement) link).getAttribute("href"))
                    .toList();
            String base = jenkins.contextPath + '/' + run.getUrl();
            String guid = run.getAction(AmsJobsAction.class).getJobs().get(0).getGuid();
            assertEquals(base + "ams-jobs/#job-" + guid, links.get(0));
            assertEquals(base, links.get(1));
            for (String link : links.subList(0, 3)) { // the link targets exist
                client.getPage(jenkins.getURL().toURI().resolve(link).toURL());
            }
            assertThat(links.get(2), containsString("/execution/node/"));
            client.goTo(build.getUrl() + "console");

            HtmlPage open = client.goTo("ams-waits/");
            first.finish();
            await().atMost(Duration.ofSeconds(60)).until(() -> {
                client.waitForBackgroundJavaScript(500);
                return open.querySelectorAll("tr[data-ams-job]").size() == 1;
            });
            assertThat(row(open, "Indexing").getTextContent(), containsString("free #1"));
            jenkins.assertBuildStatusSuccess(jenkins.waitForCompletion(run));
            second.finish();
            await().atMost(Duration.ofSeconds(90)).until(() -> {
                client.waitForBackgroundJavaScript(500);
                return open.asNormalizedText().contains("No build is waiting for an AMS job");
            });
        }
        jenkins.assertBuildStatusSuccess(jenkins.waitForCompletion(build));
        assertThat(RunningWaits.get().all(), empty());
    }

    @Test
    public void anOpenPageShowsProgressAndErrors() throws Exception {
        EmulatedJob job = ams.addRunningJob("Encoding");
        WorkflowRun run = start("waitForAmsJob jobId: '" + job.id() + "', pollInterval: 2");
        waitUntilProcessing(run);
        try (JenkinsRule.WebClient client = jenkins.createWebClient()) {
            HtmlPage page = client.goTo("ams-waits/");
            String waiting = page.querySelector("[data-ams-part=waiting]").getTextContent();
            await().atMost(Duration.ofSeconds(30)).until(() -> {
                client.waitForBackgroundJavaScript(500);
                return !page.querySelector("[data-ams-part=waiting]")
                        .getTextContent()
                        .equals(waiting);
            });
            ams.emulator().faults().inject(Fault.status(503).on(RequestKind.JOBS));
            await().atMost(Duration.ofSeconds(60)).until(() -> {
                client.waitForBackgroundJavaScript(500);
                DomNode notice = page.querySelector(".ams-rows__notice");
                return notice != null && notice.getTextContent().contains("The service is busy (503)");
            });
        }
    }

    @Test
    public void isLinkedOnlyIfAnAccountIsConfigured() throws Exception {
        AmsWaitsAction action =
                jenkins.jenkins.getExtensionList(AmsWaitsAction.class).get(0);
        try (JenkinsRule.WebClient client = jenkins.createWebClient()) {
            assertThat(html(client), containsString("/ams-waits\""));
            AmsGlobalConfiguration.get().setAccounts(List.of());
            assertNull(action.getIconFileName());
            assertThat(html(client), not(containsString("/ams-waits\"")));
            assertThat(client.goTo("ams-waits/").asNormalizedText(), containsString("No build is waiting"));
        }
    }

    @Test
    public void isExposedInTheRestApi() throws Exception {
        WorkflowRun run = start(("parallel a: { waitForAmsJob jobId: '%s' }, b: { waitForAmsJob jobId: '%s' }")
                .formatted(
                        ams.addRunningJob("Encoding").id(),
                        ams.addRunningJob("Indexing").id()));
        await().atMost(Duration.ofMinutes(1))
                .until(() -> RunningWaits.get().of(run).stream()
                                .allMatch(wait -> wait.record().isPolled())
                        && RunningWaits.get().all().size() == 2);
        JSONArray waits = json("ams-waits/api/json").getJSONArray("waits");
        assertThat(waits, hasSize(2));
        JSONObject wait = waits.getJSONObject(0);
        assertEquals(run.getFullDisplayName(), wait.getString("build"));
        assertEquals(jenkins.getURL() + run.getUrl(), wait.getString("buildUrl"));
        assertThat(wait.getString("consoleUrl"), containsString(run.getUrl() + "execution/node/"));
        assertEquals(AmsJenkinsRule.ACCOUNT, wait.getString("account"));
        assertEquals("Processing", wait.getString("state"));
        assertEquals("WAITING", wait.getString("waitStatus"));
        assertThat(wait.getString("waitingSince"), containsString("Z"));
        assertThat(wait.getString("nextPoll"), containsString("Z"));
        JSONArray some =
                json("ams-waits/api/json?tree=waits[name,waitingText]{0,1}").getJSONArray("waits");
        assertThat(some, hasSize(1));
        assertEquals(
                2,
                some.getJSONObject(0).keySet().stream()
                        .filter(key -> !"_class".equals(key))
                        .count());
        try (JenkinsRule.WebClient client = jenkins.createWebClient().withThrowExceptionOnFailingStatusCode(false)) {
            for (String since : List.of("x", "-", "MQoK", "%3Cscript%3E-1")) {
                assertEquals(
                        since,
                        404,
                        client.goTo("ams-waits/changes/" + since + "/api/json", null)
                                .getWebResponse()
                                .getStatusCode());
            }
        }
    }

    @Test
    public void namesAreNeverExecutedAndThePolicyIsStrict() throws Exception {
        EmulatedJob job = ams.addRunningJob(HOSTILE);
        WorkflowRun run = start("waitForAmsJob jobId: '" + job.id() + "', pollInterval: 2");
        run.setDisplayName(HOSTILE);
        waitUntilProcessing(run);
        try (JenkinsRule.WebClient client = jenkins.createWebClient()) {
            CollectingAlertHandler alerts = new CollectingAlertHandler();
            client.setAlertHandler(alerts);
            HtmlPage page = client.goTo("ams-waits/?account=" + "%3Cimg+src%3Dx+onerror%3Dalert(1)%3E");
            client.waitForBackgroundJavaScript(1000);
            assertThat(page.asNormalizedText(), containsString("No wait matches the filter"));
            HtmlPage all = client.goTo("ams-waits/");
            client.waitForBackgroundJavaScript(5000);
            assertThat(all.querySelectorAll("img[src=x]"), empty());
            assertThat(row(all, HOSTILE).getTextContent(), containsString(HOSTILE));
            assertThat(
                    all.getWebResponse().getResponseHeaderValue("Content-Security-Policy"),
                    containsString("script-src"));
            String html = ((DomElement) all.querySelector(".ams-waits")).asXml();
            assertThat(html.toLowerCase(Locale.ROOT), not(containsString("style=")));
            assertThat(html, not(containsString("<script")));
            assertEquals(List.of(), alerts.getCollectedAlerts());
        }
    }

    /** Returns the dashboard, with the menu in its header, as it is sent to the browser. */
    private static String html(JenkinsRule.WebClient client) throws Exception {
        return client.goTo("").getWebResponse().getContentAsString();
    }

    private static DomNode row(HtmlPage page, String name) {
        return page.querySelectorAll("tr[data-ams-job]").stream()
                .filter(row -> row.getTextContent().contains(name))
                .findFirst()
                .orElseThrow(() -> new AssertionError(page.asNormalizedText()));
    }

    private WorkflowRun start(String script) throws Exception {
        WorkflowJob project = jenkins.createProject(WorkflowJob.class);
        project.setDefinition(new CpsFlowDefinition(script, true));
        return project.scheduleBuild2(0).waitForStart();
    }

    private static void waitUntilProcessing(WorkflowRun run) {
        await().atMost(Duration.ofMinutes(1))
                .until(() -> RunningWaits.get().of(run).stream()
                        .anyMatch(wait ->
                                "Processing".equals(wait.record().getJob().getState())));
    }

    private JSONObject json(String path) throws Exception {
        try (JenkinsRule.WebClient client = jenkins.createWebClient()) {
            return JSONObject.fromObject(
                    client.goTo(path, "application/json").getWebResponse().getContentAsString());
        }
    }
}
