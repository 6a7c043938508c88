/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.config;

import static io.jenkins.plugins.ams.testing.ConfigurationErrors.assertConfigurationError;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.not;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import com.cloudbees.plugins.credentials.CredentialsProvider;
import com.cloudbees.plugins.credentials.CredentialsScope;
import com.cloudbees.plugins.credentials.domains.Domain;
import com.cloudbees.plugins.credentials.impl.UsernamePasswordCredentialsImpl;
import hudson.util.Secret;
import io.jenkins.plugins.ams.auth.ApplicationIdentity;
import io.jenkins.plugins.ams.auth.ClientSecret;
import io.jenkins.plugins.ams.auth.TokenAudience;
import io.jenkins.plugins.ams.credentials.AzureAdClientSecretCredentials;
import io.jenkins.plugins.ams.credentials.CredentialsLookup;
import io.jenkins.plugins.ams.http.AmsException;
import io.jenkins.plugins.ams.service.EndpointPolicy;
import io.jenkins.plugins.ams.service.v2.AmsV2Service;
import java.net.URI;
import java.net.URL;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import jenkins.model.Jenkins;
import org.htmlunit.HttpMethod;
import org.htmlunit.WebRequest;
import org.htmlunit.WebResponse;
import org.junit.BeforeClass;
import org.junit.ClassRule;
import org.junit.Test;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.MockAuthorizationStrategy;

public class AmsAccountJenkinsTest {

    private static final String ENDPOINT = "https://prod.restv2.westeurope.media.azure.net/api/";
    private static final String TENANT = "0b1f6471-1bf0-4dda-aec3-cb9272f09590";
    private static final String CLIENT = "7c8d1b2e-0000-4000-8000-00805f9b34fb";

    /** Each web method of the form with an invalid value, and the text that administrators see. */
    private static final Map<String, String> INVALID_INPUTS = new LinkedHashMap<>();

    static {
        INVALID_INPUTS.put("AmsAccount/checkName?value=", "Enter a name");
        INVALID_INPUTS.put("AmsAccount/checkEndpoint?value=http://media.azure.net/", "must begin with https");
        INVALID_INPUTS.put(
                "AmsV2Api/checkCredentialsId?value=nope&endpoint=" + ENDPOINT, "no Microsoft Entra ID credentials");
        INVALID_INPUTS.put("AmsAccount/checkAuthority?value=nope&cloud=CUSTOM", "enter the authority");
        INVALID_INPUTS.put("AmsAccount/checkResource?value=nope&cloud=CUSTOM", "Enter a URL such as");
        INVALID_INPUTS.put("AmsV2Api/checkJobPageUrl?value=http://media.example/", "must begin with https");
        INVALID_INPUTS.put("AmsV2Api/fillCredentialsIdItems?credentialsId=&endpoint=" + ENDPOINT, "the application");
        INVALID_INPUTS.put("AmsGlobalConfiguration/checkAdditionalHosts?value=a:b/", "not a host name or an IP");
    }

    @ClassRule
    public static JenkinsRule j = new JenkinsRule();

    @BeforeClass
    public static void addUsersAndCredentials() throws Exception {
        j.jenkins.setSecurityRealm(j.createDummySecurityRealm());
        j.jenkins.setAuthorizationStrategy(new MockAuthorizationStrategy()
                .grant(Jenkins.ADMINISTER)
                .everywhere()
                .to("admin")
                .grant(Jenkins.MANAGE, Jenkins.READ, CredentialsProvider.VIEW)
                .everywhere()
                .to("manager")
                .grant(Jenkins.SYSTEM_READ, Jenkins.READ)
                .everywhere()
                .to("auditor")
                .grant(Jenkins.READ)
                .everywhere()
                .to("reader"));
        var store = CredentialsProvider.lookupStores(j.jenkins).iterator().next();
        store.addCredentials(Domain.global(), credentials(CredentialsScope.GLOBAL, "ams-ci", "the application"));
        store.addCredentials(Domain.global(), credentials(CredentialsScope.SYSTEM, "ams-system", "for Jenkins itself"));
        store.addCredentials(
                Domain.global(),
                new UsernamePasswordCredentialsImpl(CredentialsScope.GLOBAL, "git", "of another type", "u", "p"));
    }

    @Test
    public void theFormShowsErrorsToAdministrators() throws Exception {
        for (Map.Entry<String, String> method : INVALID_INPUTS.entrySet()) {
            WebResponse response = send(HttpMethod.POST, method.getKey(), "admin");
            assertEquals(method.getKey(), 200, response.getStatusCode());
            assertThat(method.getKey(), response.getContentAsString(), containsString(method.getValue()));
        }
    }

    @Test
    public void theFormShowsNothingToOthers() throws Exception {
        for (Map.Entry<String, String> method : INVALID_INPUTS.entrySet()) {
            for (String user : List.of("manager", "reader")) {
                WebResponse response = send(HttpMethod.POST, method.getKey(), user);
                assertThat(
                        method.getKey() + " as " + user,
                        response.getContentAsString(),
                        not(containsString(method.getValue())));
                assertThat(method.getKey(), response.getContentAsString(), not(containsString("ams-ci")));
            }
            assertEquals(
                    method.getKey(),
                    403,
                    send(HttpMethod.POST, method.getKey(), null).getStatusCode());
        }
    }

    @Test
    public void theFormRequiresPost() throws Exception {
        for (String method : INVALID_INPUTS.keySet()) {
            int status = send(HttpMethod.GET, method, "admin").getStatusCode();
            assertTrue(method + " responds to GET with " + status, status == 404 || status == 405);
        }
    }

    @Test
    public void listsCredentialsUsableByBuilds() throws Exception {
        String list = send(HttpMethod.POST, "AmsV2Api/fillCredentialsIdItems?credentialsId=gone", "admin")
                .getContentAsString();
        assertThat(list, containsString("ams-ci (the application)"));
        assertThat(list, containsString("gone"));
        assertThat(list, not(containsString("ams-system")));
        assertThat(list, not(containsString("git")));
    }

    @Test
    public void onlyFormReadersSeeTheCurrentCredentials() throws Exception {
        Jenkins.SYSTEM_READ.setEnabled(true);
        try {
            String query = "AmsV2Api/fillCredentialsIdItems?credentialsId=current";
            String list = send(HttpMethod.POST, query, "auditor").getContentAsString();
            assertThat(list, containsString("current"));
            assertThat(list, not(containsString("ams-ci")));
            for (String user : List.of("manager", "reader")) {
                list = send(HttpMethod.POST, query, user).getContentAsString();
                assertThat(user, list, not(containsString("current")));
            }
        } finally {
            Jenkins.SYSTEM_READ.setEnabled(false);
        }
    }

    @Test
    public void rejectsSystemScopeCredentials() throws Exception {
        assertFalse(showsProblem("AmsV2Api/checkCredentialsId?value=ams-ci&endpoint=" + ENDPOINT));
        assertTrue(showsProblem("AmsV2Api/checkCredentialsId?value=ams-system&endpoint=" + ENDPOINT));
        assertTrue(showsProblem("AmsV2Api/checkCredentialsId?value=git&endpoint=" + ENDPOINT));
        assertTrue(showsProblem("AmsV2Api/checkCredentialsId?value=&endpoint=" + ENDPOINT));
    }

    @Test
    public void acceptsValidInputSilently() throws Exception {
        for (String method : List.of(
                "checkName?value=prod",
                "checkEndpoint?value=" + ENDPOINT,
                "checkAuthority?value=https://login.example&cloud=CUSTOM",
                "checkAuthority?value=&cloud=PUBLIC",
                "checkResource?value=https://rest.example&cloud=CUSTOM",
                "checkResource?value=&cloud=CUSTOM")) {
            assertFalse(method, showsProblem("AmsAccount/" + method));
        }
        assertTrue(showsProblem("AmsAccount/checkAuthority?value=https://login.example&cloud=PUBLIC"));
        assertTrue(showsProblem("AmsAccount/checkResource?value=https://rest.example&cloud=PUBLIC"));
    }

    @Test
    public void validatesTheJobPageUrlForTheSelectedApi() throws Exception {
        String names = "https://media.example/%7Btransform%7D/%7Bjob%7D";
        for (String api : List.of("AzureResourceManagerApi", "RavnurApi", "MkIoApi")) {
            assertFalse(api, showsProblem(api + "/checkJobPageUrl?value=" + names));
        }
        assertThat(
                send(HttpMethod.POST, "AmsV2Api/checkJobPageUrl?value=" + names, "admin")
                        .getContentAsString(),
                containsString("available placeholders: {id}"));
        assertFalse(showsProblem("AmsV2Api/checkJobPageUrl?value=https://media.example/%7Bid%7D"));
        assertFalse(showsProblem("AmsV2Api/checkJobPageUrl?value="));
        assertThat(
                send(HttpMethod.POST, "AmsV2Api/checkJobPageUrl?value=https://media.example/", "admin")
                        .getContentAsString(),
                containsString("all jobs link to the same page"));
    }

    @Test
    public void escapesPlaceholders() throws Exception {
        String response = send(
                        HttpMethod.POST,
                        "AmsV2Api/checkJobPageUrl?value=https://media.example/%7B%3Cimg/src=x%3E%7D",
                        "admin")
                .getContentAsString();
        assertThat(response, containsString("&lt;img"));
        assertThat(response, not(containsString("<img")));
    }

    @Test
    public void escapesHosts() throws Exception {
        String response = send(
                        HttpMethod.POST,
                        "AmsGlobalConfiguration/checkAdditionalHosts?value=%3Cimg/src=x/onerror=alert(1)%3E",
                        "admin")
                .getContentAsString();
        assertThat(response, containsString("&lt;img"));
        assertThat(response, not(containsString("<img")));
    }

    @Test
    public void usesTheAuthorityAndResourceOfTheCloud() throws Exception {
        AmsAccount account = new AmsAccount("prod", ENDPOINT, null);
        account.setCloud(AzureCloud.CHINA);
        // used only with the custom cloud
        account.setAuthority("https://evil.example");
        account.setResource("https://evil.example");
        assertEquals(
                new ApplicationIdentity(
                        URI.create("https://login.chinacloudapi.cn"),
                        true,
                        TENANT,
                        CLIENT,
                        new ClientSecret("s3cret"),
                        "https://rest.media.chinacloudapi.cn/.default"),
                credentials(CredentialsScope.GLOBAL, "c", "").identity(audience(account), CredentialsLookup.global()));
    }

    @Test
    public void usesTheAuthorityOfACustomCloud() throws Exception {
        AmsAccount account = new AmsAccount("emulator", "https://127.0.0.1:8443/api/", null);
        account.setCloud(AzureCloud.CUSTOM);
        account.setAuthority("https://127.0.0.1:8443/");
        assertEquals(
                new TokenAudience(URI.create("https://127.0.0.1:8443"), false, "https://rest.media.azure.net"),
                audience(account));
    }

    @Test
    public void hasNoAudienceForAnInvalidAuthority() {
        AmsAccount account = new AmsAccount("emulator", ENDPOINT, null);
        account.setCloud(AzureCloud.CUSTOM);
        account.setAuthority("http://127.0.0.1");
        assertConfigurationError(() -> audience(account));
    }

    @Test
    public void rejectsIdentifiersThatWouldChangeAUri() {
        AmsAccount account = new AmsAccount("prod", ENDPOINT, null);
        var credentials = new AzureAdClientSecretCredentials(
                CredentialsScope.GLOBAL, "ams-ci", "", "../x", CLIENT, Secret.fromString("s3cret"));
        AmsException rejection =
                assertConfigurationError(() -> credentials.identity(audience(account), CredentialsLookup.global()));
        assertThat(rejection.getMessage(), containsString("ams-ci"));
    }

    @Test
    public void sendsNoTokenToAnotherHost() {
        EndpointPolicy policy = new EndpointPolicy(AmsV2Service.HOSTS, List.of());
        for (String endpoint : List.of(
                "",
                "nope",
                "http://media.azure.net/",
                "https://media.azure.net.evil.example/",
                "https://u@media.azure.net/")) {
            AmsException rejection = assertThrows(
                    endpoint, AmsException.class, () -> new AmsAccount("prod", endpoint, null).endpoint(policy));
            assertThat(rejection.getMessage(), containsString("'prod'"));
        }
    }

    private static TokenAudience audience(AmsAccount account) throws AmsException {
        return account.getApi().audience(account, URI.create(account.getEndpoint()));
    }

    private static AzureAdClientSecretCredentials credentials(CredentialsScope scope, String id, String description) {
        return new AzureAdClientSecretCredentials(scope, id, description, TENANT, CLIENT, Secret.fromString("s3cret"));
    }

    private static boolean showsProblem(String method) throws Exception {
        String response = send(HttpMethod.POST, method, "admin").getContentAsString();
        return response.contains("class=\"error\"")
                || response.contains("class=error")
                || response.contains("class=\"warning\"")
                || response.contains("class=warning");
    }

    private static WebResponse send(HttpMethod verb, String method, String user) throws Exception {
        try (JenkinsRule.WebClient client = j.createWebClient().withThrowExceptionOnFailingStatusCode(false)) {
            if (user != null) {
                client.withBasicCredentials(user); // the pages of a login would fill the memory of the test
            }
            URL url = new URL(j.getURL(), "descriptorByName/io.jenkins.plugins.ams.config." + method);
            WebRequest request = new WebRequest(url, verb);
            return client.loadWebResponse(verb == HttpMethod.POST ? client.addCrumb(request) : request);
        }
    }
}
