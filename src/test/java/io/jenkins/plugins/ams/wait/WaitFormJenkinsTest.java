/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.wait;

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
import io.jenkins.plugins.ams.testing.AmsJenkinsRule;
import java.util.List;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.jvnet.hudson.test.JenkinsRule;

public class WaitFormJenkinsTest {

    private static final String ENDPOINT = "https://%s.restv2.westeurope.media.azure.net/api/";

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
        assertEquals(List.of("", "prod", "test", "bare"), values(WaitForm.fillAccountItems(job, "test")));
        assertEquals(List.of("", "prod", "test", "bare", "gone"), values(WaitForm.fillAccountItems(job, "gone")));
    }

    @Test
    public void rejectsAnUnknownAccount() throws Exception {
        assertEquals(FormValidation.Kind.OK, WaitForm.checkAccount(job, "prod").kind);
        assertEquals(FormValidation.Kind.OK, WaitForm.checkAccount(job, "").kind);
        FormValidation unknown = WaitForm.checkAccount(job, "gone");
        assertEquals(FormValidation.Kind.ERROR, unknown.kind);
        assertThat(unknown.getMessage(), containsString("There is no AMS account &#039;gone&#039;"));

        AmsGlobalConfiguration.get().setAccounts(List.of());
        assertThat(WaitForm.checkAccount(job, "").getMessage(), containsString("No AMS account is configured"));
    }

    @Test
    public void listsCredentialsUsableByABuild() {
        assertEquals(List.of("", "folders", "global"), values(WaitForm.fillCredentialsIdItems(job, "", "prod")));
        assertEquals(List.of("", "global"), values(WaitForm.fillCredentialsIdItems(sibling, "", "prod")));
        assertEquals(List.of("", "global"), values(WaitForm.fillCredentialsIdItems(null, "", "prod")));
    }

    @Test
    public void listsDomainCredentialsOnlyForTheirHosts() {
        assertEquals(
                List.of("", "folders", "for-test", "global"), values(WaitForm.fillCredentialsIdItems(job, "", "test")));
        assertEquals(FormValidation.Kind.OK, WaitForm.checkCredentialsId(job, "for-test", "test").kind);
        assertEquals(FormValidation.Kind.ERROR, WaitForm.checkCredentialsId(job, "for-test", "prod").kind);
        assertEquals(FormValidation.Kind.ERROR, WaitForm.checkCredentialsId(job, "for-test", "").kind);
    }

    @Test
    public void rejectsCredentialsUnusableByABuild() {
        for (String usable : List.of("", "global", "folders")) {
            assertEquals(usable, FormValidation.Kind.OK, WaitForm.checkCredentialsId(job, usable, "").kind);
        }
        for (String unusable : List.of("system", "git", "gone")) {
            assertEquals(unusable, FormValidation.Kind.ERROR, WaitForm.checkCredentialsId(job, unusable, "").kind);
        }
        assertEquals(FormValidation.Kind.ERROR, WaitForm.checkCredentialsId(sibling, "folders", "").kind);
        assertEquals(FormValidation.Kind.ERROR, WaitForm.checkCredentialsId(null, "system", "").kind);
    }

    @Test
    public void requiresCredentialsIfTheAccountHasNone() {
        FormValidation missing = WaitForm.checkCredentialsId(job, "", "bare");
        assertEquals(FormValidation.Kind.ERROR, missing.kind);
        assertThat(missing.getMessage(), containsString("&#039;bare&#039; has no default credentials"));
        assertEquals(FormValidation.Kind.OK, WaitForm.checkCredentialsId(job, "global", "bare").kind);
        assertEquals(FormValidation.Kind.OK, WaitForm.checkCredentialsId(job, "", "gone").kind);
    }

    @Test
    public void validatesNumbers() {
        for (String right : List.of("2", "60", "3600", "")) {
            assertEquals(right, FormValidation.Kind.OK, WaitForm.checkPollInterval(right).kind);
        }
        for (String wrong : List.of("1", "0", "-5", "3601", "x", "2.5", "99999999999")) {
            assertEquals(wrong, FormValidation.Kind.ERROR, WaitForm.checkPollInterval(wrong).kind);
        }
        for (String right : List.of("0", "1", "100000", "")) {
            assertEquals(right, FormValidation.Kind.OK, WaitForm.checkTimeout(right).kind);
        }
        for (String wrong : List.of("-1", "x", "1.5", "99999999999")) {
            assertEquals(wrong, FormValidation.Kind.ERROR, WaitForm.checkTimeout(wrong).kind);
        }
    }

    @Test
    public void validatesJobIds() {
        String guid = "f3c43f94-327f-2347-90bb-3bf79f8559f1";
        for (String right : List.of(guid, "nb:jid:UUID:" + guid, "nb%3Ajid%3AUUID%3A" + guid)) {
            assertEquals(right, FormValidation.Kind.OK, WaitForm.checkJobId(job, right, "").kind);
        }
        for (String wrong : List.of("", "job-1", "nb:cid:UUID:" + guid, "$AMS_JOB_ID")) {
            assertEquals(wrong, FormValidation.Kind.ERROR, WaitForm.checkJobId(job, wrong, "").kind);
        }
        assertThat(WaitForm.checkJobId(job, "<b>", "").getMessage(), containsString("&lt;b&gt;"));
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
