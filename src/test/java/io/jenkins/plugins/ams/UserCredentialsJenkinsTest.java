/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams;

import static io.jenkins.plugins.ams.testing.Parameters.submitted;
import static org.junit.Assert.assertEquals;

import com.cloudbees.hudson.plugins.folder.Folder;
import com.cloudbees.plugins.credentials.CredentialsParameterDefinition;
import com.cloudbees.plugins.credentials.CredentialsParameterValue;
import com.cloudbees.plugins.credentials.CredentialsProvider;
import com.cloudbees.plugins.credentials.CredentialsScope;
import com.cloudbees.plugins.credentials.CredentialsStore;
import com.cloudbees.plugins.credentials.domains.Domain;
import hudson.model.Cause;
import hudson.model.CauseAction;
import hudson.model.Computer;
import hudson.model.FreeStyleProject;
import hudson.model.Item;
import hudson.model.Job;
import hudson.model.ParameterValue;
import hudson.model.ParametersAction;
import hudson.model.ParametersDefinitionProperty;
import hudson.model.Result;
import hudson.model.Run;
import hudson.model.StringParameterDefinition;
import hudson.model.StringParameterValue;
import hudson.model.User;
import hudson.security.ACL;
import hudson.security.ACLContext;
import hudson.util.Secret;
import io.jenkins.plugins.ams.credentials.AzureAdClientSecretCredentials;
import io.jenkins.plugins.ams.credentials.AzureAdCredentials;
import io.jenkins.plugins.ams.credentials.AzureAdManagedIdentityCredentials;
import io.jenkins.plugins.ams.freestyle.WaitForAmsJobBuilder;
import io.jenkins.plugins.ams.testing.AmsJenkinsRule;
import io.jenkins.plugins.ams.wait.WaitForm;
import java.util.List;
import jenkins.model.Jenkins;
import jenkins.model.ParameterizedJobMixIn;
import jenkins.security.QueueItemAuthenticatorConfiguration;
import org.jenkinsci.plugins.workflow.cps.CpsFlowDefinition;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.RuleChain;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.MockAuthorizationStrategy;
import org.jvnet.hudson.test.MockQueueItemAuthenticator;

/** Credentials of a user's own store, and builds that run as another user than the system. */
public class UserCredentialsJenkinsTest {

    private static final String NOT_FOUND = "There are no Microsoft Entra ID credentials with the ID";

    private final AmsJenkinsRule ams = new AmsJenkinsRule();
    private final JenkinsRule j = new JenkinsRule();

    @Rule
    public final RuleChain rules = RuleChain.outerRule(ams).around(j);

    private Folder team;
    private String jobId;

    @Before
    public void configure() throws Exception {
        ams.configure();
        jobId = ams.addFinishedJob("Encoding").id();
        team = j.createProject(Folder.class, "team");
        AmsJenkinsRule.storeOf(team).addCredentials(Domain.global(), credentials("teams"));
        CredentialsProvider.USE_ITEM.setEnabled(true);
        j.jenkins.setSecurityRealm(j.createDummySecurityRealm());
        j.jenkins.setAuthorizationStrategy(new MockAuthorizationStrategy()
                .grant(Jenkins.READ, Item.READ, Item.BUILD, Computer.BUILD)
                .everywhere()
                .to("alice", "bob", "carol")
                .grant(CredentialsProvider.USE_ITEM)
                .everywhere()
                .to("carol")
                .grant(Item.CONFIGURE)
                .everywhere()
                .to("configurer")
                .grant(Jenkins.ADMINISTER)
                .everywhere()
                .to("admin"));
        addToStoreOf("alice", credentials("alices"));
        addToStoreOf("bob", credentials("bobs"));
        ams.emulator().requests().clear();
    }

    @After
    public void disablePermission() {
        CredentialsProvider.USE_ITEM.setEnabled(false);
    }

    @Test
    public void acceptsTheStartingUsersCredentials() throws Exception {
        for (Job<?, ?> job : List.of(freestyle("${CRED}"), pipeline("${CRED}"))) {
            j.assertBuildStatusSuccess(start(job, "alice", new CredentialsParameterValue("CRED", "alices", "")));
        }
    }

    @Test
    public void rejectsAnotherUsersCredentials() throws Exception {
        for (Job<?, ?> job : List.of(freestyle("${CRED}"), pipeline("${CRED}"))) {
            assertNotFound(start(job, "alice", new CredentialsParameterValue("CRED", "bobs", "")));
            assertNotFound(start(job, "alice", new CredentialsParameterValue("CRED", "teams", "")));
        }
    }

    @Test
    public void aStringParameterFindsNoUserCredentials() throws Exception {
        for (Job<?, ?> job :
                List.of(freestyle("$TEXT"), freestyle("${TEXT}"), freestyle("alices"), pipeline("alices"))) {
            assertNotFound(start(job, "alice", new StringParameterValue("TEXT", "alices")));
        }
    }

    @Test
    public void aBuildRunningAsAUserFindsOnlyTheirCredentials() throws Exception {
        for (String id : List.of("alices", "teams", AmsJenkinsRule.CREDENTIALS)) {
            assertNotFound(startAs("bob", freestyle(id)));
            assertNotFound(startAs("bob", pipeline(id)));
        }
        j.assertBuildStatusSuccess(startAs("bob", freestyle("bobs")));
        j.assertBuildStatusSuccess(startAs("bob", pipeline("bobs")));
    }

    @Test
    public void aBuildRunningAsAUserFindsItemCredentialsWithPermission() throws Exception {
        for (String id : List.of("teams", AmsJenkinsRule.CREDENTIALS)) {
            j.assertBuildStatusSuccess(startAs("carol", freestyle(id)));
            j.assertBuildStatusSuccess(startAs("carol", pipeline(id)));
        }
        assertNotFound(startAs("carol", pipeline("bobs")));
    }

    /** The form offers what a build would find, whoever looks at it. */
    @Test
    public void theFormListsCredentialsOfTheBuildsUser() throws Exception {
        FreeStyleProject project = freestyle(null);
        runAs("bob", project);
        WaitForm form = new WaitForAmsJobBuilder.DescriptorImpl();
        try (ACLContext as = ACL.as2(User.getById("configurer", true).impersonate2())) {
            assertEquals(
                    List.of("", "bobs"),
                    form.doFillCredentialsIdItems(project, submitted(""), submitted("")).stream()
                            .map(option -> option.value)
                            .toList());
        }
        try (ACLContext as = ACL.as2(User.getById("alice", true).impersonate2())) {
            assertEquals(
                    List.of(""),
                    form.doFillCredentialsIdItems(project, submitted(""), submitted("")).stream()
                            .map(option -> option.value)
                            .toList());
        }
    }

    /** Made by an administrator, and of no use all the same where others could take them for theirs. */
    @Test
    public void rejectsAManagedIdentityInAUserStore() throws Exception {
        addToStoreOf("admin", new AzureAdManagedIdentityCredentials(CredentialsScope.USER, "mi", "", null));
        Run<?, ?> run = start(pipeline("${CRED}"), "admin", new CredentialsParameterValue("CRED", "mi", ""));
        j.assertBuildStatus(Result.FAILURE, run);
        j.assertLogContains("work only as global credentials that an administrator created", run);
        assertEquals(0, ams.emulator().requests().count());
    }

    private void assertNotFound(Run<?, ?> run) throws Exception {
        j.assertBuildStatus(Result.FAILURE, run);
        j.assertLogContains(NOT_FOUND, run);
        j.assertLogNotContains("\tat ", run);
        assertEquals(0, ams.emulator().requests().count());
    }

    private FreeStyleProject freestyle(String credentialsId) throws Exception {
        FreeStyleProject project = team.createProject(
                FreeStyleProject.class, "job" + team.getItems().size());
        WaitForAmsJobBuilder builder = new WaitForAmsJobBuilder(jobId);
        builder.setCredentialsId(credentialsId);
        project.getBuildersList().add(builder);
        return parameterized(project);
    }

    private WorkflowJob pipeline(String credentialsId) throws Exception {
        WorkflowJob project =
                team.createProject(WorkflowJob.class, "job" + team.getItems().size());
        project.setDefinition(new CpsFlowDefinition(
                "waitForAmsJob jobId: '" + jobId + "', credentialsId: '" + credentialsId + "'", true));
        return parameterized(project);
    }

    private static <J extends Job<?, ?>> J parameterized(J job) throws Exception {
        job.addProperty(new ParametersDefinitionProperty(
                new CredentialsParameterDefinition("CRED", "", "", AzureAdCredentials.class.getName(), false),
                new StringParameterDefinition("TEXT", "")));
        return job;
    }

    private Run<?, ?> start(Job<?, ?> job, String user, ParameterValue given) throws Exception {
        ams.emulator().requests().clear();
        int number = job.getNextBuildNumber();
        CauseAction cause = new CauseAction(new Cause.UserIdCause(user));
        ParameterizedJobMixIn.scheduleBuild2(job, 0, cause, new ParametersAction(given));
        j.waitUntilNoActivity();
        return job.getBuildByNumber(number);
    }

    private Run<?, ?> startAs(String user, Job<?, ?> job) throws Exception {
        runAs(user, job);
        ams.emulator().requests().clear();
        int number = job.getNextBuildNumber();
        ParameterizedJobMixIn.scheduleBuild2(job, 0);
        j.waitUntilNoActivity();
        return job.getBuildByNumber(number);
    }

    private static void runAs(String user, Job<?, ?> job) throws Exception {
        QueueItemAuthenticatorConfiguration.get()
                .getAuthenticators()
                .replaceBy(List.of(new MockQueueItemAuthenticator()
                        .authenticate(
                                job.getFullName(), User.getById(user, true).impersonate2())));
    }

    private AzureAdClientSecretCredentials credentials(String id) throws Exception {
        return new AzureAdClientSecretCredentials(
                CredentialsScope.GLOBAL,
                id,
                "",
                ams.emulator().tenant(),
                ams.emulator().clientId(),
                Secret.fromString(ams.emulator().clientSecret()));
    }

    private static void addToStoreOf(String user, AzureAdCredentials credentials) throws Exception {
        User owner = User.getById(user, true);
        try (ACLContext as = ACL.as2(owner.impersonate2())) {
            for (CredentialsStore store : CredentialsProvider.lookupStores(owner)) {
                if (store.getContext() == owner) {
                    store.addCredentials(Domain.global(), credentials);
                }
            }
        }
    }
}
