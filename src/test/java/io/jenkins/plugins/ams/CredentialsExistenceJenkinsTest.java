/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import com.cloudbees.hudson.plugins.folder.Folder;
import com.cloudbees.plugins.credentials.Credentials;
import com.cloudbees.plugins.credentials.CredentialsProvider;
import com.cloudbees.plugins.credentials.CredentialsScope;
import com.cloudbees.plugins.credentials.domains.Domain;
import com.cloudbees.plugins.credentials.domains.DomainRequirement;
import hudson.model.FreeStyleProject;
import hudson.model.ItemGroup;
import hudson.model.Result;
import hudson.util.Secret;
import io.jenkins.plugins.ams.WebMethodsJenkinsRule.Role;
import io.jenkins.plugins.ams.WebMethodsJenkinsRule.WebMethod;
import io.jenkins.plugins.ams.credentials.AzureAdClientSecretCredentials;
import io.jenkins.plugins.ams.freestyle.WaitForAmsJobBuilder;
import io.jenkins.plugins.ams.testing.AmsJenkinsRule;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.BeforeClass;
import org.junit.ClassRule;
import org.junit.Test;
import org.junit.rules.RuleChain;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.TestExtension;
import org.springframework.security.core.Authentication;

/**
 * Whether there are credentials of some ID is told those alone who may choose them: neither by a text nor by the time
 * that it takes, since nothing is looked up for others.
 */
public class CredentialsExistenceJenkinsTest {

    private static final AmsJenkinsRule ams = new AmsJenkinsRule();
    private static final JenkinsRule j = new JenkinsRule();
    private static final WebMethodsJenkinsRule web = new WebMethodsJenkinsRule(ams, j);

    @ClassRule
    public static final RuleChain RULES = RuleChain.outerRule(ams).around(j).around(web);

    private final List<String> problems = new ArrayList<>();

    @BeforeClass
    public static void addInaccessibleCredentials() throws Exception {
        Folder folder = j.createProject(Folder.class, "other-team");
        AmsJenkinsRule.storeOf(folder)
                .addCredentials(Domain.global(), credentials(CredentialsScope.GLOBAL, "other-teams"));
        AmsJenkinsRule.storeOf(j.jenkins)
                .addCredentials(Domain.global(), credentials(CredentialsScope.SYSTEM, "jenkins-own"));
    }

    @Test
    public void looksUpNothingWithoutPermission() {
        int compared = 0;
        for (WebMethod method : web.methods()) {
            for (String parameter : method.parameters()) {
                for (Role role : List.of(Role.READER, Role.ITEM_READER, Role.CONFIGURER)) {
                    for (String below : List.of("", web.item())) {
                        Set<Role> told = below.isEmpty()
                                ? method.audience().withoutItem()
                                : method.audience().withItem();
                        if (!told.contains(role)) {
                            CountingProvider.COUNT.set(0);
                            Set<String> answers = responses(below, method, parameter, role);
                            String where = method + "?" + parameter + " below '" + below + "' to " + role;
                            expect(answers.size() == 1, where + " tells what there is: " + answers);
                            expect(CountingProvider.COUNT.get() == 0, where + " looks credentials up");
                            compared++;
                        }
                    }
                }
            }
        }
        assertTrue("compared " + compared, compared > 200);
        assertEquals("", String.join("\n", problems));
    }

    /** Otherwise the other test would count nothing. */
    @Test
    public void countsLookups() {
        WebMethod check = web.methods().stream()
                .filter(method -> method.toString().equals("WaitForAmsJobStep/checkCredentialsId"))
                .findFirst()
                .orElseThrow();
        CountingProvider.COUNT.set(0);
        web.text(web.item(), check, Role.EXTENDED_READER);
        assertTrue(CountingProvider.COUNT.get() > 0);
    }

    @Test
    public void disclosesNoInaccessibleCredentials() {
        for (WebMethod method : web.methods()) {
            if (method.name().matches("check.*Id") && method.query().contains("value=gone")) {
                for (Role role : List.of(Role.EXTENDED_READER, Role.CONFIGURER, Role.ADMINISTRATOR)) {
                    Set<String> answers = new TreeSet<>();
                    for (String id : List.of("gone", "other-teams", "jenkins-own")) {
                        answers.add(web.text(web.item(), method.with("value", id), role));
                    }
                    expect(answers.size() == 1, method + " tells " + role + " of others: " + answers);
                }
            }
        }
        assertEquals("", String.join("\n", problems));
    }

    @Test
    public void reportsInaccessibleCredentialsAsNotFound() throws Exception {
        Set<String> consoles = new TreeSet<>();
        for (String id : List.of("gone", "other-teams", "jenkins-own")) {
            FreeStyleProject project = j.createFreeStyleProject();
            WaitForAmsJobBuilder builder = new WaitForAmsJobBuilder("f3c43f94-327f-2347-90bb-3bf79f8559f1");
            builder.setCredentialsId(id);
            project.getBuildersList().add(builder);
            consoles.add(JenkinsRule.getLog(j.buildAndAssertStatus(Result.FAILURE, project))
                    .replace(id, "…")
                    .replace(project.getName(), "…"));
        }
        assertEquals(consoles.toString(), 1, consoles.size());
    }

    /** What is answered for IDs and names that there are, and for some that there are not. */
    private static Set<String> responses(String below, WebMethod method, String parameter, Role role) {
        Set<String> answers = new TreeSet<>();
        for (String value : List.of(AmsJenkinsRule.CREDENTIALS, AmsJenkinsRule.ACCOUNT, "no-such-thing")) {
            String answer = web.text(below, method.with(parameter, value), role);
            // a page that refuses, or asks to log in, repeats the address
            answers.add(answer.startsWith("200 ") ? answer.replace(value, "…") : answer.substring(0, 3));
        }
        return answers;
    }

    private void expect(boolean condition, String problem) {
        if (!condition) {
            problems.add(problem);
        }
    }

    private static AzureAdClientSecretCredentials credentials(CredentialsScope scope, String id) throws Exception {
        return new AzureAdClientSecretCredentials(
                scope,
                id,
                "",
                ams.emulator().tenant(),
                ams.emulator().clientId(),
                Secret.fromString(ams.emulator().clientSecret()));
    }

    /** Counts how often credentials are looked up, and has none. */
    @TestExtension
    public static final class CountingProvider extends CredentialsProvider {

        static final AtomicInteger COUNT = new AtomicInteger();

        @Override
        public <C extends Credentials> List<C> getCredentialsInItemGroup(
                Class<C> type,
                ItemGroup itemGroup,
                Authentication authentication,
                List<DomainRequirement> requirements) {
            COUNT.incrementAndGet();
            return List.of();
        }
    }
}
