/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.credentials;

import static io.jenkins.plugins.ams.testing.ConfigurationErrors.assertConfigurationError;
import static io.jenkins.plugins.ams.testing.Parameters.submitted;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNotEquals;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import com.cloudbees.hudson.plugins.folder.Folder;
import com.cloudbees.plugins.credentials.CredentialsScope;
import com.cloudbees.plugins.credentials.SecretBytes;
import com.cloudbees.plugins.credentials.impl.UsernamePasswordCredentialsImpl;
import hudson.model.Item;
import hudson.util.ListBoxModel;
import hudson.util.Secret;
import io.jenkins.plugins.ams.auth.Identity;
import io.jenkins.plugins.ams.http.AmsException;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import org.htmlunit.HttpMethod;
import org.htmlunit.WebRequest;
import org.jenkinsci.plugins.plaincredentials.impl.FileCredentialsImpl;
import org.jenkinsci.plugins.plaincredentials.impl.StringCredentialsImpl;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import org.jvnet.hudson.test.JenkinsRule;
import org.springframework.security.access.AccessDeniedException;

public class AzureAdWorkloadIdentityCredentialsJenkinsTest extends AbstractCredentialsJenkinsTest {

    @Rule
    public TemporaryFolder files = new TemporaryFolder();

    private final AzureAdWorkloadIdentityCredentials.DescriptorImpl descriptor =
            new AzureAdWorkloadIdentityCredentials.DescriptorImpl();

    @Test
    public void survivesTheFormWithCredentials() throws Exception {
        addToken("oidc");
        add(j.jenkins, ofCredentials("oidc"));
        changeDescription("a.b.c-that-nobody-sees");
        AzureAdWorkloadIdentityCredentials found = find(AzureAdWorkloadIdentityCredentials.class);
        assertEquals("the new description", found.getDescription());
        assertEquals(TENANT, found.getTenantId());
        assertEquals(CLIENT, found.getClientId());
        assertEquals("oidc", found.getTokenCredentialsId());
        assertNull(found.getTokenFile());
    }

    @Test
    public void survivesTheFormWithAFile() throws Exception {
        add(j.jenkins, ofFile("/run/token"));
        changeDescription();
        AzureAdWorkloadIdentityCredentials found = find(AzureAdWorkloadIdentityCredentials.class);
        assertEquals("the new description", found.getDescription());
        assertEquals("/run/token", found.getTokenFile());
        assertNull(found.getTokenCredentialsId());
    }

    @Test
    public void isConfiguredAsCode() throws Exception {
        configure(
                "azureAdWorkloadIdentity",
                "tenantId: " + TENANT,
                "clientId: " + CLIENT,
                "tokenFile: /var/run/secrets/azure/tokens/azure-identity-token");
        AzureAdWorkloadIdentityCredentials found = find(AzureAdWorkloadIdentityCredentials.class);
        assertEquals("/var/run/secrets/azure/tokens/azure-identity-token", found.getTokenFile());
        found.identity(AUDIENCE, CredentialsLookup.global());
        assertThat(exported(), containsString("azureAdWorkloadIdentity:"));
    }

    @Test
    public void acceptsTokensOfSupportedCredentialTypesOnly() throws Exception {
        addToken("text");
        add(
                j.jenkins,
                new FileCredentialsImpl(
                        CredentialsScope.GLOBAL,
                        "file",
                        "",
                        "token",
                        SecretBytes.fromRawBytes("a.b.c".getBytes(StandardCharsets.UTF_8))));
        add(j.jenkins, new UsernamePasswordCredentialsImpl(CredentialsScope.GLOBAL, "password", "", "user", "a.b.c"));
        Identity ofText = identity(ofCredentials("text"));
        assertEquals(ofText, identity(ofCredentials("text")));
        assertNotEquals(ofText, identity(ofCredentials("file")));
        assertConfigurationError(() -> identity(ofCredentials("password")));
        assertConfigurationError(() -> identity(ofCredentials("nope")));
        assertEquals("a.b.c", OidcTokens.ofCredentials(CredentialsLookup.global(), "file"));
    }

    @Test
    public void requiresExactlyOneTokenSource() throws Exception {
        addToken("oidc");
        assertConfigurationError(() -> identity(credentials()));
        AzureAdWorkloadIdentityCredentials both = ofCredentials("oidc");
        both.setTokenFile("/run/token");
        add(j.jenkins, both);
        assertConfigurationError(() -> identity(both));
    }

    @Test
    public void readsFilesOnlyForTheGlobalStore() throws Exception {
        Folder folder = j.createProject(Folder.class);
        AzureAdWorkloadIdentityCredentials inFolder = ofFile("/run/token");
        add(folder, inFolder);
        AmsException e = assertConfigurationError(() -> identity(inFolder));
        assertThat(e.getMessage(), containsString("'ams-ci'"));

        // credentials with the same ID in the global store make no difference
        AzureAdWorkloadIdentityCredentials global = ofFile("/run/token");
        add(j.jenkins, global);
        identity(global);
        assertConfigurationError(() -> identity(inFolder));
    }

    @Test
    public void onlyAdministratorsSetAFile() throws Exception {
        folderOfUser();
        as("owner", () -> {
            credentials().setTokenFile(" ");
            credentials().setTokenCredentialsId("oidc");
            assertThrows(AccessDeniedException.class, () -> credentials().setTokenFile("/etc/passwd"));
        });
        as("admin", () -> credentials().setTokenFile("/run/token"));
    }

    @Test
    public void onlyAdministratorsSendXmlWithAFile() throws Exception {
        folderOfUser();
        String xml = "<" + AzureAdWorkloadIdentityCredentials.class.getName() + "><scope>GLOBAL</scope><id>ams-ci</id>"
                + "<tenantId>" + TENANT + "</tenantId><clientId>" + CLIENT + "</clientId><tokenFile>/etc/passwd"
                + "</tokenFile></" + AzureAdWorkloadIdentityCredentials.class.getName() + ">";
        assertTrue(sendXml("owner", xml) >= 400);
        assertNull(find(AzureAdWorkloadIdentityCredentials.class));
        assertEquals(200, sendXml("owner", xml.replaceAll("<tokenFile>.*</tokenFile>", "")));
        clearCredentials();
        folderOfUser();
        assertEquals(200, sendXml("admin", xml));
        identity(find(AzureAdWorkloadIdentityCredentials.class));
    }

    @Test
    public void validatesInput() throws Exception {
        addToken("oidc");
        assertKind(OK, descriptor.doCheckTokenCredentialsId(null, submitted("oidc"), submitted("")));
        assertKind(ERROR, descriptor.doCheckTokenCredentialsId(null, submitted("nope"), submitted("")));
        assertKind(ERROR, descriptor.doCheckTokenCredentialsId(null, submitted(""), submitted("")));
        assertKind(OK, descriptor.doCheckTokenCredentialsId(null, submitted(""), submitted("/run/token")));
        assertKind(ERROR, descriptor.doCheckTokenCredentialsId(null, submitted("oidc"), submitted("/run/token")));

        File file = files.newFile();
        assertKind(OK, descriptor.doCheckTokenFile(null, submitted("")));
        assertKind(OK, descriptor.doCheckTokenFile(null, submitted(file.getAbsolutePath())));
        assertKind(WARNING, descriptor.doCheckTokenFile(null, submitted(file.getAbsolutePath() + "-not")));
        assertKind(WARNING, descriptor.doCheckTokenFile(null, submitted(file.getName())));
        assertKind(
                WARNING,
                descriptor.doCheckTokenFile(null, submitted(files.getRoot().getAbsolutePath())));
        assertKind(WARNING, descriptor.doCheckTokenFile(null, submitted("/dev/zero")));
        assertKind(WARNING, descriptor.doCheckTokenFile(null, submitted("/a\0b")));
    }

    @Test
    public void disclosesFilesOnlyToAdministrators() throws Exception {
        Folder folder = folderOfUser();
        String path = files.newFile().getAbsolutePath();
        as("owner", () -> {
            for (Item item : new Item[] {folder, null}) {
                assertEquals(
                        descriptor.doCheckTokenFile(item, submitted(path)).getMessage(),
                        descriptor
                                .doCheckTokenFile(item, submitted(path + "-not"))
                                .getMessage());
                assertKind(ERROR, descriptor.doCheckTokenFile(item, submitted(path)));
                assertKind(OK, descriptor.doCheckTokenFile(item, submitted("")));
            }
        });
        as("admin", () -> {
            assertKind(OK, descriptor.doCheckTokenFile(null, submitted(path)));
            assertKind(ERROR, descriptor.doCheckTokenFile(folder, submitted(path)));
        });
    }

    @Test
    public void disclosesIdsOnlyWithPermission() throws Exception {
        addToken("oidc");
        Folder folder = folderOfUser();
        assertDisclosed("admin", null, true);
        assertDisclosed("owner", null, false);
        assertDisclosed("owner", folder, true);
        assertDisclosed("user", folder, true);
        assertDisclosed("reader", null, false);
        assertDisclosed("reader", folder, false);
        assertDisclosed("guest", null, false);
        assertDisclosed("guest", folder, false);
    }

    @Test
    public void limitsTheTokenSize() throws Exception {
        File file = files.newFile();
        Files.write(file.toPath(), new byte[64 * 1024 + 1]);
        assertThrows(IOException.class, () -> OidcTokens.ofFile(file.getAbsolutePath()));
        assertThrows(IOException.class, () -> OidcTokens.ofFile("/dev/zero"));
    }

    private void assertDisclosed(String user, Folder item, boolean disclosed) throws Exception {
        boolean maySave = !user.equals("guest");
        as(user, () -> {
            ListBoxModel items = descriptor.doFillTokenCredentialsIdItems(
                    item == null ? j.jenkins : item, item, submitted("current"));
            assertEquals(user, disclosed, items.stream().anyMatch(option -> option.value.equals("oidc")));
            assertEquals(user, maySave, items.stream().anyMatch(option -> option.value.equals("current")));
            assertKind(
                    disclosed ? ERROR : OK,
                    descriptor.doCheckTokenCredentialsId(item, submitted("nope"), submitted("")));
        });
    }

    private static int sendXml(String user, String xml) throws Exception {
        JenkinsRule.WebClient client =
                j.createWebClient().withThrowExceptionOnFailingStatusCode(false).login(user);
        WebRequest request = new WebRequest(
                client.createCrumbedUrl("credentials/store/system/domain/_/createCredentials"), HttpMethod.POST);
        request.setAdditionalHeader("Content-Type", "application/xml");
        request.setRequestBody(xml);
        return client.loadWebResponse(request).getStatusCode();
    }

    private static Identity identity(AzureAdWorkloadIdentityCredentials credentials) throws Exception {
        return credentials.identity(AUDIENCE, CredentialsLookup.global());
    }

    private static void addToken(String id) throws Exception {
        add(
                j.jenkins,
                new StringCredentialsImpl(
                        CredentialsScope.GLOBAL, id, "", Secret.fromString("a.b.c-that-nobody-sees")));
    }

    private static AzureAdWorkloadIdentityCredentials ofCredentials(String id) {
        AzureAdWorkloadIdentityCredentials credentials = credentials();
        credentials.setTokenCredentialsId(id);
        return credentials;
    }

    private static AzureAdWorkloadIdentityCredentials ofFile(String path) {
        AzureAdWorkloadIdentityCredentials credentials = credentials();
        credentials.setTokenFile(path);
        return credentials;
    }

    private static AzureAdWorkloadIdentityCredentials credentials() {
        return new AzureAdWorkloadIdentityCredentials(
                CredentialsScope.GLOBAL, "ams-ci", "the application", " " + TENANT + " ", CLIENT);
    }
}
