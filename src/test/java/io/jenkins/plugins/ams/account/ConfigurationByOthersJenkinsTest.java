/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.account;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.anyOf;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.junit.Assert.assertEquals;

import com.cloudbees.plugins.credentials.SystemCredentialsProvider;
import hudson.ExtensionList;
import io.jenkins.plugins.ams.testing.AmsJenkinsRule;
import io.jenkins.plugins.casc.CasCGlobalConfig;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import jenkins.model.Jenkins;
import net.sf.json.JSONArray;
import net.sf.json.JSONObject;
import org.htmlunit.HttpMethod;
import org.htmlunit.WebRequest;
import org.htmlunit.WebResponse;
import org.htmlunit.util.NameValuePair;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.RuleChain;
import org.junit.rules.TemporaryFolder;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.MockAuthorizationStrategy;

/** Accounts decide where tokens go: what users who are no administrators can do about them, by any way to configure. */
public class ConfigurationByOthersJenkinsTest {

    private static final List<String> OTHERS = List.of("manager", "auditor", "reader");
    private static final String THEIRS = """
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
    public void turnPermissionsOff() {
        Jenkins.MANAGE.setEnabled(false);
        Jenkins.SYSTEM_READ.setEnabled(false);
    }

    @Test
    public void theyApplyNoConfigurationAsCode() throws Exception {
        Path yaml = Files.writeString(files.newFile("theirs.yaml").toPath(), THEIRS);
        for (String user : OTHERS) {
            for (String method : List.of("apply", "check")) {
                WebRequest request = post("configuration-as-code/" + method);
                request.setRequestBody(THEIRS);
                assertEquals(user, 403, send(request, user).getStatusCode());
            }
            WebRequest replace = post("configuration-as-code/replace");
            replace.setRequestParameters(List.of(new NameValuePair("_.newSource", yaml.toString())));
            assertEquals(user, 403, send(replace, user).getStatusCode());
            assertUnchanged(user);
        }
        WebRequest request = post("configuration-as-code/apply");
        request.setRequestBody(THEIRS);
        assertEquals(200, send(request, "admin").getStatusCode());
        assertEquals("https://evil.example/api/", endpoint());
    }

    /** Whoever may manage Jenkins may reload it: what an administrator has named, and nothing else. */
    @Test
    public void aReloadReadsWhatTheAdministratorNamed() throws Exception {
        Path yaml = files.newFile("admins.yaml").toPath();
        Files.writeString(yaml, """
                unclassified:
                  azureMediaServices:
                    accounts:
                      - name: "of-the-administrator"
                credentials:
                  system:
                    domainCredentials:
                      - credentials:
                          - azureAdManagedIdentity:
                              scope: GLOBAL
                              id: "mi"
                """);
        CasCGlobalConfig config = ExtensionList.lookupSingleton(CasCGlobalConfig.class);
        config.setConfigurationPath(yaml.toString());
        WebRequest reload = post("configuration-as-code/reload");
        reload.setRequestParameters(List.of(new NameValuePair("_.newSource", "https://evil.example/theirs.yaml")));
        assertThat(send(reload, "manager").getStatusCode(), anyOf(is(200), is(302)));
        assertEquals(
                "of-the-administrator",
                AmsGlobalConfiguration.get().account(null).getName());
        assertEquals(1, SystemCredentialsProvider.getInstance().getCredentials().size());
        for (String user : List.of("auditor", "reader")) {
            assertEquals(
                    user, 403, send(post("configuration-as-code/reload"), user).getStatusCode());
        }
    }

    @Test
    public void theySubmitNoForm() throws Exception {
        JSONObject account = new JSONObject()
                .element("name", AmsJenkinsRule.ACCOUNT)
                .element("endpoint", "https://evil.example/api/")
                .element("credentialsId", AmsJenkinsRule.CREDENTIALS);
        JSONObject section = new JSONObject()
                .element("additionalHosts", "evil.example")
                .element("accounts", new JSONArray().element(account));
        JSONObject form = new JSONObject()
                .element(AmsGlobalConfiguration.class.getName().replace('.', '-'), section)
                .element(AmsGlobalConfiguration.class.getName(), section);
        for (String user : OTHERS) {
            WebRequest submit = post("manage/configSubmit");
            submit.setRequestParameters(List.of(new NameValuePair("json", form.toString())));
            send(submit, user);
            assertUnchanged(user);
        }
        WebRequest submit = post("manage/configSubmit");
        submit.setRequestParameters(List.of(new NameValuePair("json", form.toString())));
        send(submit, "admin");
        assertEquals("https://evil.example/api/", endpoint());
    }

    @Test
    public void theySendNoConfigurationFile() throws Exception {
        for (String user : OTHERS) {
            WebRequest request = post("descriptorByName/" + AmsGlobalConfiguration.class.getName() + "/config.xml");
            request.setRequestBody("<accounts/>");
            assertThat(send(request, user).getStatusCode(), anyOf(is(403), is(404), is(405)));
            assertUnchanged(user);
        }
    }

    /** Whoever may read the configuration of Jenkins sees accounts and IDs of credentials, and no secret. */
    @Test
    public void anExportHoldsNoSecret() throws Exception {
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

    private static String endpoint() throws AmsConfigurationException {
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
