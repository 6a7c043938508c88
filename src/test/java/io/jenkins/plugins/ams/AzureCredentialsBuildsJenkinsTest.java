/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams;

import static io.jenkins.plugins.ams.testing.Parameters.submitted;
import static io.jenkins.plugins.ams.testing.Parameters.submittedForm;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasItems;
import static org.hamcrest.Matchers.not;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import com.cloudbees.hudson.plugins.folder.Folder;
import com.cloudbees.plugins.credentials.Credentials;
import com.cloudbees.plugins.credentials.CredentialsScope;
import com.cloudbees.plugins.credentials.SecretBytes;
import com.cloudbees.plugins.credentials.domains.Domain;
import com.cloudbees.plugins.credentials.impl.CertificateCredentialsImpl;
import com.microsoft.azure.util.AzureCredentials;
import com.microsoft.azure.util.AzureImdsCredentials;
import hudson.model.FreeStyleProject;
import hudson.model.Item;
import hudson.model.ItemGroup;
import hudson.model.Result;
import hudson.model.Run;
import hudson.model.TopLevelItem;
import hudson.model.TopLevelItemDescriptor;
import hudson.model.User;
import hudson.security.ACL;
import hudson.security.ACLContext;
import hudson.util.FormValidation;
import hudson.util.ListBoxModel;
import hudson.util.Secret;
import io.jenkins.plugins.ams.config.AmsV2Api;
import io.jenkins.plugins.ams.emulator.RequestKind;
import io.jenkins.plugins.ams.freestyle.WaitForAmsJobBuilder;
import io.jenkins.plugins.ams.testing.AmsJenkinsRule;
import io.jenkins.plugins.ams.testing.RecordedUses;
import io.jenkins.plugins.ams.testing.TestKey;
import java.util.List;
import jenkins.model.Jenkins;
import jenkins.model.ModifiableTopLevelItemGroup;
import org.jenkinsci.plugins.workflow.cps.CpsFlowDefinition;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.RuleChain;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.MockAuthorizationStrategy;

/** Service principals of the plugin Azure Credentials in builds and forms. */
public class AzureCredentialsBuildsJenkinsTest {

    private static final String NOT_FOUND =
            "There are no Microsoft Entra ID credentials with the ID '%s' that this build can use";

    private final AmsJenkinsRule ams = new AmsJenkinsRule();
    private final JenkinsRule j = new JenkinsRule();

    @Rule
    public final RuleChain rules = RuleChain.outerRule(ams).around(j);

    private Folder team;
    private String jobId;

    @Before
    public void configure() throws Exception {
        ams.configure();
        team = j.createProject(Folder.class, "team");
        jobId = ams.addFinishedJob("Encoding").id();
    }

    @Test
    public void usesTheSecretFromBothEntryPoints() throws Exception {
        add(j.jenkins, servicePrincipal("sp", ams.emulator().clientSecret()));
        j.assertBuildStatusSuccess(pipeline(team, "sp"));
        j.assertBuildStatusSuccess(freestyle(team, "sp"));
    }

    @Test
    public void usesTheCertificateVisibleToTheJob() throws Exception {
        TestKey right = TestKey.rsa("right");
        ams.emulator().azureAd().certificates(right.certificate());
        AzureCredentials named = servicePrincipal("sp", "");
        named.setCertificateId("cert");
        add(j.jenkins, named);
        add(team, certificate(CredentialsScope.GLOBAL, right));

        j.assertBuildStatusSuccess(pipeline(team, "sp"));
        failsWith("refer to certificate credentials 'cert', but there are none", pipeline(j.jenkins, "sp"));
        add(j.jenkins, certificate(CredentialsScope.SYSTEM, right));
        failsWith("refer to certificate credentials 'cert', but there are none", pipeline(j.jenkins, "sp"));
    }

    @Test
    public void folderCredentialsServeItemsBelowAndSystemScopeServesNone() throws Exception {
        add(team, servicePrincipal("team-sp", ams.emulator().clientSecret()));
        add(j.jenkins, servicePrincipal(CredentialsScope.SYSTEM, "jenkins-own"));

        j.assertBuildStatusSuccess(pipeline(team.createProject(Folder.class, "inner"), "team-sp"));
        ams.emulator().requests().clear();
        failsWith(NOT_FOUND.formatted("team-sp"), pipeline(j.jenkins, "team-sp"));
        failsWith(NOT_FOUND.formatted("team-sp"), freestyle(j.createProject(Folder.class, "sibling"), "team-sp"));
        failsWith(NOT_FOUND.formatted("jenkins-own"), pipeline(j.jenkins, "jenkins-own"));
        failsWith(NOT_FOUND.formatted("jenkins-own"), freestyle(team, "jenkins-own"));
        assertEquals(0, ams.emulator().requests().count());
    }

    @Test
    public void tracksUsageOfTheCredentials() throws Exception {
        Credentials used = servicePrincipal("team-sp", ams.emulator().clientSecret());
        add(team, used);
        Run<?, ?> build = pipeline(team, "team-sp");
        RecordedUses.awaitUse(used, build);
    }

    @Test
    public void sendsNoSecretToTheCredentialsOwnAuthority() throws Exception {
        AzureCredentials elsewhere =
                servicePrincipal("elsewhere", ams.emulator().clientSecret());
        elsewhere.setActiveDirectoryEndpoint("https://login.elsewhere.example/");
        add(team, elsewhere);
        AzureCredentials china = servicePrincipal("china", ams.emulator().clientSecret());
        china.setAzureEnvironmentName("Azure China");
        add(team, china);
        failsWith("'elsewhere' are for an Azure environment with the authority", pipeline(team, "elsewhere"));
        failsWith("authority https://login.chinacloudapi.cn, but the AMS account", freestyle(team, "china"));
        assertEquals(0, ams.emulator().requests().count());
    }

    @Test
    public void rejectsAManagedIdentityInAFolder() throws Exception {
        add(team, new AzureImdsCredentials(CredentialsScope.GLOBAL, "mi", "", "Azure"));
        failsWith("work only as global credentials", pipeline(team, "mi"));
    }

    @Test
    public void isListedInFormsAndTested() throws Exception {
        add(j.jenkins, servicePrincipal("sp", ams.emulator().clientSecret()));
        add(j.jenkins, servicePrincipal("stale", "not the secret"));
        add(j.jenkins, servicePrincipal(CredentialsScope.SYSTEM, "jenkins-own"));
        add(team, servicePrincipal("team-sp", ams.emulator().clientSecret()));
        AmsV2Api.DescriptorImpl account = new AmsV2Api.DescriptorImpl();
        String endpoint = ams.emulator().endpoint().toString();
        List<String> ofAccount = values(account.doFillCredentialsIdItems(submitted(""), submitted(endpoint)));
        assertEquals("", ofAccount.get(0));
        assertThat(ofAccount, hasItems(AmsJenkinsRule.CREDENTIALS, "sp", "stale"));
        assertThat(ofAccount, not(hasItem("jenkins-own")));
        assertThat(ofAccount, not(hasItem("team-sp")));
        assertEquals(FormValidation.Kind.OK, account.doCheckCredentialsId(submitted("sp"), submitted(endpoint)).kind);
        assertEquals(
                FormValidation.Kind.ERROR,
                account.doCheckCredentialsId(submitted("jenkins-own"), submitted(endpoint)).kind);

        assertEquals(FormValidation.Kind.OK, test("sp").kind);
        assertThat(test("stale").getMessage(), containsString("AADSTS7000215"));
        assertEquals(2, ams.emulator().requests().count(RequestKind.TOKEN));
        assertThat(test("jenkins-own").getMessage(), containsString("no Microsoft Entra ID credentials with this ID"));

        FreeStyleProject project = team.createProject(FreeStyleProject.class, "job");
        WaitForAmsJobBuilder.DescriptorImpl builder = new WaitForAmsJobBuilder.DescriptorImpl();
        assertThat(
                values(builder.doFillCredentialsIdItems(project, submitted(""), submitted(""))),
                hasItems("", "sp", "team-sp"));
        assertThat(
                values(builder.doFillCredentialsIdItems(project, submitted(""), submitted(""))),
                not(hasItem("jenkins-own")));
        assertEquals(
                FormValidation.Kind.OK,
                builder.doCheckCredentialsId(project, submitted("team-sp"), submitted("")).kind);
        assertEquals(
                FormValidation.Kind.ERROR,
                builder.doCheckCredentialsId(project, submitted("jenkins-own"), submitted("")).kind);
    }

    @Test
    public void isHiddenFromUsersWithoutPermission() throws Exception {
        add(team, servicePrincipal("team-sp", ams.emulator().clientSecret()));
        FreeStyleProject project = team.createProject(FreeStyleProject.class, "job");
        j.jenkins.setSecurityRealm(j.createDummySecurityRealm());
        j.jenkins.setAuthorizationStrategy(new MockAuthorizationStrategy()
                .grant(Jenkins.READ, Item.READ)
                .everywhere()
                .to("reader"));
        WaitForAmsJobBuilder.DescriptorImpl builder = new WaitForAmsJobBuilder.DescriptorImpl();
        try (ACLContext as = ACL.as2(User.getById("reader", true).impersonate2())) {
            assertEquals(List.of(""), values(builder.doFillCredentialsIdItems(project, submitted(""), submitted(""))));
            assertEquals(
                    FormValidation.Kind.OK,
                    builder.doCheckCredentialsId(project, submitted("nope"), submitted("")).kind);
        }
    }

    private FormValidation test(String credentialsId) throws Exception {
        return new AmsV2Api.DescriptorImpl()
                .doTestConnection(submittedForm(
                        "name",
                        "media",
                        "endpoint",
                        ams.emulator().endpoint().toString(),
                        "credentialsId",
                        credentialsId,
                        "cloud",
                        "CUSTOM",
                        "authority",
                        ams.emulator().authority().toString(),
                        "additionalHosts",
                        "localhost"));
    }

    private static List<String> values(ListBoxModel items) {
        return items.stream().map(option -> option.value).toList();
    }

    private void failsWith(String message, Run<?, ?> run) throws Exception {
        j.assertBuildStatus(Result.FAILURE, run);
        j.assertLogContains(message, run);
        j.assertLogNotContains("\tat ", run);
    }

    private Run<?, ?> pipeline(ModifiableTopLevelItemGroup place, String credentialsId) throws Exception {
        WorkflowJob project = create(place, WorkflowJob.class);
        project.setDefinition(new CpsFlowDefinition(
                "waitForAmsJob jobId: '" + jobId + "', credentialsId: '" + credentialsId + "'", true));
        return j.waitForCompletion(project.scheduleBuild2(0).waitForStart());
    }

    private Run<?, ?> freestyle(ModifiableTopLevelItemGroup place, String credentialsId) throws Exception {
        FreeStyleProject project = create(place, FreeStyleProject.class);
        WaitForAmsJobBuilder builder = new WaitForAmsJobBuilder(jobId);
        builder.setCredentialsId(credentialsId);
        project.getBuildersList().add(builder);
        return project.scheduleBuild2(0).get();
    }

    private static <T extends TopLevelItem> T create(ModifiableTopLevelItemGroup place, Class<T> type)
            throws Exception {
        var kind = (TopLevelItemDescriptor) Jenkins.get().getDescriptorOrDie(type);
        return type.cast(place.createProject(kind, "job" + place.getItems().size(), false));
    }

    private static void add(ItemGroup<?> where, Credentials credentials) throws Exception {
        assertTrue(AmsJenkinsRule.storeOf(where).addCredentials(Domain.global(), credentials));
    }

    private AzureCredentials servicePrincipal(String id, String secret) {
        return servicePrincipal(CredentialsScope.GLOBAL, id, secret);
    }

    private AzureCredentials servicePrincipal(CredentialsScope scope, String id) {
        return servicePrincipal(scope, id, ams.emulator().clientSecret());
    }

    private AzureCredentials servicePrincipal(CredentialsScope scope, String id, String secret) {
        AzureCredentials credentials =
                new AzureCredentials(scope, id, "", "", ams.emulator().clientId(), Secret.fromString(secret));
        credentials.setTenant(ams.emulator().tenant());
        return credentials;
    }

    private static Credentials certificate(CredentialsScope scope, TestKey key) throws Exception {
        return new CertificateCredentialsImpl(
                scope,
                "cert",
                "",
                "secret",
                new CertificateCredentialsImpl.UploadedKeyStoreSource(
                        null, SecretBytes.fromRawBytes(key.pkcs12("secret"))));
    }
}
