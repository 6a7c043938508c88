/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.page;

import static org.awaitility.Awaitility.await;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.lessThan;
import static org.junit.Assert.assertEquals;

import hudson.model.FreeStyleBuild;
import hudson.model.FreeStyleProject;
import hudson.model.Result;
import io.jenkins.plugins.ams.emulator.EmulatedJob;
import io.jenkins.plugins.ams.emulator.JobScript;
import io.jenkins.plugins.ams.freestyle.WaitForAmsJobBuilder;
import io.jenkins.plugins.ams.testing.AmsJenkinsRule;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import net.sf.json.JSONArray;
import net.sf.json.JSONObject;
import org.htmlunit.html.HtmlPage;
import org.junit.Before;
import org.junit.ClassRule;
import org.junit.Test;
import org.junit.rules.RuleChain;
import org.jvnet.hudson.test.JenkinsRule;

/** The pages and the REST API of a build with 1,200 jobs, all of which failed. */
public class ManyJobsJenkinsTest {

    private static final int JOBS = 1200;
    private static final int MAX_BYTES = 300 * 1024;

    private static final AmsJenkinsRule ams = new AmsJenkinsRule();
    private static final JenkinsRule j = new JenkinsRule();

    @ClassRule
    public static final RuleChain RULES = RuleChain.outerRule(ams).around(j);

    private FreeStyleBuild build;

    /** Repeats the one job of a build, each time under another ID. */
    @Before
    public void createBuild() throws Exception {
        ams.configure();
        EmulatedJob job = ams.emulator()
                .addJob(JobScript.named("Encoding of a film with a name of common length")
                        .task("Encode", Duration.ofHours(1))
                        .task("Index", Duration.ofHours(1))
                        .outputAsset("encoded"));
        job.fail(
                "ErrorProcessingTask",
                "The service failed to process the task for a reason that it explains at length.");
        FreeStyleProject project = j.createFreeStyleProject();
        project.getBuildersList().add(new WaitForAmsJobBuilder(job.id()));
        FreeStyleBuild first = j.buildAndAssertStatus(Result.FAILURE, project);
        Path file = first.getRootDir().toPath().resolve(JobFile.NAME);
        // an append starts on a new line, so that the file can begin with an empty one
        await().until(() -> Files.exists(file)
                && Files.readAllLines(file).stream()
                                .filter(text -> !text.isEmpty())
                                .count()
                        == 1);
        String line = Files.readString(file);
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < JOBS; i++) {
            lines.add(line.strip()
                    .replace(job.id(), job.id().substring(0, job.id().length() - 4) + (1000 + i)));
        }
        Files.write(file, lines);
        project.doReload();
        build = j.jenkins
                .getItemByFullName(project.getFullName(), FreeStyleProject.class)
                .getBuildByNumber(1);
    }

    @Test
    public void pagesStaySmall() throws Exception {
        try (JenkinsRule.WebClient client = j.createWebClient().withJavaScriptEnabled(false)) {
            for (String path : List.of("", "ams-jobs/", "ams-jobs/?page=7", "ams-jobs/?state=Error&page=24")) {
                HtmlPage page = client.getPage(build, path);
                assertThat(path, page.getWebResponse().getContentLength(), lessThan((long) MAX_BYTES));
                assertThat(path, page.querySelectorAll("[data-ams-job]").size(), greaterThan(9));
            }
            HtmlPage last = client.getPage(build, "ams-jobs/?page=24");
            assertThat(last.querySelectorAll("[data-ams-job]"), hasSize(JobList.PAGE_SIZE));
            HtmlPage none = client.getPage(build, "ams-jobs/?state=%3Cscript%3E&page=%00");
            assertThat(none.querySelectorAll("[data-ams-job]"), hasSize(JobList.PAGE_SIZE));
        }
    }

    @Test
    public void aRefreshHasOnlyTheChangesOfWhatIsShown() throws Exception {
        JSONObject all = json("ams-jobs/changes/0-0,1,1199/api/json");
        assertThat(all.getJSONArray("jobs"), hasSize(0));
        assertEquals(1, all.getJSONArray("counts").size());
        try (JenkinsRule.WebClient client = j.createWebClient().withThrowExceptionOnFailingStatusCode(false)) {
            assertEquals(
                    404,
                    client.goTo(build.getUrl() + "ams-jobs/changes/x/api/json", null)
                            .getWebResponse()
                            .getStatusCode());
        }
    }

    @Test
    public void theRestApiHasRanges() throws Exception {
        JSONArray some = json("ams-jobs/api/json?tree=jobs[id,waitStatus,tasks[name]]{1000,1003}")
                .getJSONArray("jobs");
        assertThat(some, hasSize(3));
        assertEquals("ERROR", some.getJSONObject(0).getString("waitStatus"));
        assertEquals(2, some.getJSONObject(0).getJSONArray("tasks").size());
        assertThat(json("ams-jobs/api/json?tree=jobs[id]").getJSONArray("jobs"), hasSize(JOBS));
        JSONObject first = json("api/json?tree=actions[jobs[id,state]{0,1}]").getJSONArray("actions").stream()
                .map(JSONObject.class::cast)
                .filter(action -> action.has("jobs"))
                .findFirst()
                .orElseThrow();
        assertThat(first.getJSONArray("jobs"), hasSize(1));
        assertEquals("Error", first.getJSONArray("jobs").getJSONObject(0).getString("state"));
    }

    private JSONObject json(String path) throws Exception {
        try (JenkinsRule.WebClient client = j.createWebClient()) {
            return JSONObject.fromObject(client.goTo(build.getUrl() + path, "application/json")
                    .getWebResponse()
                    .getContentAsString());
        }
    }
}
