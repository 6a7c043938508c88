/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams;

import static org.awaitility.Awaitility.await;
import static org.junit.Assert.assertEquals;

import hudson.model.Item;
import hudson.security.Permission;
import io.jenkins.plugins.ams.config.AmsAccount;
import io.jenkins.plugins.ams.config.AmsGlobalConfiguration;
import io.jenkins.plugins.ams.emulator.EmulatedJob;
import io.jenkins.plugins.ams.emulator.Fault;
import io.jenkins.plugins.ams.emulator.JobScript;
import io.jenkins.plugins.ams.emulator.RequestKind;
import io.jenkins.plugins.ams.page.AmsJobsAction;
import io.jenkins.plugins.ams.result.WaitRecord;
import io.jenkins.plugins.ams.service.JobId;
import io.jenkins.plugins.ams.testing.AmsJenkinsRule;
import java.io.IOException;
import java.net.URL;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import jenkins.model.Jenkins;
import org.htmlunit.HttpMethod;
import org.htmlunit.WebRequest;
import org.htmlunit.WebResponse;
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
import org.jvnet.hudson.test.MockFolder;

/**
 * Tests which waits of two builds each role can see, and what each role can do. Only administrators can read the second
 * build.
 */
public class WaitsRolesJenkinsTest {

    private static final String OTHER_ACCOUNT = "account-of-another-team";
    private static final String ERROR = "The service is busy for another team";
    private static final String OTHER_JOB = "Trailer of an unannounced film";

    /** Details that only administrators may see: names, the error, and the number of waits. */
    private static final List<String> SECRETS =
            List.of(OTHER_ACCOUNT, OTHER_JOB, ERROR, "vault", "unlisted", "(3)", "(2)", "2 Processing", "3 Processing");

    private final AmsJenkinsRule ams = new AmsJenkinsRule();
    private final JenkinsRule j = new JenkinsRule();

    @Rule
    public final RuleChain rules = RuleChain.outerRule(ams).around(j);

    private final List<String> problems = new ArrayList<>();
    private final Map<Role, JenkinsRule.WebClient> clients = new EnumMap<>(Role.class);
    private EmulatedJob visibleJob;
    private WorkflowRun visible;
    private WorkflowRun hidden;
    private WorkflowRun unlisted;

    private enum Role {
        ANONYMOUS,
        READER(Jenkins.READ),
        ITEM_READER(Jenkins.READ),
        CANCELER(Jenkins.READ),
        SYSTEM_READER(Jenkins.READ, Jenkins.SYSTEM_READ),
        ADMINISTRATOR(Jenkins.ADMINISTER);

        private static final Set<Role> SEE_THE_BUILD = EnumSet.of(ITEM_READER, CANCELER, ADMINISTRATOR);
        private static final Set<Role> SEE_THE_ACCOUNTS = EnumSet.of(SYSTEM_READER, ADMINISTRATOR);
        private static final Set<Role> CAN_CANCEL = EnumSet.of(CANCELER, ADMINISTRATOR);

        private final Permission[] everywhere;

        Role(Permission... everywhere) {
            this.everywhere = everywhere;
        }

        String user() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    @Before
    public void startBuilds() throws Exception {
        ams.configure();
        List<AmsAccount> accounts = new ArrayList<>(AmsGlobalConfiguration.get().getAccounts());
        AmsAccount other = ams.documentedAccount(OTHER_ACCOUNT);
        accounts.add(other);
        AmsGlobalConfiguration.get().setAccounts(accounts);
        Jenkins.SYSTEM_READ.setEnabled(true);
        MockFolder films = j.createFolder("films");
        WorkflowJob encode = films.createProject(WorkflowJob.class, "encode");
        WorkflowJob secret = j.createFolder("vault").createProject(WorkflowJob.class, "secret");
        // the job is readable, but not its folder, so that its URL cannot be opened
        WorkflowJob inHiddenFolder = j.createFolder("open-folder").createProject(WorkflowJob.class, "unlisted");
        visibleJob = ams.emulator()
                .addJob(JobScript.named("Encoding")
                        .task("Encode", Duration.ofHours(1))
                        .canceling(Duration.ofSeconds(1)));
        visible = start(encode, visibleJob, "");
        hidden = start(secret, ams.addRunningJob(OTHER_JOB), ", account: '" + OTHER_ACCOUNT + "'");
        unlisted = start(inHiddenFolder, ams.addRunningJob(OTHER_JOB + " 2"), "");
        j.jenkins.setSecurityRealm(j.createDummySecurityRealm());
        MockAuthorizationStrategy authorization = new MockAuthorizationStrategy();
        for (Role role : EnumSet.complementOf(EnumSet.of(Role.ANONYMOUS))) {
            authorization.grant(role.everywhere).everywhere().to(role.user());
        }
        for (Item item : List.of(films, encode, inHiddenFolder)) {
            authorization.grant(Item.READ).onItems(item).to(Role.ITEM_READER.user(), Role.CANCELER.user());
            authorization.grant(Item.CANCEL).onItems(item).to(Role.CANCELER.user());
        }
        j.jenkins.setAuthorizationStrategy(authorization);
        for (Role role : Role.values()) {
            JenkinsRule.WebClient client = j.createWebClient()
                    .withThrowExceptionOnFailingStatusCode(false)
                    .withJavaScriptEnabled(false);
            client.getOptions().setRedirectEnabled(false);
            clients.put(role, role == Role.ANONYMOUS ? client : client.login(role.user()));
        }
    }

    @After
    public void endBuilds() {
        Jenkins.SYSTEM_READ.setEnabled(false);
        Stream.of(visible, hidden, unlisted).filter(Objects::nonNull).forEach(WorkflowRun::doKill);
    }

    @Test
    public void eachRoleSeesOnlyWaitsOfBuildsItCanRead() throws Exception {
        ams.emulator().faults().inject(Fault.hang().on(RequestKind.JOBS)); // the next poll would remove the error
        String tokenOfAll = "MQoK";
        for (String path : List.of(
                "ams-waits/",
                "ams-waits/rows",
                "ams-waits/?account=" + AmsJenkinsRule.ACCOUNT,
                "ams-waits/?state=Processing",
                "ams-waits/api/json",
                "ams-waits/api/json?depth=9",
                "ams-waits/api/xml?depth=9",
                "ams-waits/changes/" + tokenOfAll + "-1,2,3/api/json?depth=9")) {
            showErrorOfTheOtherBuild();
            for (Role role : Role.values()) {
                WebResponse response = send(HttpMethod.GET, path, role, false);
                String text = response.getContentAsString();
                String where = path + " as " + role + " (" + response.getStatusCode() + ")";
                expect(response.getStatusCode() == (role == Role.ANONYMOUS ? 403 : 200), where + " has another status");
                boolean sees = Role.SEE_THE_BUILD.contains(role);
                expect(text.contains("encode") == sees, where + (sees ? " lacks" : " shows") + " the build");
                boolean seesAccounts = showsAccountHealth(path) && Role.SEE_THE_ACCOUNTS.contains(role);
                expect(
                        text.contains(AmsJenkinsRule.ACCOUNT) == (sees || seesAccounts) || path.contains("account="),
                        where + ": account");
                expect(
                        text.contains("cancel?job=") == (Role.CAN_CANCEL.contains(role) && !path.contains("api")),
                        where + ": Cancel job");
                if (role == Role.ADMINISTRATOR) {
                    expect(text.contains(OTHER_JOB), where + " lacks the other builds");
                    expect(path.contains("account=") || text.contains(ERROR), where + " lacks the error");
                } else {
                    SECRETS.stream()
                            .filter(secret -> !(seesAccounts && secret.equals(OTHER_ACCOUNT)))
                            .forEach(secret -> expect(!text.contains(secret), where + " tells " + secret));
                }
            }
        }
        assertNoProblems();
    }

    /** The health of the accounts is on the page itself and in its REST API, but not in the list that is refreshed. */
    private static boolean showsAccountHealth(String path) {
        return !path.contains("rows") && !path.contains("changes");
    }

    /** A filter must not reveal which accounts exist. */
    @Test
    public void aFilterByAHiddenAccountIsLikeOneByNone() throws Exception {
        for (Role role : EnumSet.of(Role.READER, Role.ITEM_READER, Role.CANCELER, Role.SYSTEM_READER)) {
            String hiddenName = listed("ams-waits/rows?account=" + OTHER_ACCOUNT, role);
            String noName = listed("ams-waits/rows?account=" + OTHER_ACCOUNT.replace('o', 'x'), role);
            assertEquals(role.name(), noName.replace(OTHER_ACCOUNT.replace('o', 'x'), OTHER_ACCOUNT), hiddenName);
        }
    }

    @Test
    public void onlyWhoCanCancelTheBuildCancelsItsJob() throws Exception {
        for (Role role : Role.values()) {
            String where = " as " + role;
            for (WorkflowRun run : List.of(visible, hidden, unlisted)) {
                int get = send(HttpMethod.GET, cancelPath(run), role, false).getStatusCode();
                expect(get == 404 || get == 405 || get == 403, "GET" + where + " is answered with " + get);
                if (role != Role.ADMINISTRATOR && (run != visible || role != Role.CANCELER)) {
                    int post =
                            send(HttpMethod.POST, cancelPath(run), role, true).getStatusCode();
                    expect(post == 403 || post == 404, run + where + " is answered with " + post);
                }
            }
            int forged = send(HttpMethod.POST, cancelPath(visible), role, false).getStatusCode();
            expect(forged == 403, "a POST without a crumb" + where + " is answered with " + forged);
        }
        assertNoProblems();
        assertEquals(0, ams.emulator().requests().count(RequestKind.CANCEL));
        assertEquals(
                404,
                send(HttpMethod.POST, visible.getUrl() + "ams-jobs/cancel?job=x", Role.CANCELER, true)
                        .getStatusCode());
        assertEquals(
                404,
                send(HttpMethod.POST, visible.getUrl() + "ams-jobs/cancel", Role.CANCELER, true)
                        .getStatusCode());

        assertEquals(
                302,
                send(HttpMethod.POST, cancelPath(visible), Role.CANCELER, true).getStatusCode());
        assertEquals(
                "again",
                302,
                send(HttpMethod.POST, cancelPath(visible), Role.ADMINISTRATOR, true)
                        .getStatusCode());
        j.waitForCompletion(visible);
        assertEquals(1, ams.emulator().requests().count(RequestKind.CANCEL));
        assertEquals(
                List.of("[AMS] Canceled by canceler; requesting cancellation of the job"),
                visible.getLog(1000).stream()
                        .filter(line -> line.contains("Canceled by"))
                        .map(line -> line.replaceAll("^.*(?=\\[AMS\\])", ""))
                        .toList());
        assertEquals(
                "ended",
                302,
                send(HttpMethod.POST, cancelPath(visible), Role.CANCELER, true).getStatusCode());
        assertEquals(1, ams.emulator().requests().count(RequestKind.CANCEL));
    }

    /** Returns the list without the values that depend on the time. */
    private String listed(String path, Role role) throws IOException {
        return send(HttpMethod.GET, path, role, false)
                .getContentAsString()
                .replaceAll("data-ams-revision=\"[^\"]*\"", "");
    }

    private void showErrorOfTheOtherBuild() {
        JobId id = new JobId(record(hidden).getJob().getId());
        AmsJobsAction.change(hidden, id, OTHER_ACCOUNT, before -> before.failing(ERROR, Instant.now()));
    }

    private WorkflowRun start(WorkflowJob project, EmulatedJob job, String more) throws Exception {
        project.setDefinition(
                new CpsFlowDefinition("waitForAmsJob jobId: '" + job.id() + "', pollInterval: 2" + more, true));
        WorkflowRun run = project.scheduleBuild2(0).waitForStart();
        await().atMost(Duration.ofMinutes(1))
                .until(() -> run.getAction(AmsJobsAction.class) != null
                        && run.getAction(AmsJobsAction.class).getJobs().stream()
                                .anyMatch(record ->
                                        "Processing".equals(record.getJob().getState())));
        return run;
    }

    private static WaitRecord record(WorkflowRun run) {
        return run.getAction(AmsJobsAction.class).getJobs().get(0);
    }

    private static String cancelPath(WorkflowRun run) {
        return run.getUrl() + "ams-jobs/cancel?job=" + record(run).getGuid();
    }

    private WebResponse send(HttpMethod verb, String path, Role role, boolean crumb) throws IOException {
        JenkinsRule.WebClient client = clients.get(role);
        WebRequest request = new WebRequest(new URL(j.getURL(), path), verb);
        return client.loadWebResponse(crumb ? client.addCrumb(request) : request);
    }

    private void expect(boolean condition, String problem) {
        if (!condition) {
            problems.add(problem);
        }
    }

    private void assertNoProblems() {
        assertEquals("", String.join("\n", problems));
    }
}
