/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.wait;

import static io.jenkins.plugins.ams.testing.Parameters.submitted;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.junit.Assert.assertEquals;

import com.cloudbees.hudson.plugins.folder.Folder;
import com.cloudbees.plugins.credentials.Credentials;
import com.cloudbees.plugins.credentials.CredentialsScope;
import com.cloudbees.plugins.credentials.CredentialsStore;
import com.cloudbees.plugins.credentials.domains.Domain;
import com.cloudbees.plugins.credentials.domains.HostnameSpecification;
import com.cloudbees.plugins.credentials.impl.UsernamePasswordCredentialsImpl;
import hudson.model.FreeStyleProject;
import hudson.model.Item;
import hudson.util.FormValidation;
import hudson.util.ListBoxModel;
import hudson.util.Secret;
import io.jenkins.plugins.ams.config.AmsAccount;
import io.jenkins.plugins.ams.config.AmsGlobalConfiguration;
import io.jenkins.plugins.ams.credentials.AzureAdClientSecretCredentials;
import io.jenkins.plugins.ams.pipeline.WaitForAmsJobStep;
import io.jenkins.plugins.ams.testing.AmsJenkinsRule;
import java.util.List;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.jvnet.hudson.test.JenkinsRule;

public class WaitFormJenkinsTest {

    private static final String ENDPOINT = "https://%s.restv2.westeurope.media.azure.net/api/";

    private static final WaitForm FORM = new WaitForAmsJobStep.DescriptorImpl();

    @Rule
    public final JenkinsRule jenkins = new JenkinsRule();

    private Folder folder;
    private Item job;
    private Item sibling;

    @Before
    public void configure() throws Exception {
        folder = jenkins.createProject(Folder.class, "folder");
        job = folder.createProject(FreeStyleProject.class, "job");
        sibling = jenkins.createFreeStyleProject();
        AmsGlobalConfiguration.get()
                .setAccounts(List.of(account("prod", "global"), account("test", "global"), account("bare", null)));
        CredentialsStore system = AmsJenkinsRule.storeOf(jenkins.jenkins);
        system.addCredentials(Domain.global(), credentials(CredentialsScope.GLOBAL, "global"));
        system.addCredentials(Domain.global(), credentials(CredentialsScope.SYSTEM, "system"));
        system.addCredentials(
                Domain.global(), new UsernamePasswordCredentialsImpl(CredentialsScope.GLOBAL, "git", "", "u", "p"));
        system.addDomain(
                new Domain("test only", null, List.of(new HostnameSpecification("test.*", null))),
                credentials(CredentialsScope.GLOBAL, "for-test"));
        AmsJenkinsRule.storeOf(folder).addCredentials(Domain.global(), credentials(CredentialsScope.GLOBAL, "folders"));
    }

    @Test
    public void listsTheAccounts() {
        assertEquals(List.of("", "prod", "test", "bare"), values(FORM.doFillAccountItems(job, submitted("test"))));
        assertEquals(
                List.of("", "prod", "test", "bare", "gone"), values(FORM.doFillAccountItems(job, submitted("gone"))));
    }

    @Test
    public void rejectsAnUnknownAccount() throws Exception {
        assertEquals(FormValidation.Kind.OK, FORM.doCheckAccount(job, submitted("prod")).kind);
        assertEquals(FormValidation.Kind.OK, FORM.doCheckAccount(job, submitted("")).kind);
        FormValidation unknown = FORM.doCheckAccount(job, submitted("gone"));
        assertEquals(FormValidation.Kind.ERROR, unknown.kind);
        assertThat(unknown.getMessage(), containsString("There is no AMS account &#039;gone&#039;"));

        AmsGlobalConfiguration.get().setAccounts(List.of());
        assertThat(
                FORM.doCheckAccount(job, submitted("")).getMessage(), containsString("No AMS account is configured"));
    }

    @Test
    public void listsCredentialsUsableByABuild() {
        assertEquals(
                List.of("", "folders", "global"),
                values(FORM.doFillCredentialsIdItems(job, submitted(""), submitted("prod"))));
        assertEquals(
                List.of("", "global"),
                values(FORM.doFillCredentialsIdItems(sibling, submitted(""), submitted("prod"))));
        assertEquals(
                List.of("", "global"), values(FORM.doFillCredentialsIdItems(null, submitted(""), submitted("prod"))));
    }

    @Test
    public void listsDomainCredentialsOnlyForTheirHosts() {
        assertEquals(
                List.of("", "folders", "for-test", "global"),
                values(FORM.doFillCredentialsIdItems(job, submitted(""), submitted("test"))));
        assertEquals(
                FormValidation.Kind.OK, FORM.doCheckCredentialsId(job, submitted("for-test"), submitted("test")).kind);
        assertEquals(
                FormValidation.Kind.ERROR,
                FORM.doCheckCredentialsId(job, submitted("for-test"), submitted("prod")).kind);
        assertEquals(
                FormValidation.Kind.ERROR, FORM.doCheckCredentialsId(job, submitted("for-test"), submitted("")).kind);
    }

    @Test
    public void rejectsCredentialsUnusableByABuild() {
        for (String usable : List.of("", "global", "folders")) {
            assertEquals(
                    usable,
                    FormValidation.Kind.OK,
                    FORM.doCheckCredentialsId(job, submitted(usable), submitted("")).kind);
        }
        for (String unusable : List.of("system", "git", "gone")) {
            assertEquals(
                    unusable,
                    FormValidation.Kind.ERROR,
                    FORM.doCheckCredentialsId(job, submitted(unusable), submitted("")).kind);
        }
        assertEquals(
                FormValidation.Kind.ERROR,
                FORM.doCheckCredentialsId(sibling, submitted("folders"), submitted("")).kind);
        assertEquals(
                FormValidation.Kind.ERROR, FORM.doCheckCredentialsId(null, submitted("system"), submitted("")).kind);
    }

    @Test
    public void requiresCredentialsIfTheAccountHasNone() {
        FormValidation missing = FORM.doCheckCredentialsId(job, submitted(""), submitted("bare"));
        assertEquals(FormValidation.Kind.ERROR, missing.kind);
        assertThat(missing.getMessage(), containsString("&#039;bare&#039; has no default credentials"));
        assertEquals(
                FormValidation.Kind.OK, FORM.doCheckCredentialsId(job, submitted("global"), submitted("bare")).kind);
        assertEquals(FormValidation.Kind.OK, FORM.doCheckCredentialsId(job, submitted(""), submitted("gone")).kind);
    }

    @Test
    public void validatesNumbers() {
        for (String right : List.of("2", "60", "3600", "")) {
            assertEquals(right, FormValidation.Kind.OK, FORM.doCheckPollInterval(submitted(right)).kind);
        }
        for (String wrong : List.of("1", "0", "-5", "3601", "x", "2.5", "99999999999")) {
            assertEquals(wrong, FormValidation.Kind.ERROR, FORM.doCheckPollInterval(submitted(wrong)).kind);
        }
        for (String right : List.of("0", "1", "100000", "")) {
            assertEquals(right, FormValidation.Kind.OK, FORM.doCheckTimeout(submitted(right)).kind);
        }
        for (String wrong : List.of("-1", "x", "1.5", "99999999999")) {
            assertEquals(wrong, FormValidation.Kind.ERROR, FORM.doCheckTimeout(submitted(wrong)).kind);
        }
    }

    @Test
    public void validatesJobIds() {
        String guid = "f3c43f94-327f-2347-90bb-3bf79f8559f1";
        for (String right : List.of(guid, "nb:jid:UUID:" + guid, "nb%3Ajid%3AUUID%3A" + guid)) {
            assertEquals(right, FormValidation.Kind.OK, FORM.doCheckJobId(job, submitted(right), submitted("")).kind);
        }
        for (String wrong : List.of("", "job-1", "nb:cid:UUID:" + guid, "$AMS_JOB_ID")) {
            assertEquals(
                    wrong, FormValidation.Kind.ERROR, FORM.doCheckJobId(job, submitted(wrong), submitted("")).kind);
        }
        assertThat(FORM.doCheckJobId(job, submitted("<b>"), submitted("")).getMessage(), containsString("&lt;b&gt;"));
    }

    private static AmsAccount account(String name, String credentialsId) {
        return new AmsAccount(name, ENDPOINT.formatted(name), credentialsId);
    }

    private static Credentials credentials(CredentialsScope scope, String id) throws Exception {
        return new AzureAdClientSecretCredentials(
                scope,
                id,
                "",
                "contoso.onmicrosoft.com",
                "7c8d1b2e-0000-4000-8000-00805f9b34fb",
                Secret.fromString("s"));
    }

    private static List<String> values(ListBoxModel items) {
        return items.stream().map(item -> item.value).toList();
    }
}
