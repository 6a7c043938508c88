/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.config;

import static io.jenkins.plugins.ams.testing.Parameters.submittedForm;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.allOf;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.not;
import static org.junit.Assert.assertEquals;

import com.cloudbees.plugins.credentials.CredentialsScope;
import com.cloudbees.plugins.credentials.SystemCredentialsProvider;
import hudson.ProxyConfiguration;
import hudson.util.FormValidation;
import hudson.util.Secret;
import io.jenkins.plugins.ams.credentials.AzureAdClientSecretCredentials;
import io.jenkins.plugins.ams.emulator.AzureAd.AuthorityError;
import io.jenkins.plugins.ams.emulator.Fault;
import io.jenkins.plugins.ams.emulator.RequestKind;
import io.jenkins.plugins.ams.runtime.TunnelProxy;
import io.jenkins.plugins.ams.service.EndpointPolicy;
import io.jenkins.plugins.ams.service.v2.AmsV2Service;
import io.jenkins.plugins.ams.testing.AmsJenkinsRule;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import javax.net.ssl.SSLContext;
import org.hamcrest.Matcher;
import org.htmlunit.html.HtmlButton;
import org.htmlunit.html.HtmlForm;
import org.htmlunit.html.HtmlPage;
import org.junit.After;
import org.junit.BeforeClass;
import org.junit.ClassRule;
import org.junit.Test;
import org.junit.rules.RuleChain;
import org.jvnet.hudson.test.JenkinsRule;

public class ConnectionTestJenkinsTest {

    private static final String OTHER_GUID = "9a0f3c52-7f6e-4d0b-8c1d-2b7e5a4c6d1e";

    private static final AmsJenkinsRule ams = new AmsJenkinsRule();
    private static final JenkinsRule j = new JenkinsRule();

    @ClassRule
    public static final RuleChain RULES = RuleChain.outerRule(ams).around(j);

    private String endpoint = ams.emulator().endpoint().toString();
    private String credentialsId = AmsJenkinsRule.CREDENTIALS;
    private String authority = ams.emulator().authority().toString();
    private String resource;
    private String additionalHosts = "localhost";

    @BeforeClass
    public static void configure() throws Exception {
        ams.configure();
        ams.addCredentials("stale", "not the secret");
        add("other-tenant", OTHER_GUID, ams.emulator().clientId(), CredentialsScope.GLOBAL);
        add("other-client", ams.emulator().tenant(), OTHER_GUID, CredentialsScope.GLOBAL);
        add("malformed", "common", OTHER_GUID, CredentialsScope.GLOBAL);
        add("system", ams.emulator().tenant(), ams.emulator().clientId(), CredentialsScope.SYSTEM);
    }

    @After
    public void restoreEmulator() throws Exception {
        ams.emulator().faults().clear();
        ams.emulator().azureAd().fault(AuthorityError.NONE);
        ams.emulator().requests().clear();
        j.jenkins.setProxy(null);
    }

    @Test
    public void reportsSuccess() throws Exception {
        FormValidation result = test();

        assertEquals(FormValidation.Kind.OK, result.kind);
        assertEquals(
                "Connected to &#039;media&#039;: Microsoft Entra ID issued a token, and the service accepts it",
                result.getMessage());
        assertEquals(1, ams.emulator().requests().count(RequestKind.TOKEN));
        assertEquals(2, ams.emulator().requests().count());
    }

    @Test
    public void requestsANewTokenEachTime() throws Exception {
        test();
        ams.emulator().azureAd().fault(AuthorityError.EXPIRED_SECRET);

        assertFails(allOf(containsString("AADSTS7000222"), containsString("the client secret has expired")));
    }

    @Test
    public void reportsInvalidCredentials() throws Exception {
        credentialsId = "stale";
        assertFails(
                allOf(containsString("AADSTS7000215"), containsString("Enter the value of the secret, not its ID")));
        credentialsId = "other-tenant";
        assertFails(containsString("the tenant does not exist"));
        credentialsId = "other-client";
        assertFails(containsString("the tenant has no application with this client ID"));
        credentialsId = "malformed";
        assertFails(containsString("&#039;malformed&#039; need a GUID or domain as the tenant"));
    }

    @Test
    public void reportsMissingCredentials() throws Exception {
        for (String missing : List.of("nope", "system")) {
            credentialsId = missing;
            assertFails(containsString("no Microsoft Entra ID credentials with this ID and Global scope"));
        }
        credentialsId = "";
        assertFails(containsString("Select credentials to test the connection"));
        assertEquals(0, ams.emulator().requests().count());
    }

    @Test
    public void reportsAnInvalidResource() throws Exception {
        resource = "https://rest.media.example";
        assertFails(containsString("the resource of the service is unknown"));
    }

    @Test
    public void reportsRejectionsOfTheService() throws Exception {
        ams.emulator().faults().inject(Fault.status(401).on(RequestKind.JOBS));
        assertFails(allOf(
                containsString("Microsoft Entra ID issued a token, but the service cannot be used"),
                containsString("has a role such as Contributor on the AMS account")));
        ams.emulator().faults().clear();
        ams.emulator().faults().inject(Fault.status(403).on(RequestKind.JOBS));
        assertFails(containsString("The service denied access (403)"));
    }

    @Test
    public void reportsAnInvalidResponse() throws Exception {
        endpoint = ams.emulator().authority().resolve("/nothing/").toString();
        assertFails(allOf(containsString("HTTP 404"), containsString("whose path is usually /api/")));
        endpoint = ams.emulator().endpoint().toString();
        ams.emulator().faults().inject(Fault.htmlPage().on(RequestKind.JOBS));
        assertFails(containsString("whose path is usually /api/"));
    }

    @Test
    public void readsNoSecretForAnUntrustedHost() throws Exception {
        additionalHosts = "";
        assertFails(containsString("localhost is not an Azure Media Services host"));
        additionalHosts = "localhost";
        authority = "http://localhost";
        assertFails(containsString("enter the authority"));
        assertEquals(0, ams.emulator().requests().count());
    }

    @Test
    public void reportsAnUnreachableHost() throws Exception {
        int closed = closedPort();
        authority = "https://localhost:" + closed;
        assertFails(allOf(
                containsString("Microsoft Entra ID is currently not issuing tokens"),
                containsString("Check that localhost is the correct host")));
        authority = "https://login.invalid";
        assertFails(containsString("Check the spelling of login.invalid"));

        authority = ams.emulator().authority().toString();
        endpoint = "https://localhost:" + closed + "/api/";
        assertFails(allOf(
                containsString("Microsoft Entra ID issued a token, but"),
                containsString("The service does not respond"),
                not(containsString("proxy"))));
    }

    @Test
    public void namesTheProxy() throws Exception {
        int closed = closedPort();
        j.jenkins.setProxy(new ProxyConfiguration("localhost", closed));
        assertFails(containsString("use the Jenkins proxy localhost:" + closed));

        j.jenkins.setProxy(new ProxyConfiguration("localhost", closed, null, null, "localhost"));
        assertEquals(FormValidation.Kind.OK, test().kind);
        credentialsId = "stale";
        assertFails(not(containsString("proxy")));
    }

    @Test
    public void reportsMissingProxyAuthentication() throws Exception {
        authority = authority.replace("localhost", "127.0.0.1"); // excluded from the proxy
        try (TunnelProxy proxy = TunnelProxy.start("jenkins", "secret")) {
            int port = proxy.address().getPort();
            j.jenkins.setProxy(new ProxyConfiguration("localhost", port, null, null, "127.0.0.1"));
            assertFails(allOf(
                    containsString("Microsoft Entra ID issued a token, but"),
                    containsString("407"),
                    containsString("use the Jenkins proxy localhost:" + port)));
            assertEquals(0, proxy.tunnels());
        }
    }

    @Test
    public void reportsAnUntrustedCertificate() throws Exception {
        SSLContext trusting = SSLContext.getDefault();
        SSLContext fresh = SSLContext.getInstance("TLS");
        fresh.init(null, null, null);
        SSLContext.setDefault(fresh);
        try {
            // changing the proxy replaces the client
            j.jenkins.setProxy(new ProxyConfiguration("localhost", 1, null, null, "localhost"));
            assertFails(containsString("does not trust the certificate of localhost"));
        } finally {
            SSLContext.setDefault(trusting);
        }
    }

    @Test
    public void limitsTheWaitOfTheForm() throws Exception {
        AmsAccount account = new AmsAccount("media", endpoint, credentialsId);
        account.setCloud(AzureCloud.CUSTOM);
        account.setAuthority(authority);
        EndpointPolicy policy = new EndpointPolicy(AmsV2Service.HOSTS, List.of("localhost"));
        ams.emulator().faults().inject(Fault.hang().on(RequestKind.JOBS));

        FormValidation result = new ConnectionTest(account, policy, Duration.ofSeconds(1)).run();

        assertEquals(FormValidation.Kind.ERROR, result.kind);
        assertEquals("localhost did not respond within 1 s", result.getMessage());
    }

    @Test
    public void escapesTheServicesText() throws Exception {
        ams.emulator()
                .faults()
                .inject(Fault.status(403).on(RequestKind.JOBS).body("text/plain", "no <img src=x onerror=alert(1)>"));
        assertFails(allOf(containsString("&lt;img"), not(containsString("<img"))));
    }

    @Test
    public void testsUnsavedFormValues() throws Exception {
        AmsGlobalConfiguration configuration = AmsGlobalConfiguration.get();
        configuration.setAdditionalHosts(List.of());
        try {
            JenkinsRule.WebClient client = j.createWebClient();
            HtmlPage page = client.goTo("configure");
            HtmlForm form = page.getFormByName("config");
            HtmlButton button = form.getFirstByXPath("//button[contains(@class,'validate-button')"
                    + " and @data-validate-button-method='testConnection']");
            button.click();
            client.waitForBackgroundJavaScript(10_000);
            assertThat(page.asXml(), containsString("localhost is not an Azure Media Services host"));

            form.getTextAreaByName("_.additionalHosts").setText("localhost");
            button.click();
            client.waitForBackgroundJavaScript(10_000);
            assertThat(page.asXml(), containsString("Connected to '" + AmsJenkinsRule.ACCOUNT + "'"));
        } finally {
            ams.configureAccount();
        }
    }

    private FormValidation test() throws Exception {
        return new AmsV2Api.DescriptorImpl()
                .doTestConnection(submittedForm(
                        "name",
                        "media",
                        "endpoint",
                        endpoint,
                        "credentialsId",
                        credentialsId,
                        "cloud",
                        "CUSTOM",
                        "authority",
                        authority,
                        "resource",
                        resource,
                        "additionalHosts",
                        additionalHosts));
    }

    private void assertFails(Matcher<String> message) throws Exception {
        FormValidation result = test();
        assertEquals(result.getMessage(), FormValidation.Kind.ERROR, result.kind);
        assertThat(result.getMessage(), message);
        assertThat(result.getMessage(), not(containsString("not the secret")));
    }

    private static int closedPort() throws Exception {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    private static void add(String id, String tenant, String client, CredentialsScope scope) throws Exception {
        SystemCredentialsProvider provider = SystemCredentialsProvider.getInstance();
        provider.getCredentials()
                .add(new AzureAdClientSecretCredentials(
                        scope,
                        id,
                        "for tests",
                        tenant,
                        client,
                        Secret.fromString(ams.emulator().clientSecret())));
        provider.save();
    }
}
