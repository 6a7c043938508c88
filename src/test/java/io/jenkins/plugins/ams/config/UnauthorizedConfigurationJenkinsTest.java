/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.config;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.anyOf;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.junit.Assert.assertEquals;

import com.cloudbees.plugins.credentials.SystemCredentialsProvider;
import com.cloudbees.plugins.credentials.common.IdCredentials;
import hudson.ExtensionList;
import io.jenkins.plugins.ams.http.AmsException;
import io.jenkins.plugins.ams.testing.AmsJenkinsRule;
import io.jenkins.plugins.casc.CasCGlobalConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import jenkins.model.Jenkins;
import org.htmlunit.HttpMethod;
import org.htmlunit.StringWebResponse;
import org.htmlunit.WebRequest;
import org.htmlunit.WebResponse;
import org.htmlunit.html.HtmlForm;
import org.htmlunit.html.HtmlFormUtil;
import org.htmlunit.html.HtmlPage;
import org.htmlunit.util.NameValuePair;
import org.htmlunit.util.WebConnectionWrapper;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.RuleChain;
import org.junit.rules.TemporaryFolder;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.MockAuthorizationStrategy;

/**
 * Tests that only administrators can change accounts, which determine where tokens are sent, in all ways to configure.
 */
public class UnauthorizedConfigurationJenkinsTest {

    private static final List<String> OTHERS = List.of("manager", "auditor", "reader");
    private static final String FOREIGN_CONFIGURATION = """
            unclassified:
              azureMediaServices:
                additionalHosts: ["evil.example"]
                accounts:
                  - name: "media-test"
                    endpoint: "https://evil.example/api/"
            """;

    private final AmsJenkinsRule ams = new AmsJenkinsRule();
    private final JenkinsRule j = new JenkinsRule();
    private final TemporaryFolder files = new TemporaryFolder();

    @Rule
    public final RuleChain rules = RuleChain.outerRule(ams).around(j).around(files);

    private List<String> hosts;
    private String endpoint;

    @Before
    public void addUsers() throws Exception {
        ams.configure();
        hosts = AmsGlobalConfiguration.get().getAdditionalHosts();
        endpoint = endpoint();
        Jenkins.MANAGE.setEnabled(true);
        Jenkins.SYSTEM_READ.setEnabled(true);
        j.jenkins.setSecurityRealm(j.createDummySecurityRealm());
        j.jenkins.setAuthorizationStrategy(new MockAuthorizationStrategy()
                .grant(Jenkins.ADMINISTER)
                .everywhere()
                .to("admin")
                .grant(Jenkins.READ)
                .everywhere()
                .to("manager", "auditor", "reader")
                .grant(Jenkins.MANAGE)
                .everywhere()
                .to("manager")
                .grant(Jenkins.SYSTEM_READ)
                .everywhere()
                .to("auditor"));
    }

    @After
    public void disablePermissions() {
        Jenkins.MANAGE.setEnabled(false);
        Jenkins.SYSTEM_READ.setEnabled(false);
    }

    @Test
    public void othersCannotApplyConfigurationAsCode() throws Exception {
        Path yaml = Files.writeString(files.newFile("theirs.yaml").toPath(), FOREIGN_CONFIGURATION);
        for (String user : OTHERS) {
            for (String method : List.of("apply", "check")) {
                WebRequest request = post("configuration-as-code/" + method);
                request.setAdditionalHeader("Content-Type", "application/x-yaml");
                request.setRequestBody(FOREIGN_CONFIGURATION);
                assertEquals(user, 403, send(request, user).getStatusCode());
            }
            WebRequest replace = post("configuration-as-code/replace");
            replace.setRequestParameters(List.of(new NameValuePair("_.newSource", yaml.toString())));
            assertEquals(user, 403, send(replace, user).getStatusCode());
            assertUnchanged(user);
        }
        WebRequest request = post("configuration-as-code/apply");
        request.setAdditionalHeader("Content-Type", "application/x-yaml");
        request.setRequestBody(FOREIGN_CONFIGURATION);
        assertEquals(200, send(request, "admin").getStatusCode());
        assertEquals("https://evil.example/api/", endpoint());
    }

    /** Users with the permission to manage Jenkins can reload only the file that an administrator has specified. */
    @Test
    public void reloadUsesTheAdministratorsFile() throws Exception {
        Path yaml = files.newFile("admins.yaml").toPath();
        ExtensionList.lookupSingleton(CasCGlobalConfig.class).setConfigurationPath(yaml.toString());
        Files.writeString(yaml, "unclassified:\n  azureMediaServices:\n    accounts:\n      - name: \"admins\"\n");
        WebRequest reload = post("configuration-as-code/reload");
        reload.setRequestParameters(List.of(new NameValuePair("_.newSource", "https://evil.example/theirs.yaml")));
        assertEquals(302, send(reload, "manager").getStatusCode());
        assertEquals("admins", AmsGlobalConfiguration.get().account(null).getName());
        for (String user : List.of("auditor", "reader")) {
            assertEquals(
                    user, 403, send(post("configuration-as-code/reload"), user).getStatusCode());
        }
    }

    /** Configuration as Code checks a file with the user's permissions before it changes anything. */
    @Test
    public void aReloadOfCredentialsForAdministratorsAloneChangesNothing() throws Exception {
        Path yaml = files.newFile("admins.yaml").toPath();
        ExtensionList.lookupSingleton(CasCGlobalConfig.class).setConfigurationPath(yaml.toString());
        Files.writeString(yaml, """
                unclassified:
                  azureMediaServices:
                    accounts:
                      - name: "admins"
                credentials:
                  system:
                    domainCredentials:
                      - credentials:
                          - azureAdManagedIdentity:
                              scope: GLOBAL
                              id: "mi"
                """);
        send(post("configuration-as-code/reload"), "manager");
        assertUnchanged("manager");
        assertEquals(List.of(AmsJenkinsRule.CREDENTIALS), credentials());

        assertEquals(302, send(post("configuration-as-code/reload"), "admin").getStatusCode());
        assertEquals("admins", AmsGlobalConfiguration.get().account(null).getName());
        assertEquals(List.of("mi"), credentials());
    }

    private static List<String> credentials() {
        return SystemCredentialsProvider.getInstance().getCredentials().stream()
                .map(each -> ((IdCredentials) each).getId())
                .toList();
    }

    @Test
    public void othersCannotSubmitTheForm() throws Exception {
        WebRequest submission = submissionOfAnAdministrator();
        for (String user : OTHERS) {
            int status = send(repeated(submission), user).getStatusCode();
            assertEquals(user, user.equals("manager") ? 302 : 403, status);
            assertUnchanged(user);
        }
        send(repeated(submission), "admin");
        assertEquals("https://evil.example/api/", endpoint());
    }

    /** Returns, without sending it, the request with which an administrator would change the endpoint. */
    private WebRequest submissionOfAnAdministrator() throws Exception {
        AtomicReference<WebRequest> submission = new AtomicReference<>();
        try (JenkinsRule.WebClient client = j.createWebClient().login("admin")) {
            HtmlPage page = client.goTo("manage/configure");
            client.waitForBackgroundJavaScript(10_000);
            HtmlForm form = page.getFormByName("config");
            form.getInputByName("_.endpoint").setValue("https://evil.example/api/");
            client.setWebConnection(new WebConnectionWrapper(client) {
                @Override
                public WebResponse getResponse(WebRequest request) throws IOException {
                    if (request.getUrl().getPath().endsWith("configSubmit")) {
                        submission.set(request);
                        return new StringWebResponse("", request.getUrl());
                    }
                    return super.getResponse(request);
                }
            });
            HtmlFormUtil.submit(form);
        }
        return submission.get();
    }

    private WebRequest repeated(WebRequest submission) throws Exception {
        WebRequest request = post("manage/configSubmit");
        request.setEncodingType(submission.getEncodingType());
        request.setRequestParameters(submission.getRequestParameters().stream()
                .filter(parameter -> !parameter.getName().equals("Jenkins-Crumb"))
                .toList());
        return request;
    }

    @Test
    public void othersCannotSendAConfigurationFile() throws Exception {
        for (String user : OTHERS) {
            WebRequest request = post("descriptorByName/" + AmsGlobalConfiguration.class.getName() + "/config.xml");
            request.setRequestBody("<accounts/>");
            assertThat(send(request, user).getStatusCode(), anyOf(is(403), is(404), is(405)));
            assertUnchanged(user);
        }
    }

    /** Users with the permission to read the configuration see accounts and IDs of credentials, but no secrets. */
    @Test
    public void exportsNoSecret() throws Exception {
        String yaml = send(post("configuration-as-code/export"), "auditor").getContentAsString();
        assertThat(yaml, containsString(AmsJenkinsRule.ACCOUNT));
        assertThat(yaml, not(containsString(ams.emulator().clientSecret())));
        for (String user : List.of("manager", "reader")) {
            assertEquals(
                    user, 403, send(post("configuration-as-code/export"), user).getStatusCode());
        }
    }

    private void assertUnchanged(String user) throws Exception {
        assertEquals(user, hosts, AmsGlobalConfiguration.get().getAdditionalHosts());
        assertEquals(user, endpoint, endpoint());
    }

    private static String endpoint() throws AmsException {
        return AmsGlobalConfiguration.get().account(AmsJenkinsRule.ACCOUNT).getEndpoint();
    }

    private WebRequest post(String path) throws Exception {
        try (JenkinsRule.WebClient client = j.createWebClient()) {
            return new WebRequest(client.createCrumbedUrl(path), HttpMethod.POST);
        }
    }

    private WebResponse send(WebRequest request, String user) throws Exception {
        try (JenkinsRule.WebClient client =
                j.createWebClient().withThrowExceptionOnFailingStatusCode(false).login(user)) {
            client.setRedirectEnabled(false);
            return client.loadWebResponse(request);
        }
    }
}
