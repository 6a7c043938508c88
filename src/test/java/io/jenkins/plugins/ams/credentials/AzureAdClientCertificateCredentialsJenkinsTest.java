package io.jenkins.plugins.ams.credentials;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.not;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;

import com.cloudbees.hudson.plugins.folder.Folder;
import com.cloudbees.plugins.credentials.CredentialsMatchers;
import com.cloudbees.plugins.credentials.CredentialsProvider;
import com.cloudbees.plugins.credentials.CredentialsScope;
import com.cloudbees.plugins.credentials.SecretBytes;
import com.cloudbees.plugins.credentials.domains.Domain;
import com.cloudbees.plugins.credentials.impl.CertificateCredentialsImpl;
import hudson.model.Item;
import hudson.model.User;
import hudson.security.ACL;
import hudson.security.ACLContext;
import hudson.security.AuthorizationStrategy;
import hudson.util.FormValidation;
import hudson.util.ListBoxModel;
import hudson.util.Secret;
import io.jenkins.plugins.ams.auth.AuthenticationException;
import io.jenkins.plugins.ams.auth.ClientCertificate;
import io.jenkins.plugins.ams.testing.TestKey;
import io.jenkins.plugins.casc.ConfigurationAsCode;
import io.jenkins.plugins.casc.yaml.YamlSource;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.Base64;
import java.util.List;
import jenkins.model.Jenkins;
import org.htmlunit.html.HtmlButton;
import org.htmlunit.html.HtmlElementUtil;
import org.htmlunit.html.HtmlForm;
import org.htmlunit.html.HtmlPage;
import org.junit.After;
import org.junit.BeforeClass;
import org.junit.ClassRule;
import org.junit.Test;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.MockAuthorizationStrategy;

public class AzureAdClientCertificateCredentialsJenkinsTest {

    private static final String TENANT = "contoso.onmicrosoft.com";
    private static final String CLIENT = "7c8d1b2e-0000-4000-8000-00805f9b34fb";
    private static final FormValidation.Kind OK = FormValidation.Kind.OK;
    private static final FormValidation.Kind ERROR = FormValidation.Kind.ERROR;

    private static TestKey key;
    private static ClientCertificate expected;

    @ClassRule
    public static JenkinsRule j = new JenkinsRule();

    private final AzureAdClientCertificateCredentials.DescriptorImpl descriptor =
            new AzureAdClientCertificateCredentials.DescriptorImpl();

    @BeforeClass
    public static void makeKey() throws Exception {
        key = TestKey.rsa("the application");
        expected = new ClientCertificate(key.key(), List.of(key.certificate()));
    }

    @After
    public void forgetCredentials() throws Exception {
        j.jenkins.setAuthorizationStrategy(new AuthorizationStrategy.Unsecured());
        var store = CredentialsProvider.lookupStores(j.jenkins).iterator().next();
        for (var credentials : store.getCredentials(Domain.global())) {
            store.removeCredentials(Domain.global(), credentials);
        }
    }

    @Test
    public void survivesItsFormWithACertificateOfItsOwn() throws Exception {
        AzureAdClientCertificateCredentials credentials = credentials();
        credentials.setCertificate(Secret.fromString(key.pem()));
        credentials.setPassword(Secret.fromString("a-password-that-nobody-sees"));
        add(credentials);

        changeDescription(key.pem().substring(100, 160), "a-password-that-nobody-sees");

        AzureAdClientCertificateCredentials found = find();
        assertEquals("the new description", found.getDescription());
        assertEquals(TENANT, found.getTenantId());
        assertEquals(CLIENT, found.getClientId());
        assertEquals(null, found.getCertificateId());
        assertEquals("a-password-that-nobody-sees", found.getPassword().getPlainText());
        assertEquals(expected, found.clientCredential(CredentialsContext.global()));
    }

    @Test
    public void survivesItsFormWithTheIdOfAnother() throws Exception {
        addCertificate(CredentialsScope.GLOBAL, "cert");
        AzureAdClientCertificateCredentials credentials = credentials();
        credentials.setCertificateId("cert");
        add(credentials);

        changeDescription();

        AzureAdClientCertificateCredentials found = find();
        assertEquals("the new description", found.getDescription());
        assertEquals("cert", found.getCertificateId());
        assertEquals(null, found.getCertificate());
        assertEquals(null, found.getPassword());
        assertEquals(expected, found.clientCredential(CredentialsContext.global()));
    }

    @Test
    public void keepsTheKeyEncrypted() throws Exception {
        AzureAdClientCertificateCredentials credentials = credentials();
        credentials.setCertificate(Secret.fromString(key.pem()));
        add(credentials);
        String file = Files.readString(j.jenkins.getRootDir().toPath().resolve("credentials.xml"));
        assertThat(file, containsString(CLIENT));
        assertThat(file, not(containsString("PRIVATE KEY")));
    }

    @Test
    public void isConfiguredAsCode() throws Exception {
        String yaml = String.join(
                "\n",
                "credentials:",
                "  system:",
                "    domainCredentials:",
                "      - credentials:",
                "          - azureAdClientCertificate:",
                "              scope: GLOBAL",
                "              id: ams-ci",
                "              tenantId: " + TENANT,
                "              clientId: " + CLIENT,
                "              certificate: " + Base64.getEncoder().encodeToString(key.pkcs12("s3cret-p12")),
                "              password: s3cret-p12");
        ConfigurationAsCode.get()
                .configureWith(YamlSource.of(new ByteArrayInputStream(yaml.getBytes(StandardCharsets.UTF_8))));
        assertEquals(expected, find().clientCredential(CredentialsContext.global()));

        ByteArrayOutputStream exported = new ByteArrayOutputStream();
        ConfigurationAsCode.get().export(exported);
        assertThat(exported.toString(StandardCharsets.UTF_8), containsString("azureAdClientCertificate:"));
        assertThat(exported.toString(StandardCharsets.UTF_8), not(containsString("s3cret-p12")));
    }

    @Test
    public void needsOneCertificate() throws Exception {
        assertThrows(
                UnusableCredentialsException.class, () -> credentials().clientCredential(CredentialsContext.global()));
        AzureAdClientCertificateCredentials both = credentials();
        both.setCertificateId("cert");
        both.setCertificate(Secret.fromString(key.pem()));
        assertThrows(UnusableCredentialsException.class, () -> both.clientCredential(CredentialsContext.global()));

        AzureAdClientCertificateCredentials bad = credentials();
        bad.setCertificate(Secret.fromString("no certificate"));
        assertThrows(AuthenticationException.class, () -> bad.clientCredential(CredentialsContext.global()));
    }

    @Test
    public void findsNoCertificateOfScopeSystem() throws Exception {
        addCertificate(CredentialsScope.SYSTEM, "cert");
        AzureAdClientCertificateCredentials credentials = credentials();
        credentials.setCertificateId("cert");
        UnusableCredentialsException e = assertThrows(
                UnusableCredentialsException.class, () -> credentials.clientCredential(CredentialsContext.global()));
        assertThat(e.getMessage(), containsString("'cert'"));
        assertEquals(ERROR, descriptor.doCheckCertificateId(null, "cert", "").kind);
    }

    @Test
    public void checksWhatIsEntered() throws Exception {
        addCertificate(CredentialsScope.GLOBAL, "cert");
        assertEquals(OK, descriptor.doCheckCertificateId(null, "cert", "").kind);
        assertEquals(ERROR, descriptor.doCheckCertificateId(null, "nope", "").kind);
        assertEquals(ERROR, descriptor.doCheckCertificateId(null, "", "").kind);
        assertEquals(OK, descriptor.doCheckCertificateId(null, "", key.pem()).kind);
        assertEquals(ERROR, descriptor.doCheckCertificateId(null, "cert", key.pem()).kind);

        String file = Base64.getMimeEncoder().encodeToString(key.pkcs12("secret"));
        assertEquals(OK, descriptor.doCheckCertificate("", "").kind);
        assertEquals(OK, descriptor.doCheckCertificate(key.pem(), "").kind);
        assertEquals(OK, descriptor.doCheckCertificate(file, "secret").kind);
        assertEquals(ERROR, descriptor.doCheckCertificate(file, "wrong").kind);
        assertEquals(ERROR, descriptor.doCheckCertificate(key.certificatePem(), "").kind);
        assertEquals(ERROR, descriptor.doCheckCertificate("no certificate", null).kind);
    }

    @Test
    public void tellsNothingAboutWhatIsStored() {
        String stored = Secret.fromString("no certificate").getEncryptedValue();
        assertEquals(OK, descriptor.doCheckCertificate(stored, "").kind);
        String file = Base64.getMimeEncoder().encodeToString(key.pkcs12("secret"));
        for (String guess : List.of("secret", "wrong")) {
            String password = Secret.fromString(guess).getEncryptedValue();
            assertEquals(OK, descriptor.doCheckCertificate(file, password).kind);
        }
    }

    @Test
    public void tellsIdsToThoseAloneWhoMayKnow() throws Exception {
        addCertificate(CredentialsScope.GLOBAL, "cert");
        Folder folder = j.createProject(Folder.class);
        j.jenkins.setSecurityRealm(j.createDummySecurityRealm());
        j.jenkins.setAuthorizationStrategy(new MockAuthorizationStrategy()
                .grant(Jenkins.ADMINISTER)
                .everywhere()
                .to("admin")
                .grant(Jenkins.READ, Item.READ, CredentialsProvider.CREATE)
                .everywhere()
                .to("reader", "owner", "user")
                .grant(Item.EXTENDED_READ)
                .onFolders(folder)
                .to("owner")
                .grant(CredentialsProvider.USE_ITEM)
                .onFolders(folder)
                .to("user"));
        assertTold("admin", null, true);
        assertTold("admin", folder, true);
        assertTold("owner", null, false);
        assertTold("owner", folder, true);
        assertTold("user", null, false);
        assertTold("user", folder, true);
        assertTold("reader", null, false);
        assertTold("reader", folder, false);
    }

    private void assertTold(String user, Item item, boolean told) {
        try (ACLContext as = ACL.as2(User.getById(user, true).impersonate2())) {
            ListBoxModel items = descriptor.doFillCertificateIdItems(item, "current");
            assertEquals(user, told, items.stream().anyMatch(option -> option.value.equals("cert")));
            assertEquals(user, true, items.stream().anyMatch(option -> option.value.equals("current")));
            assertEquals(user, told ? ERROR : OK, descriptor.doCheckCertificateId(item, "nope", "").kind);
        }
    }

    private static void changeDescription(String... secrets) throws Exception {
        HtmlPage page = j.createWebClient().goTo("credentials/store/system/domain/_/credential/ams-ci");
        HtmlElementUtil.click((HtmlButton) page.querySelector("button[data-type='credentials-update']"));
        HtmlForm form = page.querySelector("#credentials-dialog-form");
        for (String secret : secrets) {
            assertThat(page.asXml(), not(containsString(secret)));
        }
        form.getInputByName("_.description").setValue("the new description");
        HtmlElementUtil.click((HtmlButton) page.querySelector("#cr-dialog-submit"));
    }

    private static void addCertificate(CredentialsScope scope, String id) throws Exception {
        var source = new CertificateCredentialsImpl.UploadedKeyStoreSource(
                null, SecretBytes.fromBytes(key.pkcs12("secret")));
        CredentialsProvider.lookupStores(j.jenkins)
                .iterator()
                .next()
                .addCredentials(Domain.global(), new CertificateCredentialsImpl(scope, id, "", "secret", source));
    }

    private static void add(AzureAdClientCertificateCredentials credentials) throws Exception {
        CredentialsProvider.lookupStores(j.jenkins).iterator().next().addCredentials(Domain.global(), credentials);
    }

    private static AzureAdClientCertificateCredentials find() {
        return CredentialsMatchers.firstOrNull(
                CredentialsProvider.lookupCredentialsInItemGroup(
                        AzureAdClientCertificateCredentials.class, j.jenkins, ACL.SYSTEM2, List.of()),
                CredentialsMatchers.withId("ams-ci"));
    }

    private static AzureAdClientCertificateCredentials credentials() {
        return new AzureAdClientCertificateCredentials(
                CredentialsScope.GLOBAL, "ams-ci", "the application", " " + TENANT + " ", CLIENT);
    }
}
