/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams;

import static io.jenkins.plugins.ams.testing.Parameters.submitted;
import static io.jenkins.plugins.ams.testing.Parameters.submittedForm;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasItems;
import static org.hamcrest.Matchers.not;
import static org.junit.Assert.assertEquals;

import hudson.model.FreeStyleProject;
import hudson.model.Result;
import hudson.util.FormValidation;
import io.jenkins.plugins.ams.config.AmsAccount;
import io.jenkins.plugins.ams.config.AmsApi;
import io.jenkins.plugins.ams.config.AmsGlobalConfiguration;
import io.jenkins.plugins.ams.config.AmsV2Api;
import io.jenkins.plugins.ams.config.AzureCloud;
import io.jenkins.plugins.ams.config.AzureResourceManagerApi;
import io.jenkins.plugins.ams.config.MkIoApi;
import io.jenkins.plugins.ams.config.RavnurApi;
import io.jenkins.plugins.ams.emulator.EmulatedJob;
import io.jenkins.plugins.ams.emulator.Emulator;
import io.jenkins.plugins.ams.emulator.LiveApi;
import io.jenkins.plugins.ams.emulator.LiveServices;
import io.jenkins.plugins.ams.freestyle.WaitForAmsJobBuilder;
import io.jenkins.plugins.ams.pipeline.WaitForAmsJobStep;
import io.jenkins.plugins.ams.testing.AmsJenkinsRule;
import io.jenkins.plugins.ams.wait.WaitForm;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import net.sf.json.JSONArray;
import net.sf.json.JSONObject;
import org.htmlunit.html.DomElement;
import org.htmlunit.html.HtmlOption;
import org.htmlunit.html.HtmlPage;
import org.htmlunit.html.HtmlSelect;
import org.htmlunit.html.HtmlTextInput;
import org.jenkinsci.plugins.workflow.cps.CpsFlowDefinition;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.Before;
import org.junit.BeforeClass;
import org.junit.ClassRule;
import org.junit.Test;
import org.junit.rules.RuleChain;
import org.jvnet.hudson.test.JenkinsRule;

/** The same step and the same builder for accounts with every API. */
public class LiveServicesJenkinsTest {

    /** The list that belongs to the API that is shown. */
    private static final String SELECTED = "//select[@name='_.credentialsId' and not(ancestor::*[@field-disabled])]";

    private static final AmsJenkinsRule ams = new AmsJenkinsRule();
    private static final JenkinsRule j = new JenkinsRule();

    @ClassRule
    public static final RuleChain RULES = RuleChain.outerRule(ams).around(j);

    @BeforeClass
    public static void addCredentials() throws Exception {
        ams.addCredentials(AmsJenkinsRule.CREDENTIALS, ams.emulator().clientSecret());
        AmsJenkinsRule.addSecretText("ravnur-key", ams.emulator().live().ravnurKey());
        AmsJenkinsRule.addSecretText("mkio-token", ams.emulator().live().mkIoToken());
        AmsJenkinsRule.addSecretText("mkio-old-token", "no-longer-good");
    }

    @Before
    public void configure() {
        AmsGlobalConfiguration configuration = AmsGlobalConfiguration.get();
        configuration.setAdditionalHosts(List.of("localhost"));
        configuration.setAccounts(List.of(
                account("v2", ams.emulator().endpoint().toString(), AmsJenkinsRule.CREDENTIALS, new AmsV2Api()),
                account(
                        "v3",
                        LiveApi.RESOURCE_MANAGER,
                        AmsJenkinsRule.CREDENTIALS,
                        new AzureResourceManagerApi(
                                LiveServices.SUBSCRIPTION, LiveServices.RESOURCE_GROUP, LiveServices.ACCOUNT)),
                account(
                        "ravnur",
                        LiveApi.RAVNUR,
                        "ravnur-key",
                        new RavnurApi(LiveServices.SUBSCRIPTION, LiveServices.RESOURCE_GROUP, LiveServices.ACCOUNT)),
                account("mkio", LiveApi.MK_IO, "mkio-token", mkIo(LiveServices.PROJECT, null)),
                account("mkio-before", LiveApi.MK_IO_BEFORE, "mkio-token", mkIo(null, LiveServices.PROJECT)),
                account("half", LiveApi.MK_IO, "mkio-token", mkIo(null, null))));
    }

    @Test
    public void waitsForJobsOfAllApisInOnePipeline() throws Exception {
        EmulatedJob job = ams.addFinishedJob("Encoding");
        WorkflowRun build = run("""
                def results = [:]
                parallel v2: { results.v2 = waitForAmsJob(account: 'v2', jobId: '%1$s') },
                    v3: { results.v3 = waitForAmsJob(account: 'v3', jobId: '%2$s') },
                    ravnur: { results.ravnur = waitForAmsJob(account: 'ravnur', jobId: '%2$s') },
                    mkio: { results.mkio = waitForAmsJob(account: 'mkio', jobId: '%2$s') },
                    before: { results.before = waitForAmsJob(account: 'mkio-before', jobId: '%2$s') }
                for (r in [results.v2, results.v3, results.ravnur, results.mkio, results.before]) {
                    echo "${r.id} ${r.state} ${r.tasks[0].name} ${r.outputAssets[0].name} ${r.retryable}"
                }
                """.formatted(job.id(), job.v3Id()), Result.SUCCESS);
        j.assertLogContains(job.id() + " Finished Encode Encoding - Output false", build);
        j.assertLogContains(job.v3Id() + " Finished Encode Encoding - Output false", build);
        JSONArray shown =
                j.getJSON(build.getUrl() + "ams-jobs/api/json").getJSONObject().getJSONArray("jobs");
        assertEquals(
                Set.of("v2", "v3", "ravnur", "mkio", "mkio-before"),
                shown.stream()
                        .map(one -> ((JSONObject) one).getString("account"))
                        .collect(Collectors.toSet()));
    }

    @Test
    public void letsAPipelineRetryTransientErrors() throws Exception {
        EmulatedJob passing = ams.addRunningJob("Flaky");
        passing.fail("TransientError", "The storage was busy.");
        EmulatedJob lasting = ams.addRunningJob("Broken");
        lasting.fail("ErrorParsingConfiguration", "The preset is bad.");
        WorkflowRun build = run("""
                def one = waitForAmsJob(account: 'mkio', jobId: '%s', propagate: false)
                def other = waitForAmsJob(account: 'v3', jobId: '%s', propagate: false)
                echo "retry ${one.retryable} ${one.tasks[0].errors[0].category} ${one.tasks[0].errors[0].retry}"
                echo "retry ${other.retryable} ${other.tasks[0].errors[0].category} ${other.tasks[0].errors[1].code}"
                """.formatted(passing.v3Id(), lasting.v3Id()), Result.SUCCESS);
        j.assertLogContains("retry true Service MayRetry", build);
        j.assertLogContains("retry false Configuration ErrorParsingConfiguration", build);
        j.assertLogContains("ServiceTransientError: The storage was busy. (Service, MayRetry)", build);
    }

    @Test
    public void namesTheApiOfAnInvalidJobId() throws Exception {
        EmulatedJob job = ams.addRunningJob("Encoding");
        j.assertLogContains(
                "is not a job ID for MK.IO",
                run("waitForAmsJob account: 'mkio', jobId: '" + job.id() + "'", Result.FAILURE));
        j.assertLogContains(
                "is not an AMS job ID (API: AMS v2)",
                run("waitForAmsJob account: 'v2', jobId: '" + job.v3Id() + "'", Result.FAILURE));
        j.assertLogContains(
                "is a job of a different AMS v3 (Azure Resource Manager) account",
                run(
                        "waitForAmsJob account: 'v3', jobId: '/subscriptions/x/resourceGroups/y/providers/Microsoft.Media"
                                + "/mediaServices/z/transforms/t/jobs/j'",
                        Result.FAILURE));
        j.assertLogContains(
                "The API settings of the AMS account 'half' are not valid",
                run("waitForAmsJob account: 'half', jobId: 'a/b'", Result.FAILURE));
    }

    @Test
    public void acceptsSecretTextWhereRequired() throws Exception {
        EmulatedJob job = ams.addFinishedJob("Encoding");
        WorkflowRun stale = run(
                "waitForAmsJob account: 'mkio', credentialsId: 'mkio-old-token', jobId: '" + job.v3Id() + "'",
                Result.FAILURE);
        j.assertLogContains("The service rejected the token (401)", stale);
        j.assertLogContains("Check the secret text in the credentials", stale);
        j.assertLogNotContains("Contributor", stale);
        j.assertLogContains(
                "The service did not issue a token for the key in the credentials (HTTP 401)",
                run(
                        "waitForAmsJob account: 'ravnur', credentialsId: 'mkio-old-token', jobId: '" + job.v3Id() + "'",
                        Result.FAILURE));
        j.assertLogContains(
                "There is no secret text with the ID 'ams-ci'",
                run(
                        "waitForAmsJob account: 'mkio', credentialsId: 'ams-ci', jobId: '" + job.v3Id() + "'",
                        Result.FAILURE));
        j.assertLogContains(
                "There are no Microsoft Entra ID credentials with the ID 'mkio-token'",
                run(
                        "waitForAmsJob account: 'v3', credentialsId: 'mkio-token', jobId: '" + job.v3Id() + "'",
                        Result.FAILURE));
    }

    @Test
    public void updatesProgressBarsInPlace() throws Exception {
        EmulatedJob job = ams.addRunningJob("Encoding");
        job.setProgress(0, 20);
        WorkflowJob project = j.createProject(WorkflowJob.class);
        project.setDefinition(new CpsFlowDefinition(
                "waitForAmsJob account: 'mkio', pollInterval: 2, jobId: '" + job.v3Id() + "'", true));
        WorkflowRun build = project.scheduleBuild2(0).waitForStart();
        j.waitForMessage("Processing", build);
        try (JenkinsRule.WebClient client = j.createWebClient()) {
            for (String path : List.of("", "ams-jobs/")) {
                job.setProgress(0, 20);
                HtmlPage page = client.getPage(build, path);
                DomElement shown = page.querySelector("[data-ams-job] [data-ams-part=percent]");
                job.setProgress(0, 70);
                await().atMost(Duration.ofSeconds(30)).until(() -> {
                    client.waitForBackgroundJavaScript(500);
                    return shown.getTextContent().trim().equals("70%");
                });
            }
        }
        job.finish();
        j.assertBuildStatusSuccess(j.waitForCompletion(build));
    }

    @Test
    public void theBuildStepWaits() throws Exception {
        EmulatedJob job = ams.addFinishedJob("Encoding");
        FreeStyleProject project = j.createFreeStyleProject();
        WaitForAmsJobBuilder builder = new WaitForAmsJobBuilder(job.v3Id());
        builder.setAccount("ravnur");
        project.getBuildersList().add(builder);
        j.assertLogContains("Finished", j.buildAndAssertSuccess(project));
    }

    @Test
    public void validatesJobIdsByTheAccountsApi() {
        EmulatedJob job = ams.addFinishedJob("Encoding");
        WaitForm form = new WaitForAmsJobStep.DescriptorImpl();
        assertEquals(FormValidation.Kind.OK, form.doCheckJobId(null, submitted(job.v3Id()), submitted("mkio")).kind);
        assertEquals(FormValidation.Kind.ERROR, form.doCheckJobId(null, submitted(job.id()), submitted("mkio")).kind);
        assertEquals(FormValidation.Kind.OK, form.doCheckJobId(null, submitted(job.id()), submitted("v2")).kind);
        assertEquals(FormValidation.Kind.OK, form.doCheckJobId(null, submitted(job.id()), submitted("")).kind);
        assertEquals(FormValidation.Kind.OK, form.doCheckJobId(null, submitted(job.v3Id()), submitted("gone")).kind);
        assertEquals(FormValidation.Kind.ERROR, form.doCheckJobId(null, submitted("x"), submitted("gone")).kind);
        assertEquals(
                FormValidation.Kind.OK,
                form.doCheckCredentialsId(null, submitted("mkio-token"), submitted("mkio")).kind);
        assertEquals(
                FormValidation.Kind.ERROR,
                form.doCheckCredentialsId(null, submitted("ams-ci"), submitted("mkio")).kind);
        assertEquals(
                FormValidation.Kind.ERROR,
                form.doCheckCredentialsId(null, submitted("mkio-token"), submitted("v3")).kind);
    }

    @Test
    public void testsTheConnection() throws Exception {
        Emulator emulator = ams.emulator();
        String authority = emulator.authority().toString();
        FormValidation v3 = new AzureResourceManagerApi.DescriptorImpl()
                .doTestConnection(submittedForm(
                        "name",
                        "v3",
                        "endpoint",
                        emulator.endpoint(LiveApi.RESOURCE_MANAGER).toString(),
                        "credentialsId",
                        AmsJenkinsRule.CREDENTIALS,
                        "cloud",
                        "CUSTOM",
                        "authority",
                        authority,
                        "additionalHosts",
                        "localhost",
                        "subscriptionId",
                        LiveServices.SUBSCRIPTION,
                        "resourceGroup",
                        LiveServices.RESOURCE_GROUP,
                        "accountName",
                        LiveServices.ACCOUNT));
        assertEquals(
                "Connected to &#039;v3&#039;: Microsoft Entra ID issued a token, and the service accepts it",
                v3.getMessage());
        FormValidation ravnur = new RavnurApi.DescriptorImpl()
                .doTestConnection(submittedForm(
                        "name",
                        "ravnur",
                        "endpoint",
                        emulator.endpoint(LiveApi.RAVNUR).toString(),
                        "credentialsId",
                        "ravnur-key",
                        "additionalHosts",
                        "localhost",
                        "subscriptionId",
                        LiveServices.SUBSCRIPTION,
                        "resourceGroup",
                        LiveServices.RESOURCE_GROUP,
                        "accountName",
                        LiveServices.ACCOUNT));
        assertEquals("Connected to &#039;ravnur&#039;: the service accepts the secret text", ravnur.getMessage());
        assertEquals(FormValidation.Kind.OK, testMkIo("mkio-token", "localhost", LiveServices.PROJECT).kind);
        FormValidation stale = testMkIo("mkio-old-token", "localhost", LiveServices.PROJECT);
        assertThat(stale.getMessage(), containsString("The service rejected the token (401)"));
        assertThat(stale.getMessage(), containsString("Check the secret text in the credentials"));
        assertThat(stale.getMessage(), not(containsString("role")));
        FormValidation unknown = testMkIo("mkio-token", "localhost", "another");
        assertThat(unknown.getMessage(), containsString("Project &#039;another&#039; was not found"));
        assertThat(unknown.getMessage(), containsString("account name, or project"));
        FormValidation foreign = testMkIo("mkio-token", "", LiveServices.PROJECT);
        assertThat(foreign.getMessage(), containsString("localhost is not an Azure Media Services host"));
    }

    private static FormValidation testMkIo(String credentialsId, String additionalHosts, String project)
            throws Exception {
        return new MkIoApi.DescriptorImpl()
                .doTestConnection(submittedForm(
                        "name",
                        "m",
                        "endpoint",
                        ams.emulator().endpoint(LiveApi.MK_IO).toString(),
                        "credentialsId",
                        credentialsId,
                        "additionalHosts",
                        additionalHosts,
                        "project",
                        project,
                        "subscription",
                        ""));
    }

    @Test
    public void configurationSurvivesTheForm() throws Exception {
        List<AmsAccount> before = AmsGlobalConfiguration.get().getAccounts();
        j.configRoundtrip();
        List<AmsAccount> after = AmsGlobalConfiguration.get().getAccounts();
        for (int i = 0; i < before.size(); i++) {
            assertEquals(
                    before.get(i).getName(),
                    before.get(i).getApi(),
                    after.get(i).getApi());
            assertEquals(before.get(i).getEndpoint(), after.get(i).getEndpoint());
            assertEquals(before.get(i).getCredentialsId(), after.get(i).getCredentialsId());
        }
    }

    @Test
    public void listsCredentialsMatchingTheSelectedApi() throws Exception {
        JenkinsRule.WebClient client = j.createWebClient();
        HtmlPage page = client.goTo("configure");
        assertThat(listed(page, "v2"), hasItem(AmsJenkinsRule.CREDENTIALS));
        assertThat(listed(page, "v2"), not(hasItem("mkio-token")));
        assertThat(listed(page, "mkio"), hasItems("mkio-token", "ravnur-key"));
        assertThat(listed(page, "mkio"), not(hasItem(AmsJenkinsRule.CREDENTIALS)));

        HtmlSelect apis = ofAccount(page, "v2", "//select[contains(@class,'dropdownList')]");
        apis.setSelectedAttribute(apis.getOptionByText("MK.IO"), true);
        client.waitForBackgroundJavaScript(10_000);
        HtmlSelect list = ofAccount(page, "v2", "//div[@name='api']" + SELECTED);
        assertThat(values(list), hasItems("mkio-token", AmsJenkinsRule.CREDENTIALS)); // the latter was chosen before
        assertEquals(
                AmsJenkinsRule.CREDENTIALS, list.getSelectedOptions().get(0).getValueAttribute());
        assertThat(page.asNormalizedText(), containsString("There is no secret text with this ID"));

        list.setSelectedAttribute("mkio-token", true);
        HtmlTextInput project = ofAccount(page, "v2", "//input[@name='_.project']");
        project.setValue("media");
        j.submit(page.getFormByName("config"));

        AmsAccount saved = AmsGlobalConfiguration.get().account("v2");
        assertEquals(mkIo("media", null), saved.getApi());
        assertEquals("mkio-token", saved.getCredentialsId());
    }

    private static List<String> listed(HtmlPage page, String account) {
        return values(ofAccount(page, account, SELECTED));
    }

    private static List<String> values(HtmlSelect list) {
        return list.getOptions().stream().map(HtmlOption::getValueAttribute).toList();
    }

    private static <T> T ofAccount(HtmlPage page, String account, String path) {
        return page.getFirstByXPath(
                "//div[@name='accounts' and .//input[@name='_.name' and @value='" + account + "']]" + path);
    }

    private static WorkflowRun run(String script, Result expected) throws Exception {
        WorkflowJob job = j.createProject(WorkflowJob.class);
        job.setDefinition(new CpsFlowDefinition(script, true));
        return j.assertBuildStatus(expected, job.scheduleBuild2(0));
    }

    private static AmsAccount account(String name, LiveApi api, String credentialsId, AmsApi spoken) {
        return account(name, ams.emulator().endpoint(api).toString(), credentialsId, spoken);
    }

    private static AmsAccount account(String name, String endpoint, String credentialsId, AmsApi spoken) {
        AmsAccount account = new AmsAccount(name, endpoint, credentialsId);
        account.setCloud(AzureCloud.CUSTOM);
        account.setAuthority(ams.emulator().authority().toString());
        account.setApi(spoken);
        return account;
    }

    private static MkIoApi mkIo(String project, String subscription) {
        MkIoApi api = new MkIoApi();
        api.setProject(project);
        api.setSubscription(subscription);
        return api;
    }
}
