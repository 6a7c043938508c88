/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.page;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.not;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNull;

import hudson.model.FreeStyleProject;
import hudson.model.Result;
import hudson.model.Run;
import io.jenkins.plugins.ams.config.AmsAccount;
import io.jenkins.plugins.ams.config.AmsGlobalConfiguration;
import io.jenkins.plugins.ams.emulator.EmulatedJob;
import io.jenkins.plugins.ams.emulator.LiveApi;
import io.jenkins.plugins.ams.freestyle.WaitForAmsJobBuilder;
import io.jenkins.plugins.ams.testing.AmsJenkinsRule;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import net.sf.json.JSONObject;
import org.htmlunit.html.DomElement;
import org.htmlunit.html.HtmlPage;
import org.jenkinsci.plugins.workflow.cps.CpsFlowDefinition;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.jvnet.hudson.test.JenkinsRule;

/** The links to the web pages of jobs, in the console, on the build's pages, and in the REST API. */
public class JobLinksJenkinsTest {

    private static final String PAGES = "https://media.example/";
    private static final String TEMPLATE = PAGES + "{transform}/{job}?q='&id={id}";

    @Rule
    public final AmsJenkinsRule ams = new AmsJenkinsRule();

    @Rule
    public final JenkinsRule jenkins = new JenkinsRule();

    @Before
    public void configure() throws Exception {
        ams.configure();
        AmsJenkinsRule.addSecretText("mkio-token", ams.emulator().live().mkIoToken());
    }

    @Test
    public void linksAJobOfAPipeline() throws Exception {
        AmsAccount account = ams.documentedAccount("media-mkio");
        account.setJobPageUrl(TEMPLATE);
        configureAccount(account);
        EmulatedJob job = ams.addFinishedJob("Encoding");

        Run<?, ?> run = pipeline("waitForAmsJob account: 'media-mkio', jobId: '" + job.v3Id() + "'");

        String[] names = job.v3Id().split("/");
        String url = PAGES + names[0] + "/" + names[1] + "?q='&id=" + names[0] + "%2F" + names[1];
        assertLinks(run, url, job.v3Id());
    }

    @Test
    public void linksAJobOfAFreestyleBuild() throws Exception {
        account().setJobPageUrl("https://media.example/jobs/{id}");
        EmulatedJob job = ams.addFinishedJob("Encoding");
        FreeStyleProject project = jenkins.createFreeStyleProject();
        project.getBuildersList().add(new WaitForAmsJobBuilder(job.id()));

        Run<?, ?> run = jenkins.buildAndAssertSuccess(project);

        assertLinks(run, "https://media.example/jobs/" + job.id().replace(":", "%3A"), job.id());
    }

    @Test
    public void theLinkFollowsTheConfiguration() throws Exception {
        EmulatedJob job = ams.addFinishedJob("Encoding");
        Run<?, ?> run = pipeline("waitForAmsJob '" + job.id() + "'");
        assertNoLinks(run);
        assertNull(consoleLink(run));

        account().setJobPageUrl("https://media.example/jobs/{id}");
        String url = "https://media.example/jobs/" + job.id().replace(":", "%3A");
        assertPagesLink(run, url);
        assertNull("the console is history", consoleLink(run));
        try (var files = Files.walk(run.getRootDir().toPath())) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                assertThat(file.toString(), Files.readString(file), not(containsString("media.example")));
            }
        }

        AmsAccount renamed = ams.documentedAccount("media-prod");
        renamed.setJobPageUrl("https://media.example/jobs/{id}");
        configureAccount(renamed);
        assertNoLinks(run);
    }

    /** Neither the setter nor Jenkins validates the URL when Jenkins loads a configuration file. */
    @Test
    public void anInvalidTemplateIsNoLink() throws Exception {
        EmulatedJob job = ams.addFinishedJob("Encoding");
        for (String template : List.of(
                "javascript:alert(1)//{id}",
                "http://media.example/{id}",
                "https://{id}.media.example/",
                "https://user@media.example/{id}",
                "https://media.example/{transform}",
                "https://media.example/{id",
                "https://media.example/' onclick='alert(1)'")) {
            account().setJobPageUrl(template);
            Run<?, ?> run = pipeline("waitForAmsJob '" + job.id() + "'");
            assertNoLinks(run);
            assertNull(template, consoleLink(run));
        }
    }

    @Test
    public void aJobOfTheAccountsFormerApiIsNoLink() throws Exception {
        EmulatedJob job = ams.addFinishedJob("Encoding");
        account().setJobPageUrl("https://media.example/jobs/{id}");
        Run<?, ?> run = pipeline("waitForAmsJob '" + job.id() + "'");
        assertPagesLink(run, "https://media.example/jobs/" + job.id().replace(":", "%3A"));

        AmsAccount changed = new AmsAccount(
                AmsJenkinsRule.ACCOUNT, ams.emulator().endpoint(LiveApi.RAVNUR).toString(), "ravnur-key");
        changed.setApi(ams.documentedAccount("media-ravnur").getApi());
        changed.setJobPageUrl("https://media.example/{transform}/{job}");
        configureAccount(changed);
        assertNoLinks(run);
    }

    /** The user who starts a build chooses the ID, even if there is no such job. */
    @Test
    public void aJobIdCannotLeaveItsPlaceholder() throws Exception {
        AmsAccount account = ams.documentedAccount("media-v3");
        account.setJobPageUrl("https://media.example/{transform}/{job}");
        configureAccount(account);
        String id = "T@\"x=y#z;/job {id}@other\u00e9";
        FreeStyleProject project = jenkins.createFreeStyleProject();
        WaitForAmsJobBuilder builder = new WaitForAmsJobBuilder(id);
        builder.setAccount("media-v3");
        builder.setCredentialsId("gone");
        project.getBuildersList().add(builder);

        Run<?, ?> run = jenkins.buildAndAssertStatus(Result.FAILURE, project);

        assertLinks(run, "https://media.example/T%40%22x%3Dy%23z%3B/job%20%7Bid%7D%40other%C3%A9", id);
    }

    private void assertLinks(Run<?, ?> run, String url, String id) throws Exception {
        DomElement link = consoleLink(run);
        assertEquals(url, link.getAttribute("href"));
        assertEquals(id, link.getTextContent());
        jenkins.assertLogContains("[AMS] Waiting for job " + id + " on account", run);
        assertPagesLink(run, url);
    }

    /** Expects a link in each place that shows the job. */
    private void assertPagesLink(Run<?, ?> run, String url) throws Exception {
        try (JenkinsRule.WebClient client = jenkins.createWebClient()) {
            for (String path : List.of("", "ams-jobs/", "ams-jobs/sections", "ams-jobs/lines", body(run))) {
                HtmlPage page = client.getPage(run, path);
                List<DomElement> links = links(page);
                assertThat(path, links.toString(), not("[]"));
                for (DomElement link : links) {
                    assertEquals(path, url, link.getAttribute("href"));
                    assertEquals(path, "noopener noreferrer", link.getAttribute("rel"));
                }
            }
        }
        assertEquals(url, job(run).getString("jobPageUrl"));
    }

    private void assertNoLinks(Run<?, ?> run) throws Exception {
        try (JenkinsRule.WebClient client = jenkins.createWebClient()) {
            for (String path : List.of("", "ams-jobs/", "ams-jobs/sections", "ams-jobs/lines", body(run))) {
                HtmlPage page = client.getPage(run, path);
                assertEquals(path, List.of(), links(page));
                assertNull(path, page.querySelector("[href^=javascript], [onclick*=alert]"));
                assertThat(path, page.asXml(), not(containsString("media.example")));
            }
        }
        assertEquals("null", job(run).getString("jobPageUrl"));
    }

    private static List<DomElement> links(HtmlPage page) {
        return page.getByXPath("//a[starts-with(@href, 'https://media.example')]");
    }

    private static String body(Run<?, ?> run) {
        return "ams-jobs/job/"
                + run.getAction(AmsJobsAction.class).getJobs().get(0).getGuid() + "/body";
    }

    private JSONObject job(Run<?, ?> run) throws Exception {
        return jenkins.getJSON(run.getUrl() + "ams-jobs/api/json")
                .getJSONObject()
                .getJSONArray("jobs")
                .getJSONObject(0);
    }

    /** Returns the link of the first line of the wait, or null if that line has none. */
    private DomElement consoleLink(Run<?, ?> run) throws Exception {
        try (JenkinsRule.WebClient client = jenkins.createWebClient()) {
            HtmlPage page = client.getPage(run, "console");
            List<DomElement> links = page.getByXPath("//pre//a[not(starts-with(@href, '/') or @href = '#')]");
            return links.isEmpty() ? null : links.get(0);
        }
    }

    private static AmsAccount account() throws Exception {
        return AmsGlobalConfiguration.get().account(null);
    }

    private static void configureAccount(AmsAccount account) {
        AmsGlobalConfiguration.get().setAccounts(List.of(account));
    }

    private Run<?, ?> pipeline(String script) throws Exception {
        WorkflowJob project = jenkins.createProject(WorkflowJob.class);
        project.setDefinition(new CpsFlowDefinition(script, true));
        return jenkins.buildAndAssertSuccess(project);
    }
}
