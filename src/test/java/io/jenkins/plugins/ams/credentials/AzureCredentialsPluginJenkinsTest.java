/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.credentials;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.allOf;
import static org.hamcrest.Matchers.containsString;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
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
import io.jenkins.plugins.ams.auth.Audience;
import io.jenkins.plugins.ams.auth.ClientSecret;
import io.jenkins.plugins.ams.auth.Identity;
import io.jenkins.plugins.ams.auth.ManagedIdentity;
import io.jenkins.plugins.ams.auth.ManagedIdentity.IdType;
import io.jenkins.plugins.ams.auth.Principal;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import org.junit.Test;

/** What the credentials of the plugin Azure Credentials stand for. */
public class AzureCredentialsPluginJenkinsTest extends CredentialsKindJenkinsTest {

    private static final String SECRET = "of the service principal";
    private static final String PUBLIC = "https://login.microsoftonline.com";
    private static final String CHINA = "https://login.chinacloudapi.cn";

    /** An authority that an administrator added. */
    private static final Audience CUSTOM =
            new Audience(URI.create("https://login.example"), false, "https://rest.media.azure.net");

    @Test
    public void aServicePrincipalIsAnApplicationOfItsTenant() throws Exception {
        add(j.jenkins, servicePrincipal(TENANT, CLIENT, SECRET));
        assertEquals(
                new Principal(CUSTOM.authority(), false, TENANT, CLIENT, new ClientSecret(SECRET), CUSTOM.scope()),
                identity(added()));
    }

    @Test
    public void aServicePrincipalWithoutAProofOrWithOtherNamesIsRefused() throws Exception {
        add(j.jenkins, servicePrincipal(TENANT, CLIENT, ""));
        assertThat(refusal(added()), containsString("'ams-ci' need a client secret, or the id of certificate"));
        forgetCredentials();
        for (AzureCredentials malformed : List.of(
                servicePrincipal("common", CLIENT, SECRET),
                servicePrincipal("", CLIENT, SECRET),
                servicePrincipal(TENANT + "/../x", CLIENT, SECRET),
                servicePrincipal(TENANT, "an application", SECRET))) {
            add(j.jenkins, malformed);
            assertThat(refusal(added()), containsString("need a GUID or domain as tenant"));
            forgetCredentials();
        }
    }

    @Test
    public void theCertificateOfAServicePrincipalHasToBeOneForBuilds() throws Exception {
        AzureCredentials named = servicePrincipal(TENANT, CLIENT, "");
        named.setCertificateId("nope");
        add(j.jenkins, named);
        assertThat(refusal(added()), allOf(containsString("'ams-ci'"), containsString("'nope'")));
    }

    @Test
    public void aManagedIdentityIsThatOfTheMachine() throws Exception {
        add(j.jenkins, managedIdentity(null));
        assertEquals(new ManagedIdentity(IdType.SYSTEM_ASSIGNED, null, CUSTOM.resource()), identity(added()));
        forgetCredentials();
        add(j.jenkins, managedIdentity(CLIENT));
        assertEquals(new ManagedIdentity(IdType.CLIENT_ID, CLIENT, CUSTOM.resource()), identity(added()));
        forgetCredentials();
        add(j.jenkins, managedIdentity("jenkins&x=y"));
        assertThat(refusal(added()), containsString("need an id of the chosen kind"));
    }

    @Test
    public void aManagedIdentityWorksInTheGlobalStoreAlone() throws Exception {
        Folder folder = j.createProject(Folder.class);
        add(folder, managedIdentity(null));
        FreeStyleBuild build = j.buildAndAssertSuccess(folder.createProject(FreeStyleProject.class, "job"));
        IdentitySource found = UsableCredentials.ofBuild(
                        CredentialsContext.of(build), "ams-ci", List.of(), CredentialsUse.AZURE_AD)
                .orElseThrow();
        assertThat(refusal(found), containsString("work only as global credentials"));
        // not by its id either, which is that of some in the folder
        add(j.jenkins, managedIdentity(null));
        IdentitySource nearest = UsableCredentials.ofBuild(
                        CredentialsContext.of(build), "ams-ci", List.of(), CredentialsUse.AZURE_AD)
                .orElseThrow();
        assertThat(refusal(nearest), containsString("work only as global credentials"));
    }

    @Test
    public void theAuthorityIsTheAccountsAndHasToBeTheOneThatTheCredentialsName() throws Exception {
        Audience ofPublic = new Audience(URI.create(PUBLIC), true, "https://rest.media.azure.net");
        Audience ofChina = new Audience(URI.create(CHINA), true, "https://rest.media.chinacloudapi.cn");
        for (String environment : new String[] {"Azure", "", null}) {
            assertEquals(URI.create(PUBLIC), authority(environment, null, ofPublic));
            assertEquals(CUSTOM.authority(), authority(environment, null, CUSTOM));
            assertThrows(UnusableCredentialsException.class, () -> authority(environment, null, ofChina));
        }
        assertEquals(URI.create(CHINA), authority("Azure China", null, ofChina));
        assertEquals(CUSTOM.authority(), authority("Azure", "HTTPS://Login.Example/", CUSTOM));
        for (Audience other : List.of(ofPublic, CUSTOM)) {
            UnusableCredentialsException e =
                    assertThrows(UnusableCredentialsException.class, () -> authority("Azure China", null, other));
            assertThat(
                    e.getMessage(),
                    allOf(
                            containsString(CHINA),
                            containsString(other.authority().toString())));
            assertThrows(
                    UnusableCredentialsException.class,
                    () -> authority("Azure", "https://login.elsewhere.example", other));
        }
    }

    @Test
    public void theCloudOfAManagedIdentityHasToBeTheAccounts() throws Exception {
        AzureImdsCredentials china = new AzureImdsCredentials(CredentialsScope.GLOBAL, "ams-ci", "", "Azure China");
        add(j.jenkins, china);
        assertThat(refusal(added()), containsString(CHINA));
        Audience ofChina = new Audience(URI.create(CHINA), true, "https://rest.media.chinacloudapi.cn");
        assertEquals(
                new ManagedIdentity(IdType.SYSTEM_ASSIGNED, null, ofChina.resource()),
                added().identity(ofChina, CredentialsContext.global()));
        forgetCredentials();
        // made by a script, which may leave out what the form always has
        add(j.jenkins, new AzureImdsCredentials(CredentialsScope.GLOBAL, "ams-ci", ""));
        assertEquals(new ManagedIdentity(IdType.SYSTEM_ASSIGNED, null, CUSTOM.resource()), identity(added()));
    }

    @Test
    public void theAuthorityThatSomebodyWroteIsTextInTheMessage() throws Exception {
        UnusableCredentialsException e = assertThrows(
                UnusableCredentialsException.class,
                () -> authority("Azure", "https://x\r\nBuild step succeeded" + "!".repeat(1000), CUSTOM));
        assertThat(e.getMessage(), containsString("https://x build step succeeded!!!"));
        assertTrue(e.getMessage(), e.getMessage().length() < 500);
    }

    @Test
    public void thePluginsOwnAreUsedWhereBothHaveTheSameId() throws Exception {
        add(j.jenkins, servicePrincipal(TENANT, CLIENT, SECRET));
        Folder folder = j.createProject(Folder.class);
        add(
                folder,
                new AzureAdClientSecretCredentials(
                        CredentialsScope.GLOBAL, "ams-ci", "", TENANT, CLIENT, Secret.fromString("of the folder")));
        FreeStyleBuild build = j.buildAndAssertSuccess(folder.createProject(FreeStyleProject.class, "job"));
        Principal found = (Principal) identity(
                UsableCredentials.ofBuild(CredentialsContext.of(build), "ams-ci", List.of(), CredentialsUse.AZURE_AD)
                        .orElseThrow());
        assertEquals(new ClientSecret("of the folder"), found.credential());
        assertEquals(List.of("ams-ci"), offered());
    }

    @Test
    public void isOfferedUnlessItIsJenkinsOwn() throws Exception {
        add(j.jenkins, servicePrincipal("sp", CredentialsScope.GLOBAL));
        add(j.jenkins, servicePrincipal("sp-system", CredentialsScope.SYSTEM));
        add(j.jenkins, new AzureImdsCredentials(CredentialsScope.GLOBAL, "mi", "of the controller", "Azure"));
        assertEquals(List.of("sp", "mi"), offered());
        assertTrue(OfferedCredentials.isOffered("sp", ACL.SYSTEM2, null, List.of(), CredentialsUse.AZURE_AD));
        assertTrue(OfferedCredentials.isOffered("mi", ACL.SYSTEM2, null, List.of(), CredentialsUse.AZURE_AD));
        assertFalse(OfferedCredentials.isOffered("sp-system", ACL.SYSTEM2, null, List.of(), CredentialsUse.AZURE_AD));
        assertEquals(Optional.empty(), UsableCredentials.global("sp-system", List.of(), CredentialsUse.AZURE_AD));
    }

    private static List<String> offered() {
        StandardListBoxModel items = new StandardListBoxModel();
        OfferedCredentials.include(items, ACL.SYSTEM2, null, List.of(), CredentialsUse.AZURE_AD);
        return items.stream().map((Option option) -> option.value).toList();
    }

    private static URI authority(String environment, String endpoint, Audience audience) throws Exception {
        AzureCredentials credentials = servicePrincipal(TENANT, CLIENT, SECRET);
        credentials.setAzureEnvironmentName(environment);
        credentials.setActiveDirectoryEndpoint(endpoint);
        add(j.jenkins, credentials);
        try {
            return ((Principal) added().identity(audience, CredentialsContext.global())).authority();
        } finally {
            store(j.jenkins).removeCredentials(Domain.global(), credentials);
        }
    }

    private static IdentitySource added() {
        return UsableCredentials.global("ams-ci", List.of(), CredentialsUse.AZURE_AD)
                .orElseThrow();
    }

    private static Identity identity(IdentitySource source) throws Exception {
        return source.identity(CUSTOM, CredentialsContext.global());
    }

    private static String refusal(IdentitySource source) {
        return assertThrows(UnusableCredentialsException.class, () -> identity(source))
                .getMessage();
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
