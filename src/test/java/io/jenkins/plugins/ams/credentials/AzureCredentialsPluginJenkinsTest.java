/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.credentials;

import static io.jenkins.plugins.ams.testing.ConfigurationErrors.assertConfigurationError;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.allOf;
import static org.hamcrest.Matchers.containsString;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import com.cloudbees.hudson.plugins.folder.Folder;
import com.cloudbees.plugins.credentials.Credentials;
import com.cloudbees.plugins.credentials.CredentialsScope;
import com.cloudbees.plugins.credentials.common.StandardListBoxModel;
import com.cloudbees.plugins.credentials.domains.Domain;
import com.microsoft.azure.util.AzureCredentials;
import com.microsoft.azure.util.AzureImdsCredentials;
import hudson.model.FreeStyleBuild;
import hudson.model.FreeStyleProject;
import hudson.security.ACL;
import hudson.util.ListBoxModel.Option;
import hudson.util.Secret;
import io.jenkins.plugins.ams.auth.ApplicationIdentity;
import io.jenkins.plugins.ams.auth.ClientSecret;
import io.jenkins.plugins.ams.auth.Identity;
import io.jenkins.plugins.ams.auth.ManagedIdentity;
import io.jenkins.plugins.ams.auth.ManagedIdentity.IdType;
import io.jenkins.plugins.ams.auth.TokenAudience;
import io.jenkins.plugins.ams.http.AmsException;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import org.junit.Test;

/** Tests the credentials of the Azure Credentials plugin. */
public class AzureCredentialsPluginJenkinsTest extends AbstractCredentialsJenkinsTest {

    private static final String SECRET = "of the service principal";
    private static final String PUBLIC = "https://login.microsoftonline.com";
    private static final String CHINA = "https://login.chinacloudapi.cn";

    /** An audience with an authority that an administrator added. */
    private static final TokenAudience CUSTOM =
            new TokenAudience(URI.create("https://login.example"), false, "https://rest.media.azure.net");

    @Test
    public void aServicePrincipalIsAnApplicationOfItsTenant() throws Exception {
        add(j.jenkins, servicePrincipal(TENANT, CLIENT, SECRET));
        assertEquals(
                new ApplicationIdentity(
                        CUSTOM.authority(), false, TENANT, CLIENT, new ClientSecret(SECRET), CUSTOM.scope()),
                identity(CredentialsLookup.global(), CUSTOM));
    }

    @Test
    public void rejectsAnInvalidServicePrincipal() throws Exception {
        add(j.jenkins, servicePrincipal(TENANT, CLIENT, ""));
        assertThat(
                rejection(CredentialsLookup.global()),
                containsString("'ams-ci' need a client secret or the ID of certificate"));
        clearCredentials();
        for (AzureCredentials malformed : List.of(
                servicePrincipal("common", CLIENT, SECRET),
                servicePrincipal("", CLIENT, SECRET),
                servicePrincipal(TENANT + "/../x", CLIENT, SECRET),
                servicePrincipal(TENANT, "an application", SECRET))) {
            add(j.jenkins, malformed);
            assertThat(rejection(CredentialsLookup.global()), containsString("need a GUID or domain as the tenant"));
            clearCredentials();
        }
    }

    @Test
    public void theCertificateMustBeUsableByBuilds() throws Exception {
        AzureCredentials withCertificate = servicePrincipal(TENANT, CLIENT, "");
        withCertificate.setCertificateId("nope");
        add(j.jenkins, withCertificate);
        assertThat(rejection(CredentialsLookup.global()), allOf(containsString("'ams-ci'"), containsString("'nope'")));
    }

    @Test
    public void aManagedIdentityIsTheMachines() throws Exception {
        add(j.jenkins, managedIdentity(null));
        assertEquals(
                new ManagedIdentity(IdType.SYSTEM_ASSIGNED, null, CUSTOM.resource()),
                identity(CredentialsLookup.global(), CUSTOM));
        clearCredentials();
        add(j.jenkins, managedIdentity(CLIENT));
        assertEquals(
                new ManagedIdentity(IdType.CLIENT_ID, CLIENT, CUSTOM.resource()),
                identity(CredentialsLookup.global(), CUSTOM));
        clearCredentials();
        add(j.jenkins, managedIdentity("jenkins&x=y"));
        assertThat(rejection(CredentialsLookup.global()), containsString("need an ID of the selected type"));
    }

    @Test
    public void aManagedIdentityWorksOnlyInTheGlobalStore() throws Exception {
        Folder folder = j.createProject(Folder.class);
        add(folder, managedIdentity(null));
        FreeStyleBuild build = j.buildAndAssertSuccess(folder.createProject(FreeStyleProject.class, "job"));
        CredentialsLookup lookup = CredentialsLookup.ofBuild(build);
        assertThat(rejection(lookup), containsString("work only as global credentials"));
        // global credentials with the same ID make no difference
        add(j.jenkins, managedIdentity(null));
        assertThat(rejection(lookup), containsString("work only as global credentials"));
    }

    @Test
    public void theAuthorityMustMatchTheCredentials() throws Exception {
        TokenAudience ofPublic = new TokenAudience(URI.create(PUBLIC), true, "https://rest.media.azure.net");
        TokenAudience ofChina = new TokenAudience(URI.create(CHINA), true, "https://rest.media.chinacloudapi.cn");
        for (String environment : new String[] {"Azure", "", null}) {
            assertEquals(URI.create(PUBLIC), authority(environment, null, ofPublic));
            assertEquals(CUSTOM.authority(), authority(environment, null, CUSTOM));
            assertConfigurationError(() -> authority(environment, null, ofChina));
        }
        assertEquals(URI.create(CHINA), authority("Azure China", null, ofChina));
        assertEquals(CUSTOM.authority(), authority("Azure", "HTTPS://Login.Example/", CUSTOM));
        for (TokenAudience other : List.of(ofPublic, CUSTOM)) {
            AmsException e = assertConfigurationError(() -> authority("Azure China", null, other));
            assertThat(
                    e.getMessage(),
                    allOf(
                            containsString(CHINA),
                            containsString(other.authority().toString())));
            assertConfigurationError(() -> authority("Azure", "https://login.elsewhere.example", other));
        }
    }

    @Test
    public void theManagedIdentityCloudMustMatchTheAccount() throws Exception {
        AzureImdsCredentials china = new AzureImdsCredentials(CredentialsScope.GLOBAL, "ams-ci", "", "Azure China");
        add(j.jenkins, china);
        assertThat(rejection(CredentialsLookup.global()), containsString(CHINA));
        TokenAudience ofChina = new TokenAudience(URI.create(CHINA), true, "https://rest.media.chinacloudapi.cn");
        assertEquals(
                new ManagedIdentity(IdType.SYSTEM_ASSIGNED, null, ofChina.resource()),
                identity(CredentialsLookup.global(), ofChina));
        clearCredentials();
        // created by a script, without a value that the form always sets
        add(j.jenkins, new AzureImdsCredentials(CredentialsScope.GLOBAL, "ams-ci", ""));
        assertEquals(
                new ManagedIdentity(IdType.SYSTEM_ASSIGNED, null, CUSTOM.resource()),
                identity(CredentialsLookup.global(), CUSTOM));
    }

    @Test
    public void escapesTheAuthorityInMessages() throws Exception {
        AmsException e = assertConfigurationError(
                () -> authority("Azure", "https://x\r\nBuild step succeeded" + "!".repeat(1000), CUSTOM));
        assertThat(e.getMessage(), containsString("https://x build step succeeded!!!"));
        assertTrue(e.getMessage(), e.getMessage().length() < 500);
    }

    @Test
    public void prefersThePluginsOwnCredentialsWithTheSameId() throws Exception {
        add(j.jenkins, servicePrincipal(TENANT, CLIENT, SECRET));
        Folder folder = j.createProject(Folder.class);
        add(
                folder,
                new AzureAdClientSecretCredentials(
                        CredentialsScope.GLOBAL, "ams-ci", "", TENANT, CLIENT, Secret.fromString("of the folder")));
        FreeStyleBuild build = j.buildAndAssertSuccess(folder.createProject(FreeStyleProject.class, "job"));
        ApplicationIdentity found = (ApplicationIdentity) identity(CredentialsLookup.ofBuild(build), CUSTOM);
        assertEquals(new ClientSecret("of the folder"), found.credential());
        assertEquals(List.of("ams-ci"), listed());
    }

    @Test
    public void listsAllButSystemScope() throws Exception {
        add(j.jenkins, servicePrincipal("sp", CredentialsScope.GLOBAL));
        add(j.jenkins, servicePrincipal("sp-system", CredentialsScope.SYSTEM));
        add(j.jenkins, new AzureImdsCredentials(CredentialsScope.GLOBAL, "mi", "of the controller", "Azure"));
        assertEquals(List.of("sp", "mi"), listed());
        assertTrue(CredentialsListBox.isOffered("sp", ACL.SYSTEM2, null, List.of(), TokenOrigin.AZURE_AD));
        assertTrue(CredentialsListBox.isOffered("mi", ACL.SYSTEM2, null, List.of(), TokenOrigin.AZURE_AD));
        assertFalse(CredentialsListBox.isOffered("sp-system", ACL.SYSTEM2, null, List.of(), TokenOrigin.AZURE_AD));
        assertEquals(
                Optional.empty(),
                CredentialsLookup.global().identity("sp-system", List.of(), TokenOrigin.AZURE_AD, CUSTOM));
    }

    private static List<String> listed() {
        StandardListBoxModel items = new StandardListBoxModel();
        CredentialsListBox.include(items, ACL.SYSTEM2, null, List.of(), TokenOrigin.AZURE_AD);
        return items.stream().map((Option option) -> option.value).toList();
    }

    private static URI authority(String environment, String endpoint, TokenAudience audience) throws Exception {
        AzureCredentials credentials = servicePrincipal(TENANT, CLIENT, SECRET);
        credentials.setAzureEnvironmentName(environment);
        credentials.setActiveDirectoryEndpoint(endpoint);
        add(j.jenkins, credentials);
        try {
            return ((ApplicationIdentity) identity(CredentialsLookup.global(), audience)).authority();
        } finally {
            store(j.jenkins).removeCredentials(Domain.global(), credentials);
        }
    }

    private static Identity identity(CredentialsLookup lookup, TokenAudience audience) throws Exception {
        return lookup.identity("ams-ci", List.of(), TokenOrigin.AZURE_AD, audience)
                .orElseThrow();
    }

    private static String rejection(CredentialsLookup lookup) {
        return assertConfigurationError(() -> identity(lookup, CUSTOM)).getMessage();
    }

    private static Credentials servicePrincipal(String id, CredentialsScope scope) {
        return new AzureCredentials(scope, id, "", "", CLIENT, Secret.fromString(SECRET));
    }

    private static AzureCredentials servicePrincipal(String tenant, String client, String secret) {
        AzureCredentials credentials =
                new AzureCredentials(CredentialsScope.GLOBAL, "ams-ci", "", "", client, Secret.fromString(secret));
        credentials.setTenant(tenant);
        return credentials;
    }

    private static AzureImdsCredentials managedIdentity(String clientId) {
        AzureImdsCredentials credentials = new AzureImdsCredentials(CredentialsScope.GLOBAL, "ams-ci", "", "Azure");
        credentials.setClientId(clientId);
        return credentials;
    }
}
