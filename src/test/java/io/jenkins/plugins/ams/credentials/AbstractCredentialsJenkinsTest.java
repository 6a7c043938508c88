/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.credentials;

import static org.awaitility.Awaitility.await;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.not;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import com.cloudbees.hudson.plugins.folder.Folder;
import com.cloudbees.plugins.credentials.Credentials;
import com.cloudbees.plugins.credentials.CredentialsMatchers;
import com.cloudbees.plugins.credentials.CredentialsProvider;
import com.cloudbees.plugins.credentials.CredentialsStore;
import com.cloudbees.plugins.credentials.domains.Domain;
import hudson.model.Item;
import hudson.model.ItemGroup;
import hudson.model.User;
import hudson.security.ACL;
import hudson.security.ACLContext;
import hudson.security.AuthorizationStrategy;
import hudson.security.SecurityRealm;
import hudson.util.FormValidation;
import io.jenkins.plugins.ams.auth.TokenAudience;
import io.jenkins.plugins.casc.ConfigurationAsCode;
import io.jenkins.plugins.casc.yaml.YamlSource;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import jenkins.model.Jenkins;
import org.htmlunit.html.HtmlButton;
import org.htmlunit.html.HtmlElementUtil;
import org.htmlunit.html.HtmlForm;
import org.htmlunit.html.HtmlPage;
import org.htmlunit.html.HtmlSelect;
import org.junit.After;
import org.junit.ClassRule;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.MockAuthorizationStrategy;

/** The common parts of the tests of all credentials types. */
public abstract class AbstractCredentialsJenkinsTest {

    static final String TENANT = "contoso.onmicrosoft.com";
    static final String CLIENT = "7c8d1b2e-0000-4000-8000-00805f9b34fb";
    static final TokenAudience AUDIENCE =
            new TokenAudience(URI.create("https://login.example"), true, "https://rest.media.azure.net");
    static final FormValidation.Kind OK = FormValidation.Kind.OK;
    static final FormValidation.Kind WARNING = FormValidation.Kind.WARNING;
    static final FormValidation.Kind ERROR = FormValidation.Kind.ERROR;

    @ClassRule
    public static final JenkinsRule j = new JenkinsRule();

    @After
    public void clearCredentials() throws Exception {
        j.jenkins.setAuthorizationStrategy(AuthorizationStrategy.UNSECURED);
        j.jenkins.setSecurityRealm(SecurityRealm.NO_AUTHENTICATION);
        CredentialsStore store = store(j.jenkins);
        for (Credentials credentials : store.getCredentials(Domain.global())) {
            store.removeCredentials(Domain.global(), credentials);
        }
    }

    static CredentialsStore store(ItemGroup<?> where) {
        return CredentialsProvider.lookupStores(where).iterator().next();
    }

    static void add(ItemGroup<?> where, Credentials credentials) throws Exception {
        assertTrue(store(where).addCredentials(Domain.global(), credentials));
    }

    /** Returns the credentials "ams-ci" in the global store, or null. */
    static <C extends AzureAdCredentials> C find(Class<C> type) {
        return CredentialsMatchers.firstOrNull(
                CredentialsProvider.lookupCredentialsInItemGroup(type, j.jenkins, ACL.SYSTEM2, List.of()),
                CredentialsMatchers.withId("ams-ci"));
    }

    /** Changes only the description of "ams-ci" in its form, and checks that the page does not contain the secrets. */
    static void changeDescription(String... secrets) throws Exception {
        HtmlPage page = j.createWebClient().goTo("credentials/store/system/domain/_/credential/ams-ci");
        HtmlElementUtil.click((HtmlButton) page.querySelector("button[data-type='credentials-update']"));
        HtmlForm form = page.querySelector("#credentials-dialog-form");
        // lists are loaded in the background; saving the form before would reset the fields
        await().until(() ->
                form.getElementsByTagName("select").stream().allMatch(list -> ((HtmlSelect) list).getOptionSize() > 0));
        for (String secret : secrets) {
            assertThat(page.asXml(), not(containsString(secret)));
        }
        form.getInputByName("_.description").setValue("the new description");
        HtmlElementUtil.click((HtmlButton) page.querySelector("#cr-dialog-submit"));
    }

    /** Configures the global store with one entry, whose ID is "ams-ci", by Configuration as Code. */
    static void configure(String symbol, String... lines) throws Exception {
        String indent = "\n              ";
        String yaml = "credentials:\n  system:\n    domainCredentials:\n      - credentials:\n          - " + symbol
                + ":" + indent + "scope: GLOBAL" + indent + "id: ams-ci" + indent + String.join(indent, lines) + "\n";
        load(yaml);
    }

    /** Loads a file of Configuration as Code. */
    static void load(String yaml) throws Exception {
        ConfigurationAsCode.get()
                .configureWith(YamlSource.of(new ByteArrayInputStream(yaml.getBytes(StandardCharsets.UTF_8))));
    }

    static String exported() throws Exception {
        ByteArrayOutputStream exported = new ByteArrayOutputStream();
        ConfigurationAsCode.get().export(exported);
        return exported.toString(StandardCharsets.UTF_8);
    }

    /**
     * Creates a folder and users with different permissions. "admin" may do everything. "reader", "owner" and "user"
     * may see all items and create credentials everywhere; "owner" may also read and change the configuration of the
     * folder, and "user" may use its credentials. "guest" may see all items but no credentials.
     */
    static Folder folderOfUser() throws Exception {
        Folder folder = j.createProject(Folder.class);
        j.jenkins.setSecurityRealm(j.createDummySecurityRealm());
        j.jenkins.setAuthorizationStrategy(new MockAuthorizationStrategy()
                .grant(Jenkins.ADMINISTER)
                .everywhere()
                .to("admin")
                .grant(Jenkins.READ, Item.READ, CredentialsProvider.VIEW)
                .everywhere()
                .to("reader", "owner", "user")
                .grant(Jenkins.READ, Item.READ)
                .everywhere()
                .to("guest")
                .grant(CredentialsProvider.CREATE, CredentialsProvider.UPDATE)
                .everywhere()
                .to("reader", "owner", "user")
                .grant(Item.EXTENDED_READ, Item.CONFIGURE)
                .onFolders(folder)
                .to("owner")
                .grant(CredentialsProvider.USE_ITEM)
                .onFolders(folder)
                .to("user"));
        return folder;
    }

    /** A part of a test that runs as a specific user. */
    interface Action {
        void run() throws Exception;
    }

    static void as(String user, Action action) throws Exception {
        try (ACLContext as = ACL.as2(User.getById(user, true).impersonate2())) {
            action.run();
        }
    }

    static void assertKind(FormValidation.Kind expected, FormValidation actual) {
        assertEquals(actual.getMessage(), expected, actual.kind);
    }
}
