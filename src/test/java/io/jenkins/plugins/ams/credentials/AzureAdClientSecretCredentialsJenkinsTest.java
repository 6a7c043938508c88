/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.credentials;

import static io.jenkins.plugins.ams.testing.Parameters.submitted;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.not;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import com.cloudbees.plugins.credentials.CredentialsMatchers;
import com.cloudbees.plugins.credentials.CredentialsNameProvider;
import com.cloudbees.plugins.credentials.CredentialsProvider;
import com.cloudbees.plugins.credentials.CredentialsScope;
import com.cloudbees.plugins.credentials.domains.Domain;
import hudson.security.ACL;
import hudson.util.FormValidation;
import hudson.util.Secret;
import io.jenkins.plugins.ams.auth.ClientSecret;
import io.jenkins.plugins.casc.ConfigurationAsCode;
import java.io.ByteArrayOutputStream;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.List;
import org.htmlunit.HttpMethod;
import org.htmlunit.WebRequest;
import org.htmlunit.html.HtmlButton;
import org.htmlunit.html.HtmlElementUtil;
import org.htmlunit.html.HtmlForm;
import org.htmlunit.html.HtmlPage;
import org.junit.Rule;
import org.junit.Test;
import org.jvnet.hudson.test.JenkinsRule;

public class AzureAdClientSecretCredentialsJenkinsTest {

    private static final String TENANT = "contoso.onmicrosoft.com";
    private static final String CLIENT = "7c8d1b2e-0000-4000-8000-00805f9b34fb";
    private static final String SECRET = "tTe8Q~a-secret-that-nobody-sees";

    @Rule
    public JenkinsRule j = new JenkinsRule();

    @Test
    public void survivesTheFormWithoutShowingTheSecret() throws Exception {
        add(credentials("the application"));
        HtmlPage page = j.createWebClient().goTo("credentials/store/system/domain/_/credential/ams-ci");
        HtmlButton update = page.querySelector("button[data-type='credentials-update']");
        HtmlElementUtil.click(update);
        HtmlForm form = page.querySelector("#credentials-dialog-form");
        assertThat(page.asXml(), not(containsString(SECRET)));
        form.getInputByName("_.description").setValue("the new description");

        HtmlElementUtil.click((HtmlButton) page.querySelector("#cr-dialog-submit"));

        AzureAdClientSecretCredentials found = find("ams-ci");
        assertEquals(TENANT, found.getTenantId());
        assertEquals(CLIENT, found.getClientId());
        assertEquals("the new description", found.getDescription());
        assertEquals(CredentialsScope.GLOBAL, found.getScope());
        assertEquals(new ClientSecret(SECRET), found.clientCredential(CredentialsLookup.global()));
    }

    @Test
    public void keepsTheSecretEncrypted() throws Exception {
        add(credentials("the application"));
        String file = Files.readString(j.jenkins.getRootDir().toPath().resolve("credentials.xml"));
        assertThat(file, containsString(CLIENT));
        assertThat(file, not(containsString(SECRET)));
    }

    @Test
    public void isNamedByDescriptionOrApplication() {
        assertEquals("ams-ci (the application)", CredentialsNameProvider.name(credentials("the application")));
        assertEquals("ams-ci (" + CLIENT + ")", CredentialsNameProvider.name(credentials(" ")));
    }

    @Test
    public void isConfiguredAsCode() throws Exception {
        ConfigurationAsCode.get()
                .configure(getClass().getResource("configuration-as-code.yaml").toExternalForm());
        assertEquals(new ClientSecret(SECRET), find("ams-ci").clientCredential(CredentialsLookup.global()));
        assertEquals(TENANT, find("ams-ci").getTenantId());

        ByteArrayOutputStream exported = new ByteArrayOutputStream();
        ConfigurationAsCode.get().export(exported);
        String yaml = exported.toString(StandardCharsets.UTF_8);
        assertThat(yaml, containsString("azureAdClientSecret:"));
        assertThat(yaml, not(containsString(SECRET)));
    }

    @Test
    public void validatesInput() {
        var descriptor = new AzureAdClientSecretCredentials.DescriptorImpl();
        assertEquals(FormValidation.Kind.OK, descriptor.doCheckTenantId(submitted(" " + TENANT + " ")).kind);
        assertEquals(FormValidation.Kind.ERROR, descriptor.doCheckTenantId(submitted("")).kind);
        assertEquals(FormValidation.Kind.ERROR, descriptor.doCheckTenantId(submitted("common")).kind);
        assertEquals(FormValidation.Kind.OK, descriptor.doCheckClientId(submitted(CLIENT)).kind);
        assertEquals(FormValidation.Kind.ERROR, descriptor.doCheckClientId(submitted("")).kind);
        assertEquals(FormValidation.Kind.ERROR, descriptor.doCheckClientId(submitted(TENANT)).kind);
        assertEquals(FormValidation.Kind.OK, descriptor.doCheckClientSecret(submitted(SECRET)).kind);
        assertEquals(FormValidation.Kind.ERROR, descriptor.doCheckClientSecret(submitted("")).kind);
        assertEquals(FormValidation.Kind.WARNING, descriptor.doCheckClientSecret(submitted(CLIENT)).kind);
        assertEquals(
                FormValidation.Kind.OK,
                descriptor.doCheckClientSecret(
                                submitted(Secret.fromString(SECRET).getEncryptedValue()))
                        .kind);
    }

    @Test
    public void theFormRequiresPost() throws Exception {
        JenkinsRule.WebClient client = j.createWebClient().withThrowExceptionOnFailingStatusCode(false);
        for (String method : List.of("checkTenantId", "checkClientId", "checkClientSecret")) {
            URL url = new URL(
                    j.getURL(),
                    "descriptorByName/" + AzureAdClientSecretCredentials.class.getName() + "/" + method + "?value=");
            int get =
                    client.loadWebResponse(new WebRequest(url, HttpMethod.GET)).getStatusCode();
            assertTrue(method + " responds to a GET with " + get, get == 404 || get == 405);
            assertEquals(
                    200,
                    client.loadWebResponse(client.addCrumb(new WebRequest(url, HttpMethod.POST)))
                            .getStatusCode());
        }
    }

    private void add(AzureAdClientSecretCredentials credentials) throws Exception {
        CredentialsProvider.lookupStores(j.jenkins).iterator().next().addCredentials(Domain.global(), credentials);
    }

    private AzureAdClientSecretCredentials find(String id) {
        return CredentialsMatchers.firstOrNull(
                CredentialsProvider.lookupCredentialsInItemGroup(
                        AzureAdClientSecretCredentials.class, j.jenkins, ACL.SYSTEM2, List.of()),
                CredentialsMatchers.withId(id));
    }

    private static AzureAdClientSecretCredentials credentials(String description) {
        return new AzureAdClientSecretCredentials(
                CredentialsScope.GLOBAL, "ams-ci", description, " " + TENANT + " ", CLIENT, Secret.fromString(SECRET));
    }
}
