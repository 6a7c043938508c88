/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.config;

import static org.awaitility.Awaitility.await;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.endsWith;
import static org.hamcrest.Matchers.not;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNotNull;
import static org.junit.Assert.assertTrue;

import com.cloudbees.plugins.credentials.CredentialsScope;
import com.cloudbees.plugins.credentials.SecretBytes;
import com.cloudbees.plugins.credentials.SystemCredentialsProvider;
import com.cloudbees.plugins.credentials.impl.CertificateCredentialsImpl;
import hudson.ExtensionList;
import hudson.model.FreeStyleProject;
import hudson.model.Result;
import hudson.security.Permission;
import io.jenkins.plugins.ams.credentials.AzureAdClientCertificateCredentials;
import io.jenkins.plugins.ams.emulator.AzureAd.AuthorityError;
import io.jenkins.plugins.ams.emulator.EmulatedJob;
import io.jenkins.plugins.ams.freestyle.WaitForAmsJobBuilder;
import io.jenkins.plugins.ams.testing.AmsJenkinsRule;
import io.jenkins.plugins.ams.testing.Language;
import io.jenkins.plugins.ams.testing.TestKey;
import java.net.URL;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import jenkins.model.Jenkins;
import org.htmlunit.HttpMethod;
import org.htmlunit.WebRequest;
import org.htmlunit.WebResponse;
import org.htmlunit.html.HtmlForm;
import org.htmlunit.html.HtmlPage;
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

/** Tests the administrative monitor: what it shows, to whom, and when it disappears. */
public class AmsAccountsMonitorJenkinsTest {

    private static final String EXPIRED =
            "Microsoft Entra ID did not issue a token: the client secret has expired. Create a new one for the application"
                    + " and enter its value in the credentials.";

    private static final Permission[] OFF_BY_DEFAULT = {Jenkins.MANAGE, Jenkins.SYSTEM_READ};

    private final AmsJenkinsRule ams = new AmsJenkinsRule();
    private final JenkinsRule j = new JenkinsRule();
    private final Language language = Language.english();

    @Rule
    public final RuleChain rules = RuleChain.outerRule(ams).around(j).around(language);

    private AmsAccountsMonitor monitor;

    @Before
    public void configure() throws Exception {
        for (Permission permission : OFF_BY_DEFAULT) {
            permission.setEnabled(true);
        }
        ams.configure();
        monitor = ExtensionList.lookupSingleton(AmsAccountsMonitor.class);
    }

    @After
    public void disablePermissions() {
        for (Permission permission : OFF_BY_DEFAULT) {
            permission.setEnabled(false);
        }
    }

    @Test
    public void isSilentWhileAllIsWell() throws Exception {
        assertFalse(monitor.isActivated());
        buildFreestyle(Result.SUCCESS, ams.addFinishedJob("Encoding"));
        int requests = ams.emulator().requests().all().size();
        assertFalse(monitor.isActivated());
        assertThat(managePage(null), not(containsString(monitor.getDisplayName())));
        assertEquals(requests, ams.emulator().requests().all().size());
    }

    /**
     * The most common case: the secret expires, the monitor shows a warning, and an administrator replaces the secret.
     */
    @Test
    public void anExpiredSecretIsFoundAndReplacedWhileABuildWaits() throws Exception {
        EmulatedJob job = ams.addRunningJob("Encoding");
        WorkflowRun run = pipeline("waitForAmsJob jobId: '" + job.id() + "', pollInterval: 2");
        j.waitForMessage("Processing", run);
        assertFalse(monitor.isActivated());

        ams.emulator().azureAd().fault(AuthorityError.EXPIRED_SECRET).expireTokens();
        awaitActivated(true);
        j.waitForMessage("the wait fails if this continues for", run);
        assertTrue("the build retries", run.isBuilding());
        String page = managePage(null);
        assertThat(page, containsString("The credentials for the AMS account 'media-test' are rejected"));
        assertThat("the sentence of a failed wait's console", page, containsString(EXPIRED));
        assertThat(page, containsString("Waiting builds: 1."));
        assertThat(page, containsString("Credentials: ams-ci."));

        ams.emulator().azureAd().fault(AuthorityError.NONE).rotateSecret("the new secret");
        replaceSecret("the new secret");
        awaitActivated(false);
        assertThat(managePage(null), not(containsString("are rejected")));
        job.finish();
        j.assertBuildStatusSuccess(j.waitForCompletion(run));
        j.assertLogContains("The service is responding again", run);
        assertFalse(monitor.isActivated());
    }

    @Test
    public void aSuccessfulConnectionTestSolvesTheProblem() throws Exception {
        rejectABuild();
        assertTrue(monitor.isActivated());
        assertEquals(0, monitor.getProblems().get(0).getBuilds());

        ams.emulator().azureAd().fault(AuthorityError.NONE);
        AmsAccount account = AmsGlobalConfiguration.get().getAccounts().get(0);
        AmsAccount other = new AmsAccount("x", ams.emulator().endpoint().toString(), "another");
        other.setCloud(account.getCloud());
        other.setAuthority(account.getAuthority());
        ams.addCredentials("another", ams.emulator().clientSecret());
        test(other);
        assertTrue("the test used other credentials", monitor.isActivated());
        test(account);
        assertFalse(monitor.isActivated());
    }

    @Test
    public void followsTheNamesOfTheAccounts() throws Exception {
        rejectABuild();
        AmsAccount old = AmsGlobalConfiguration.get().getAccounts().get(0);
        AmsAccount renamed = new AmsAccount("media-new", old.getEndpoint(), old.getCredentialsId());
        AmsGlobalConfiguration.get().setAccounts(List.of(renamed));
        assertEquals(
                "The credentials for the AMS account 'media-new' are rejected",
                monitor.getProblems().get(0).getTitle());

        AmsGlobalConfiguration.get().setAccounts(List.of());
        assertFalse("there is nothing to correct", monitor.isActivated());
    }

    @Test
    public void aCorrectedEndpointSolvesTheProblem() throws Exception {
        rejectABuild();
        AmsGlobalConfiguration.get()
                .setAccounts(List.of(new AmsAccount(
                        AmsJenkinsRule.ACCOUNT, "https://other.restv2.westeurope.media.azure.net/api/", "ams-ci")));
        assertFalse(monitor.isActivated());
    }

    @Test
    public void warnsOfACertificateThatExpires() throws Exception {
        TestKey key = TestKey.rsa("expires soon"); // valid for 30 days
        ams.emulator().azureAd().certificates(key.certificate());
        SystemCredentialsProvider provider = SystemCredentialsProvider.getInstance();
        provider.getCredentials()
                .add(new CertificateCredentialsImpl(
                        CredentialsScope.GLOBAL,
                        "cert",
                        "",
                        "test-password",
                        new CertificateCredentialsImpl.UploadedKeyStoreSource(
                                null, SecretBytes.fromRawBytes(key.pkcs12("test-password")))));
        AzureAdClientCertificateCredentials credentials = new AzureAdClientCertificateCredentials(
                CredentialsScope.GLOBAL,
                "with-cert",
                "",
                ams.emulator().tenant(),
                ams.emulator().clientId(),
                "cert");
        provider.getCredentials().add(credentials);
        provider.save();
        FreeStyleProject project = j.createFreeStyleProject();
        WaitForAmsJobBuilder builder =
                new WaitForAmsJobBuilder(ams.addFinishedJob("Encoding").id());
        builder.setCredentialsId("with-cert");
        project.getBuildersList().add(builder);
        j.buildAndAssertSuccess(project);

        ReportedProblem problem = monitor.getProblems().get(0);
        assertEquals("The client certificate for the AMS account 'media-test' expires soon", problem.getTitle());
        assertEquals(key.certificate().getNotAfter(), problem.getSince());
        assertEquals("with-cert", problem.getCredentialsId());
        assertThat(managePage(null), containsString("jenkins-alert-warning"));
        assertThat(managePage(null), containsString("Expiry date:"));
    }

    @Test
    public void isShownToManagersAndSystemReadersOnly() throws Exception {
        rejectABuild();
        secure();
        for (String user : List.of("administrator", "manager", "systemreader")) {
            String page = managePage(user);
            assertThat(user, page, containsString(EXPIRED));
            boolean isManager = user.equals("manager");
            assertEquals(user, !isManager, page.contains("Credentials: ams-ci."));
            assertEquals(user, !isManager, page.contains("manage/configure#ams-accounts"));
            assertEquals(user, user.equals("administrator"), hasDismissButton(user));
        }
        for (String user : new String[] {null, "reader"}) {
            for (String path : List.of("", "manage/", monitor.getUrl() + "/")) {
                WebResponse response = send(user, HttpMethod.GET, path);
                assertThat(user + " " + path, response.getContentAsString(), not(containsString("media-test")));
                assertThat(response.getContentAsString(), not(containsString(EXPIRED)));
            }
        }
    }

    @Test
    public void onlyAdministratorsDismissIt() throws Exception {
        rejectABuild();
        secure();
        String url = monitor.getUrl() + "/disable";
        for (String user : new String[] {null, "reader", "systemreader", "manager"}) {
            assertEquals(user, 403, send(user, HttpMethod.POST, url).getStatusCode());
        }
        assertEquals(405, send("administrator", HttpMethod.GET, url).getStatusCode());
        assertTrue(monitor.isEnabled());

        HtmlPage page = client("administrator").goTo("manage/");
        HtmlForm form = page.getFormByName(monitor.id);
        assertThat(form.getActionAttribute(), endsWith(url));
        j.submit(form);
        assertFalse(monitor.isEnabled());
        assertThat(managePage("administrator"), not(containsString("are rejected")));
    }

    @Test
    public void linksToTheAccounts() throws Exception {
        rejectABuild();
        HtmlPage page = j.createWebClient().goTo("manage/");
        HtmlPage form = page.getAnchorByText("Account settings").click();
        assertThat(form.getUrl().toString(), endsWith("manage/configure#ams-accounts"));
        assertNotNull(form.getElementById("ams-accounts"));
    }

    @Test
    public void isInFrenchAsWell() throws Exception {
        rejectABuild();
        language.use(Locale.FRENCH);
        HttpRequest request = HttpRequest.newBuilder(j.getURL().toURI().resolve("manage/"))
                .header("Accept-Language", "fr")
                .build();
        String page = HttpClient.newHttpClient()
                .send(request, HttpResponse.BodyHandlers.ofString())
                .body();
        assertThat(page, containsString("Les identifiants du compte AMS «\u00a0media-test\u00a0» sont rejetés"));
        assertThat(page, containsString("Builds en attente: 0."));
    }

    private boolean hasDismissButton(String user) throws Exception {
        HtmlForm form = client(user).goTo("manage/").getFormByName(monitor.id);
        return !form.getElementsByTagName("button").isEmpty();
    }

    private void rejectABuild() throws Exception {
        ams.emulator().azureAd().fault(AuthorityError.EXPIRED_SECRET);
        buildFreestyle(Result.FAILURE, ams.addFinishedJob("Encoding"));
    }

    private void buildFreestyle(Result expected, EmulatedJob job) throws Exception {
        FreeStyleProject project = j.createFreeStyleProject();
        project.getBuildersList().add(new WaitForAmsJobBuilder(job.id()));
        j.buildAndAssertStatus(expected, project);
    }

    private WorkflowRun pipeline(String script) throws Exception {
        WorkflowJob project = j.createProject(WorkflowJob.class);
        project.setDefinition(new CpsFlowDefinition(script, true));
        return project.scheduleBuild2(0).waitForStart();
    }

    private void replaceSecret(String secret) throws Exception {
        SystemCredentialsProvider.getInstance().getCredentials().clear();
        ams.addCredentials(AmsJenkinsRule.CREDENTIALS, secret);
    }

    private static void test(AmsAccount account) throws Exception {
        new ConnectionTest(account, AmsGlobalConfiguration.get().endpointPolicy(account.getApi())).run();
    }

    private void awaitActivated(boolean expected) {
        await().atMost(Duration.ofSeconds(60)).until(() -> monitor.isActivated() == expected);
    }

    private void secure() {
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
                .grant(Jenkins.READ)
                .everywhere()
                .to("reader"));
    }

    private JenkinsRule.WebClient client(String user) throws Exception {
        JenkinsRule.WebClient client = j.createWebClient().withThrowExceptionOnFailingStatusCode(false);
        client.setRedirectEnabled(true);
        return user == null ? client : client.login(user);
    }

    private String managePage(String user) throws Exception {
        return send(user, HttpMethod.GET, "manage/").getContentAsString();
    }

    private WebResponse send(String user, HttpMethod method, String path) throws Exception {
        try (JenkinsRule.WebClient client = client(user)) {
            WebRequest request = new WebRequest(new URL(j.getURL(), path), method);
            return client.loadWebResponse(method == HttpMethod.POST ? client.addCrumb(request) : request);
        }
    }
}
