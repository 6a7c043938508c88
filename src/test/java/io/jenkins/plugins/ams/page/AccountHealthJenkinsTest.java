/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.page;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.startsWith;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import hudson.model.Item;
import hudson.security.Permission;
import io.jenkins.plugins.ams.config.AmsAccount;
import io.jenkins.plugins.ams.config.AmsGlobalConfiguration;
import io.jenkins.plugins.ams.emulator.AzureAd.AuthorityError;
import io.jenkins.plugins.ams.emulator.EmulatedJob;
import io.jenkins.plugins.ams.testing.AmsJenkinsRule;
import io.jenkins.plugins.ams.testing.Language;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import jenkins.model.Jenkins;
import org.jenkinsci.plugins.workflow.cps.CpsFlowDefinition;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.RuleChain;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.MockAuthorizationStrategy;

/** Tests the health of the accounts on the page of all waits and in its REST API, and who sees it. */
public class AccountHealthJenkinsTest {

    private static final Permission[] OFF_BY_DEFAULT = {Jenkins.MANAGE, Jenkins.SYSTEM_READ};
    private static final String UNUSED = "https://unused.restv2.westeurope.media.azure.net/api/";

    private final AmsJenkinsRule ams = new AmsJenkinsRule();
    private final JenkinsRule j = new JenkinsRule();

    @Rule
    public final RuleChain rules = RuleChain.outerRule(ams).around(j).around(Language.english());

    private EmulatedJob job;
    private WorkflowRun run;

    /** Starts a build that waits for a job, and adds an account that no build uses. */
    @Before
    public void begin() throws Exception {
        for (Permission permission : OFF_BY_DEFAULT) {
            permission.setEnabled(true);
        }
        ams.configure();
        List<AmsAccount> accounts = new ArrayList<>(AmsGlobalConfiguration.get().getAccounts());
        accounts.add(new AmsAccount("unused", UNUSED, "others"));
        AmsGlobalConfiguration.get().setAccounts(accounts);
        job = ams.addRunningJob("Encoding");
        WorkflowJob project = j.createProject(WorkflowJob.class);
        project.setDefinition(new CpsFlowDefinition("waitForAmsJob '" + job.id() + "'", true));
        run = project.scheduleBuild2(0).waitForStart();
        j.waitForMessage("Processing", run);
        j.jenkins.setSecurityRealm(j.createDummySecurityRealm());
        j.jenkins.setAuthorizationStrategy(new MockAuthorizationStrategy()
                .grant(Jenkins.ADMINISTER)
                .everywhere()
                .to("administrator")
                .grant(Jenkins.READ, Jenkins.MANAGE)
                .everywhere()
                .to("manager")
                .grant(Jenkins.READ, Jenkins.SYSTEM_READ)
                .everywhere()
                .to("systemreader")
                .grant(Jenkins.READ, Item.READ, Item.CANCEL, Item.CONFIGURE)
                .everywhere()
                .to("developer")
                .grant(Jenkins.READ)
                .everywhere()
                .toEveryone());
    }

    @After
    public void end() throws Exception {
        for (Permission permission : OFF_BY_DEFAULT) {
            permission.setEnabled(false);
        }
        ams.emulator().azureAd().fault(AuthorityError.NONE);
        job.finish();
        j.waitForCompletion(run);
    }

    @Test
    public void showsTheHealthOfEachAccount() throws Exception {
        JsonNode accounts = accounts("administrator");
        assertEquals(2, accounts.size());
        JsonNode used = accounts.get(0);
        assertEquals(AmsJenkinsRule.ACCOUNT, used.get("account").asText());
        assertEquals(AmsJenkinsRule.CREDENTIALS, used.get("credentialsId").asText());
        assertEquals(1, used.get("waits").asInt());
        assertEquals(1, used.get("builds").asInt());
        assertTrue(used.get("requestsPerMinute").asInt() > 0);
        assertTrue("batching is on", used.get("jobsPerRequest").asInt() > 1);
        assertTrue(used.get("requestsInFlight").isInt());
        Instant now = Instant.now();
        Instant response = Instant.parse(used.get("lastResponse").asText());
        assertTrue(response.isAfter(now.minusSeconds(600)) && !response.isAfter(now));
        assertTrue(Instant.parse(used.get("tokenExpiry").asText()).isAfter(now));
        for (String none : List.of("heldBackUntil", "rejectedSince", "failingSince", "certificateExpiry")) {
            assertTrue(none, used.get(none).isNull());
        }
        JsonNode unused = accounts.get(1);
        assertEquals("unused", unused.get("account").asText());
        assertEquals(0, unused.get("waits").asInt());
        assertTrue(unused.get("lastResponse").isNull());

        String page = page("administrator");
        for (String text : List.of("Account health", "Working", "Not used yet", "ams-ci", "others")) {
            assertThat(page, containsString(text));
        }
    }

    @Test
    public void showsTheLastError() throws Exception {
        ams.emulator().azureAd().fault(AuthorityError.EXPIRED_SECRET).expireTokens();
        j.waitForMessage("the wait fails if this continues for", run);
        JsonNode account = accounts("administrator").get(0);
        assertThat(
                account.get("lastError").asText(),
                startsWith("Microsoft Entra ID did not issue a token: the client secret has expired."));
        Instant since = Instant.parse(account.get("rejectedSince").asText());
        assertTrue(!Instant.parse(account.get("lastErrorTime").asText()).isBefore(since));
        String page = page("administrator");
        assertThat(page, containsString("Credentials rejected"));
        assertThat(page, containsString("the client secret has expired"));
    }

    @Test
    public void keepsAnAccountThatWasRemovedWhileABuildWaits() throws Exception {
        AmsGlobalConfiguration.get().setAccounts(List.of());
        JsonNode accounts = accounts("administrator");
        assertEquals(1, accounts.size());
        assertEquals(
                "localhost (no longer configured)",
                accounts.get(0).get("account").asText());
    }

    @Test
    public void onlyManagersAndSystemReadersSeeIt() throws Exception {
        for (String user : List.of("administrator", "systemreader")) {
            assertThat(user, page(user), containsString("Account health"));
            assertEquals(
                    user, "others", accounts(user).get(1).get("credentialsId").asText());
        }
        assertThat(page("manager"), containsString("Account health"));
        assertTrue(accounts("manager").get(1).get("credentialsId").isNull());
        for (String id : List.of("others", AmsJenkinsRule.CREDENTIALS)) {
            assertThat(page("manager"), not(containsString(id)));
        }
        for (String user : new String[] {"developer", "reader", null}) {
            assertEquals(user, 0, accounts(user).size());
            String page = page(user);
            for (String hidden : List.of("Account health", "unused", "others", AmsJenkinsRule.CREDENTIALS)) {
                assertThat(user, page, not(containsString(hidden)));
            }
        }
    }

    private JsonNode accounts(String user) throws Exception {
        return new JsonMapper()
                .readTree(seen(user, "ams-waits/api/json?depth=5"))
                .get("accounts");
    }

    private String page(String user) throws Exception {
        return seen(user, "ams-waits/");
    }

    private String seen(String user, String path) throws Exception {
        try (JenkinsRule.WebClient client = j.createWebClient().withJavaScriptEnabled(false)) {
            if (user != null) {
                client.login(user);
            }
            return client.goTo(path, null).getWebResponse().getContentAsString();
        }
    }
}
