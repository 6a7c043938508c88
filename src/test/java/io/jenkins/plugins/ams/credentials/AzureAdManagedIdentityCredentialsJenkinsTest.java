/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.credentials;

import static io.jenkins.plugins.ams.testing.ConfigurationErrors.assertConfigurationError;
import static io.jenkins.plugins.ams.testing.Parameters.submitted;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.not;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import com.cloudbees.hudson.plugins.folder.Folder;
import com.cloudbees.plugins.credentials.CredentialsNameProvider;
import com.cloudbees.plugins.credentials.CredentialsScope;
import com.cloudbees.plugins.credentials.domains.Domain;
import io.jenkins.plugins.ams.auth.ManagedIdentity;
import io.jenkins.plugins.ams.auth.ManagedIdentity.IdType;
import io.jenkins.plugins.ams.http.AmsException;
import org.htmlunit.HttpMethod;
import org.htmlunit.WebRequest;
import org.junit.Test;
import org.jvnet.hudson.test.JenkinsRule;
import org.springframework.security.access.AccessDeniedException;

public class AzureAdManagedIdentityCredentialsJenkinsTest extends AbstractCredentialsJenkinsTest {

    private static final String RESOURCE_ID = "/subscriptions/0b1f6471-1bf0-4dda-aec3-cb9272f09590/resourceGroups/ci"
            + "/providers/Microsoft.ManagedIdentity/userAssignedIdentities/jenkins";

    private final AzureAdManagedIdentityCredentials.DescriptorImpl descriptor =
            new AzureAdManagedIdentityCredentials.DescriptorImpl();

    @Test
    public void survivesTheForm() throws Exception {
        add(j.jenkins, credentials(IdType.RESOURCE_ID, RESOURCE_ID));
        changeDescription();
        AzureAdManagedIdentityCredentials found = find(AzureAdManagedIdentityCredentials.class);
        assertEquals("the new description", found.getDescription());
        assertEquals(IdType.RESOURCE_ID, found.getIdType());
        assertEquals(RESOURCE_ID, found.getIdentityId());
    }

    @Test
    public void isConfiguredAsCode() throws Exception {
        configure("azureAdManagedIdentity", "idType: CLIENT_ID", "identityId: " + CLIENT);
        AzureAdManagedIdentityCredentials found = find(AzureAdManagedIdentityCredentials.class);
        assertEquals(
                new ManagedIdentity(IdType.CLIENT_ID, CLIENT, AUDIENCE.resource()),
                found.identity(AUDIENCE, CredentialsLookup.global()));
        assertThat(exported(), containsString("azureAdManagedIdentity:"));
    }

    @Test
    public void theSystemAssignedIdentityNeedsNoId() throws Exception {
        configure("azureAdManagedIdentity", "description: of the controller");
        AzureAdManagedIdentityCredentials found = find(AzureAdManagedIdentityCredentials.class);
        assertEquals(
                new ManagedIdentity(IdType.SYSTEM_ASSIGNED, null, AUDIENCE.resource()),
                found.identity(AUDIENCE, CredentialsLookup.global()));
    }

    @Test
    public void isNamedByDescriptionOrIdentity() {
        assertEquals("ams-ci (" + CLIENT + ")", CredentialsNameProvider.name(credentials(IdType.CLIENT_ID, CLIENT)));
        assertEquals(
                "ams-ci (" + Messages.AzureAdManagedIdentityCredentials_SYSTEM_ASSIGNED() + ")",
                CredentialsNameProvider.name(credentials(IdType.SYSTEM_ASSIGNED, null)));
    }

    @Test
    public void rejectsAnInvalidId() throws Exception {
        for (AzureAdManagedIdentityCredentials wrong : new AzureAdManagedIdentityCredentials[] {
            credentials(IdType.SYSTEM_ASSIGNED, CLIENT),
            credentials(IdType.CLIENT_ID, null),
            credentials(IdType.OBJECT_ID, RESOURCE_ID),
            credentials(IdType.RESOURCE_ID, RESOURCE_ID + "&client_id=" + CLIENT)
        }) {
            add(j.jenkins, wrong);
            assertConfigurationError(() -> wrong.identity(AUDIENCE, CredentialsLookup.global()));
            clearCredentials();
        }
    }

    @Test
    public void worksOnlyInTheGlobalStore() throws Exception {
        Folder folder = j.createProject(Folder.class);
        AzureAdManagedIdentityCredentials inFolder = credentials(IdType.SYSTEM_ASSIGNED, null);
        add(folder, inFolder);
        add(j.jenkins, credentials(IdType.SYSTEM_ASSIGNED, null));
        AmsException e = assertConfigurationError(() -> inFolder.identity(AUDIENCE, CredentialsLookup.global()));
        assertThat(e.getMessage(), containsString("'ams-ci'"));

        assertTrue(descriptor.isApplicable(store(j.jenkins).getProvider()));
        assertFalse(descriptor.isApplicable(store(folder).getProvider()));
    }

    @Test
    public void onlyAdministratorsCreateThem() throws Exception {
        folderOfUser();
        as("owner", () -> assertThrows(AccessDeniedException.class, () -> credentials(IdType.SYSTEM_ASSIGNED, null)));
        as("admin", () -> credentials(IdType.SYSTEM_ASSIGNED, null));
    }

    @Test
    public void onlyAdministratorsSendThemAsXml() throws Exception {
        Folder folder = folderOfUser();
        assertTrue(sendXml("owner", "") >= 400);
        assertNull(find(AzureAdManagedIdentityCredentials.class));
        assertTrue(sendXml("owner", folder.getUrl()) >= 400);
        assertEquals(200, sendXml("admin", ""));
        find(AzureAdManagedIdentityCredentials.class).identity(AUDIENCE, CredentialsLookup.global());
    }

    @Test
    public void areUnusableInAFolderConfiguration() throws Exception {
        Folder folder = j.createProject(Folder.class);
        add(folder, credentials(IdType.SYSTEM_ASSIGNED, null));
        // like a restart, this loads the configuration with the permissions of the system
        folder.doReload();
        var reloaded = store(j.jenkins.getItemByFullName(folder.getFullName(), Folder.class))
                .getCredentials(Domain.global());
        assertThat(reloaded, not(empty()));
        assertConfigurationError(
                () -> ((AzureAdCredentials) reloaded.get(0)).identity(AUDIENCE, CredentialsLookup.global()));
    }

    @Test
    public void validatesInput() {
        assertEquals(4, descriptor.doFillIdTypeItems().size());
        assertKind(OK, descriptor.doCheckIdentityId(submitted(""), submitted("SYSTEM_ASSIGNED")));
        assertKind(
                OK,
                descriptor.doCheckIdentityId(
                        submitted(""), submitted(""))); // a new form, before its list of types is loaded
        assertKind(ERROR, descriptor.doCheckIdentityId(submitted(CLIENT), submitted("")));
        assertKind(ERROR, descriptor.doCheckIdentityId(submitted(CLIENT), submitted("SYSTEM_ASSIGNED")));
        for (String type : new String[] {"CLIENT_ID", "OBJECT_ID"}) {
            assertKind(OK, descriptor.doCheckIdentityId(submitted(" " + CLIENT + " "), submitted(type)));
            assertKind(ERROR, descriptor.doCheckIdentityId(submitted(""), submitted(type)));
            assertKind(ERROR, descriptor.doCheckIdentityId(submitted(RESOURCE_ID), submitted(type)));
        }
        assertKind(OK, descriptor.doCheckIdentityId(submitted(RESOURCE_ID), submitted("RESOURCE_ID")));
        assertKind(ERROR, descriptor.doCheckIdentityId(submitted(CLIENT), submitted("RESOURCE_ID")));
        assertKind(ERROR, descriptor.doCheckIdentityId(submitted(CLIENT), submitted("nonsense")));
    }

    private static int sendXml(String user, String item) throws Exception {
        String store = item.isEmpty() ? "credentials/store/system" : item + "credentials/store/folder";
        String type = AzureAdManagedIdentityCredentials.class.getName();
        JenkinsRule.WebClient client =
                j.createWebClient().withThrowExceptionOnFailingStatusCode(false).login(user);
        WebRequest request =
                new WebRequest(client.createCrumbedUrl(store + "/domain/_/createCredentials"), HttpMethod.POST);
        request.setAdditionalHeader("Content-Type", "application/xml");
        request.setRequestBody(
                "<" + type + "><scope>GLOBAL</scope><id>ams-ci</id><idType>SYSTEM_ASSIGNED</idType></" + type + ">");
        return client.loadWebResponse(request).getStatusCode();
    }

    private static AzureAdManagedIdentityCredentials credentials(IdType type, String identityId) {
        var credentials = new AzureAdManagedIdentityCredentials(CredentialsScope.GLOBAL, "ams-ci", "", type);
        credentials.setIdentityId(identityId);
        return credentials;
    }
}
