/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNull;

import com.cloudbees.hudson.plugins.folder.Folder;
import com.cloudbees.plugins.credentials.CredentialsParameterDefinition;
import com.cloudbees.plugins.credentials.CredentialsParameterValue;
import com.cloudbees.plugins.credentials.CredentialsProvider;
import com.cloudbees.plugins.credentials.CredentialsScope;
import com.cloudbees.plugins.credentials.common.StandardCredentials;
import com.cloudbees.plugins.credentials.domains.Domain;
import hudson.model.Cause;
import hudson.model.FreeStyleBuild;
import hudson.model.FreeStyleProject;
import hudson.model.Item;
import hudson.model.ItemGroup;
import hudson.model.ParameterValue;
import hudson.model.ParametersAction;
import hudson.model.ParametersDefinitionProperty;
import hudson.model.Result;
import hudson.model.Run;
import hudson.model.StringParameterDefinition;
import hudson.model.StringParameterValue;
import hudson.model.TopLevelItem;
import hudson.model.TopLevelItemDescriptor;
import hudson.model.User;
import hudson.security.ACL;
import hudson.util.Secret;
import io.jenkins.plugins.ams.credentials.AzureAdClientSecretCredentials;
import io.jenkins.plugins.ams.credentials.AzureAdCredentials;
import io.jenkins.plugins.ams.freestyle.WaitForAmsJobBuilder;
import io.jenkins.plugins.ams.testing.AmsJenkinsRule;
import io.jenkins.plugins.ams.testing.RecordedUses;
import java.util.List;
import jenkins.model.Jenkins;
import jenkins.model.ModifiableTopLevelItemGroup;
import org.jenkinsci.plugins.workflow.cps.CpsFlowDefinition;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.RuleChain;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.MockAuthorizationStrategy;

/** Which credentials a build finds, by both doors: those of its own place in the tree of items and above, and no others. */
public class BuildCredentialsJenkinsTest {

    private static final String NOT_FOUND =
            "There are no Microsoft Entra ID credentials with the ID '%s' that this build can use";
    private static final String WRONG_SECRET = "AADSTS7000215";

    private final AmsJenkinsRule ams = new AmsJenkinsRule();
    private final JenkinsRule j = new JenkinsRule();

    @Rule
    public final RuleChain rules = RuleChain.outerRule(ams).around(j);

    private Folder team;
    private Folder inner;
    private Folder sibling;
    private String jobId;

    @Before
    public void configure() throws Exception {
        ams.configure();
        team = j.createProject(Folder.class, "team");
        inner = team.createProject(Folder.class, "inner");
        sibling = j.createProject(Folder.class, "sibling");
        jobId = ams.addFinishedJob("Encoding").id();
    }

    @After
    public void disablePermission() {
        CredentialsProvider.USE_ITEM.setEnabled(false);
    }

    @Test
    public void globalCredentialsServeAllItems() throws Exception {
        for (ItemGroup<?> place : new ItemGroup<?>[] {j.jenkins, team, inner}) {
            succeeds(place, null);
            succeeds(place, AmsJenkinsRule.CREDENTIALS);
        }
    }

    @Test
    public void folderCredentialsServeItemsBelow() throws Exception {
        add(team, "team-ci", validSecret());

        succeeds(team, "team-ci");
        succeeds(inner, "team-ci");
        failsWith(NOT_FOUND.formatted("team-ci"), sibling, "team-ci");
        failsWith(NOT_FOUND.formatted("team-ci"), j.jenkins, "team-ci");
    }

    @Test
    public void prefersTheNearestCredentialsWithTheSameId() throws Exception {
        add(team, AmsJenkinsRule.CREDENTIALS, "not the secret");
        add(inner, AmsJenkinsRule.CREDENTIALS, validSecret());

        failsWith(WRONG_SECRET, team, null);
        failsWith(WRONG_SECRET, team, AmsJenkinsRule.CREDENTIALS);
        succeeds(inner, null);
        succeeds(inner, AmsJenkinsRule.CREDENTIALS);
        succeeds(sibling, null);
    }

    @Test
    public void systemScopeServesNoBuild() throws Exception {
        add(j.jenkins, CredentialsScope.SYSTEM, "jenkins-own", validSecret());
        ams.emulator().requests().clear();

        failsWith(NOT_FOUND.formatted("jenkins-own"), j.jenkins, "jenkins-own");
        failsWith(NOT_FOUND.formatted("jenkins-own"), team, "jenkins-own");
        assertEquals(0, ams.emulator().requests().count());
    }

    @Test
    public void tracksCredentialsUsage() throws Exception {
        add(team, "team-ci", validSecret());
        AzureAdCredentials used =
                CredentialsProvider.lookupCredentialsInItemGroup(AzureAdCredentials.class, team, ACL.SYSTEM2, List.of())
                        .stream()
                        .filter(credentials -> credentials.getId().equals("team-ci"))
                        .findFirst()
                        .orElseThrow();
        assertNull(CredentialsProvider.getFingerprintOf(used));

        Run<?, ?> step = pipeline(team, "team-ci");
        Run<?, ?> builder = freestyle(team, "team-ci");

        RecordedUses.awaitUse(used, step);
        RecordedUses.awaitUse(used, builder);
    }

    @Test
    public void acceptsTheDefaultOfACredentialsParameter() throws Exception {
        succeeds(start(parameterized("${CRED}", AmsJenkinsRule.CREDENTIALS), null));
    }

    @Test
    public void aCredentialsParameterFindsWhatItsUserMayUse() throws Exception {
        CredentialsProvider.USE_ITEM.setEnabled(true);
        j.jenkins.setSecurityRealm(j.createDummySecurityRealm());
        j.jenkins.setAuthorizationStrategy(new MockAuthorizationStrategy()
                .grant(Jenkins.READ, Item.READ, Item.BUILD)
                .everywhere()
                .to("operator", "starter")
                .grant(CredentialsProvider.USE_ITEM)
                .everywhere()
                .to("operator"));
        add(team, "team-ci", validSecret());
        ParameterValue given = new CredentialsParameterValue("CRED", "team-ci", "");

        for (String expression : new String[] {"${CRED}", "$CRED"}) {
            FreeStyleProject project = parameterized(expression, "");
            succeeds(start(project, "operator", given));
            ams.emulator().requests().clear();
            failsWith("There are no Microsoft Entra ID credentials", start(project, "starter", given));
            assertEquals(0, ams.emulator().requests().count());
        }
    }

    @Test
    public void expandsOtherParameters() throws Exception {
        add(team, "team-ci", validSecret());
        FreeStyleProject project = parameterized("${PREFIX}-ci", "");
        succeeds(start(project, null, new StringParameterValue("PREFIX", "team")));
        failsWith(
                NOT_FOUND.formatted("sibling-ci"), start(project, null, new StringParameterValue("PREFIX", "sibling")));
    }

    private void succeeds(ItemGroup<?> place, String credentialsId) throws Exception {
        succeeds(pipeline(place, credentialsId));
        succeeds(freestyle(place, credentialsId));
    }

    private void succeeds(Run<?, ?> run) throws Exception {
        j.assertBuildStatusSuccess(run);
    }

    private void failsWith(String message, ItemGroup<?> place, String credentialsId) throws Exception {
        failsWith(message, pipeline(place, credentialsId));
        failsWith(message, freestyle(place, credentialsId));
    }

    private void failsWith(String message, Run<?, ?> run) throws Exception {
        j.assertBuildStatus(Result.FAILURE, run);
        j.assertLogContains(message, run);
        j.assertLogNotContains("\tat ", run);
    }

    private Run<?, ?> pipeline(ItemGroup<?> place, String credentialsId) throws Exception {
        WorkflowJob project = create(place, WorkflowJob.class);
        String more = credentialsId == null ? "" : ", credentialsId: '" + credentialsId + "'";
        project.setDefinition(new CpsFlowDefinition("waitForAmsJob jobId: '" + jobId + "'" + more, true));
        return j.waitForCompletion(project.scheduleBuild2(0).waitForStart());
    }

    private Run<?, ?> freestyle(ItemGroup<?> place, String credentialsId) throws Exception {
        return start(withBuilder(create(place, FreeStyleProject.class), credentialsId), null);
    }

    private FreeStyleProject parameterized(String expression, String defaultValue) throws Exception {
        FreeStyleProject project = withBuilder(create(team, FreeStyleProject.class), expression);
        project.addProperty(new ParametersDefinitionProperty(
                new CredentialsParameterDefinition("CRED", "", defaultValue, AzureAdCredentials.class.getName(), false),
                new StringParameterDefinition("PREFIX", "")));
        return project;
    }

    private FreeStyleProject withBuilder(FreeStyleProject project, String credentialsId) throws Exception {
        WaitForAmsJobBuilder builder = new WaitForAmsJobBuilder(jobId);
        builder.setCredentialsId(credentialsId);
        project.getBuildersList().add(builder);
        return project;
    }

    private FreeStyleBuild start(FreeStyleProject project, String user, ParameterValue... given) throws Exception {
        if (user == null && given.length == 0) {
            return project.scheduleBuild2(0).get();
        }
        Cause cause = user == null
                ? new Cause.RemoteCause("localhost", "")
                : new Cause.UserIdCause(User.getById(user, true).getId());
        return project.scheduleBuild2(0, cause, new ParametersAction(given[0])).get();
    }

    private static <T extends TopLevelItem> T create(ItemGroup<?> place, Class<T> type) throws Exception {
        TopLevelItemDescriptor kind = (TopLevelItemDescriptor) Jenkins.get().getDescriptorOrDie(type);
        String name = "job" + place.getItems().size();
        return type.cast(((ModifiableTopLevelItemGroup) place).createProject(kind, name, false));
    }

    private String validSecret() {
        return ams.emulator().clientSecret();
    }

    private void add(ItemGroup<?> place, String id, String secret) throws Exception {
        add(place, CredentialsScope.GLOBAL, id, secret);
    }

    private void add(ItemGroup<?> place, CredentialsScope scope, String id, String secret) throws Exception {
        AmsJenkinsRule.storeOf(place).addCredentials(Domain.global(), credentials(scope, id, secret));
    }

    private StandardCredentials credentials(CredentialsScope scope, String id, String secret) throws Exception {
        return new AzureAdClientSecretCredentials(
                scope, id, "", ams.emulator().tenant(), ams.emulator().clientId(), Secret.fromString(secret));
    }
}
