/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.build;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsInAnyOrder;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.hasSize;
import static org.junit.Assert.assertEquals;

import com.cloudbees.plugins.credentials.SystemCredentialsProvider;
import com.cloudbees.plugins.credentials.common.StandardCredentials;
import hudson.model.FreeStyleProject;
import hudson.model.Result;
import io.jenkins.plugins.ams.build.Documentation.Example;
import io.jenkins.plugins.ams.config.AmsAccount;
import io.jenkins.plugins.ams.config.AmsGlobalConfiguration;
import io.jenkins.plugins.ams.emulator.JobScript;
import io.jenkins.plugins.ams.freestyle.WaitForAmsJobBuilder;
import io.jenkins.plugins.ams.testing.AmsJenkinsRule;
import io.jenkins.plugins.ams.testing.TestKey;
import io.jenkins.plugins.casc.ConfigurationAsCode;
import io.jenkins.plugins.casc.misc.EnvVarsRule;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javaposse.jobdsl.plugin.ExecuteDslScripts;
import org.jenkinsci.plugins.workflow.cps.CpsFlowDefinition;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import org.jvnet.hudson.test.JenkinsRule;

/** Runs the examples of the documentation as they stand there. */
public class DocumentationJenkinsTest {

    private static final Pattern JOB = Pattern.compile("nb:jid:UUID:[0-9a-f-]{36}");
    private static final Pattern LIVE_JOB = Pattern.compile("(\\w+/job-[0-9a-f-]{36})");
    private static final Pattern ACCOUNT = Pattern.compile("\\baccount: '([^']+)'");
    private static final Pattern CREDENTIALS = Pattern.compile("\\bcredentialsId: '([^']+)'");
    private static final Pattern CONFIGURED_ACCOUNT =
            Pattern.compile("^ +- name: \"?([^\"\\s]+)\"?$", Pattern.MULTILINE);
    private static final Pattern CONFIGURED_CREDENTIALS =
            Pattern.compile("^ +id: \"?([^\"\\s]+)\"?$", Pattern.MULTILINE);

    @Rule
    public final AmsJenkinsRule ams = new AmsJenkinsRule();

    @Rule
    public final JenkinsRule jenkins = new JenkinsRule();

    @Rule
    public final TemporaryFolder temporary = new TemporaryFolder();

    @Rule
    public final EnvVarsRule environment = new EnvVarsRule();

    @Test
    public void pipelinesRun() throws Exception {
        List<Example> examples = Documentation.examples("groovy");
        assertThat(examples, hasSize(greaterThan(10)));
        String all = String.join("\n", examples.stream().map(Example::text).toList());
        ams.configure();
        for (String id : named(CREDENTIALS, all)) {
            ams.addCredentials(id, ams.emulator().clientSecret());
        }
        List<AmsAccount> accounts = new ArrayList<>(AmsGlobalConfiguration.get().getAccounts());
        for (String name : named(ACCOUNT, all)) {
            accounts.add(ams.documentedAccount(name));
        }
        AmsGlobalConfiguration.get().setAccounts(accounts);
        AmsJenkinsRule.addSecretText("mkio-token", ams.emulator().live().mkIoToken());
        AmsJenkinsRule.addSecretText("ravnur-key", ams.emulator().live().ravnurKey());
        named(JOB, all).forEach(this::addFinished);
        named(LIVE_JOB, all).forEach(this::addFinishedLive);
        for (Example example : examples) {
            WorkflowJob project = jenkins.createProject(WorkflowJob.class);
            project.setDefinition(new CpsFlowDefinition(example.text(), true));
            jenkins.buildAndAssertSuccess(project);
        }
    }

    @Test
    public void configurationAsCodeLoads() throws Exception {
        List<Example> examples = Documentation.examples("yaml");
        assertThat(examples, hasSize(greaterThan(1)));
        TestKey key = TestKey.rsa("the application");
        environment.set("AMS_CERTIFICATE", key.certificatePem());
        environment.set("AMS_PRIVATE_KEY", TestKey.pem("PRIVATE KEY", key.key().getEncoded()));
        environment.set("AMS_CERTIFICATE_PASSWORD", "secret");
        environment.set("AMS_CERTIFICATE_PKCS12", Base64.getEncoder().encodeToString(key.pkcs12("secret")));
        for (Example example : examples) {
            Path yaml = temporary.newFile("jenkins.yaml").toPath();
            Files.writeString(yaml, example.text());
            ConfigurationAsCode.get().configure(yaml.toString());
            Set<String> accounts = named(CONFIGURED_ACCOUNT, example.text());
            if (!accounts.isEmpty()) { // an example without accounts keeps those of the previous one
                assertThat(
                        AmsGlobalConfiguration.get().getAccounts().stream()
                                .map(AmsAccount::getName)
                                .toList(),
                        containsInAnyOrder(accounts.toArray()));
            }
            Set<String> credentialsIds = named(CONFIGURED_CREDENTIALS, example.text());
            if (!credentialsIds.isEmpty()) { // an example of accounts leaves the credentials of the one before
                assertThat(
                        SystemCredentialsProvider.getInstance().getCredentials().stream()
                                .map(credentials -> ((StandardCredentials) credentials).getId())
                                .toList(),
                        containsInAnyOrder(credentialsIds.toArray()));
            }
            Files.delete(yaml);
        }
    }

    @Test
    public void jobDslCreatesJobs() throws Exception {
        List<Example> examples = Documentation.examples("groovy", "job-dsl");
        assertThat(examples, hasSize(greaterThan(0)));
        for (Example example : examples) {
            FreeStyleProject seed = jenkins.createFreeStyleProject();
            ExecuteDslScripts builder = new ExecuteDslScripts();
            builder.setScriptText(example.text());
            seed.getBuildersList().add(builder);
            jenkins.buildAndAssertStatus(Result.SUCCESS, seed);
        }
        WaitForAmsJobBuilder made = jenkins.jenkins
                .getItemByFullName("encode", FreeStyleProject.class)
                .getBuildersList()
                .get(WaitForAmsJobBuilder.class);
        assertEquals("$AMS_JOB_ID", made.getJobId());
        assertEquals(90, made.getTimeout());
    }

    private void addFinishedLive(String id) {
        ams.emulator()
                .addJob(JobScript.named("Example")
                        .transform(id.substring(0, id.indexOf('/')))
                        .id(id.substring(id.indexOf("/job-") + "/job-".length()))
                        .task("Encode", Duration.ZERO));
    }

    private static Set<String> named(Pattern what, String text) {
        Set<String> names = new HashSet<>();
        Matcher matcher = what.matcher(text);
        while (matcher.find()) {
            names.add(matcher.group(matcher.groupCount()));
        }
        return names;
    }

    private void addFinished(String id) {
        ams.emulator()
                .addJob(JobScript.named("Example")
                        .id(id)
                        .task("Encode", Duration.ZERO)
                        .outputAsset("encoded"));
    }
}
