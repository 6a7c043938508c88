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
import static org.junit.Assert.assertNotEquals;
import static org.junit.Assert.assertThrows;

import com.cloudbees.hudson.plugins.folder.Folder;
import com.cloudbees.plugins.credentials.CredentialsScope;
import com.cloudbees.plugins.credentials.SecretBytes;
import com.cloudbees.plugins.credentials.SystemCredentialsProvider;
import com.cloudbees.plugins.credentials.impl.CertificateCredentialsImpl;
import hudson.util.ListBoxModel;
import hudson.util.Secret;
import io.jenkins.plugins.ams.auth.AuthenticationException;
import io.jenkins.plugins.ams.auth.CertifiedKey;
import io.jenkins.plugins.ams.auth.ClientCredential;
import io.jenkins.plugins.ams.auth.TestTokens;
import io.jenkins.plugins.ams.testing.TestKey;
import java.nio.file.Files;
import java.security.KeyStore;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.BeforeClass;
import org.junit.Test;

public class AzureAdClientCertificateCredentialsJenkinsTest extends AbstractCredentialsJenkinsTest {

    private static TestKey key;
    private static CertifiedKey expected;

    private final AzureAdClientCertificateCredentials.DescriptorImpl descriptor =
            new AzureAdClientCertificateCredentials.DescriptorImpl();

    @BeforeClass
    public static void makeKey() throws Exception {
        key = TestKey.rsa("the application");
        expected = new CertifiedKey(key.key(), List.of(key.certificate()));
    }

    @Test
    public void survivesTheFormWithAnOwnCertificate() throws Exception {
        AzureAdClientCertificateCredentials credentials = credentials();
        credentials.setCertificate(Secret.fromString(key.pem()));
        credentials.setPassword(Secret.fromString("a-password-that-nobody-sees"));
        add(j.jenkins, credentials);

        changeDescription(key.pem().substring(100, 160), "a-password-that-nobody-sees");

        AzureAdClientCertificateCredentials found = find();
        assertEquals("the new description", found.getDescription());
        assertEquals(TENANT, found.getTenantId());
        assertEquals(CLIENT, found.getClientId());
        assertEquals(null, found.getCertificateId());
        assertEquals("a-password-that-nobody-sees", found.getPassword().getPlainText());
        assertEquals(expected, TestTokens.read(found.clientCredential(CredentialsContext.global())));
    }

    @Test
    public void survivesTheFormWithReferencedCredentials() throws Exception {
        addCertificate(CredentialsScope.GLOBAL, "cert");
        AzureAdClientCertificateCredentials credentials = credentials();
        credentials.setCertificateId("cert");
        add(j.jenkins, credentials);

        changeDescription();

        AzureAdClientCertificateCredentials found = find();
        assertEquals("the new description", found.getDescription());
        assertEquals("cert", found.getCertificateId());
        assertEquals(null, found.getCertificate());
        assertEquals(null, found.getPassword());
        assertEquals(expected, TestTokens.read(found.clientCredential(CredentialsContext.global())));
    }

    @Test
    public void keepsTheKeyEncrypted() throws Exception {
        AzureAdClientCertificateCredentials credentials = credentials();
        credentials.setCertificate(Secret.fromString(key.pem()));
        add(j.jenkins, credentials);
        String file = Files.readString(j.jenkins.getRootDir().toPath().resolve("credentials.xml"));
        assertThat(file, containsString(CLIENT));
        assertThat(file, not(containsString("PRIVATE KEY")));
    }

    @Test
    public void isConfiguredAsCode() throws Exception {
        configure(
                "azureAdClientCertificate",
                "tenantId: " + TENANT,
                "clientId: " + CLIENT,
                "certificate: " + Base64.getEncoder().encodeToString(key.pkcs12("s3cret-p12")),
                "password: s3cret-p12");
        assertEquals(expected, TestTokens.read(find().clientCredential(CredentialsContext.global())));

        String yaml = exported();
        assertThat(yaml, containsString("azureAdClientCertificate:"));
        assertThat(yaml, not(containsString("s3cret-p12")));
    }

    @Test
    public void requiresExactlyOneCertificate() throws Exception {
        assertThrows(
                UnusableCredentialsException.class, () -> credentials().clientCredential(CredentialsContext.global()));
        AzureAdClientCertificateCredentials both = credentials();
        both.setCertificateId("cert");
        both.setCertificate(Secret.fromString(key.pem()));
        assertThrows(UnusableCredentialsException.class, () -> both.clientCredential(CredentialsContext.global()));

        AzureAdClientCertificateCredentials bad = credentials();
        bad.setCertificate(Secret.fromString("no certificate"));
        ClientCredential unread = bad.clientCredential(CredentialsContext.global());
        assertThrows(AuthenticationException.class, () -> TestTokens.read(unread));
    }

    @Test
    public void readsNoKeyStoreBeforeATokenIsRequested() throws Exception {
        add(j.jenkins, new CountedCertificate("cert"));
        AzureAdClientCertificateCredentials credentials = credentials();
        credentials.setCertificateId("cert");
        CountedCertificate.READ.set(0);

        ClientCredential found = credentials.clientCredential(CredentialsContext.global());
        assertEquals(found, credentials.clientCredential(CredentialsContext.global()));
        assertEquals(
                "the key store is not read, because decrypting it may take long", 0, CountedCertificate.READ.get());
        assertEquals(expected, TestTokens.read(found));
        assertEquals(1, CountedCertificate.READ.get());
    }

    @Test
    public void aReplacedCertificateIsAnotherCredential() throws Exception {
        addCertificate(CredentialsScope.GLOBAL, "cert");
        AzureAdClientCertificateCredentials credentials = credentials();
        credentials.setCertificateId("cert");
        ClientCredential before = credentials.clientCredential(CredentialsContext.global());
        SystemCredentialsProvider.getInstance().getCredentials().clear();
        addCertificate(CredentialsScope.GLOBAL, "cert");
        assertNotEquals(before, credentials.clientCredential(CredentialsContext.global()));
    }

    /** Counts how often the key store is read. */
    public static final class CountedCertificate extends CertificateCredentialsImpl {

        static final AtomicInteger READ = new AtomicInteger();

        CountedCertificate(String id) {
            super(CredentialsScope.GLOBAL, id, "", "secret", source());
        }

        @Override
        public synchronized KeyStore getKeyStore() {
            READ.incrementAndGet();
            return super.getKeyStore();
        }
    }

    @Test
    public void findsNoSystemScopeCertificate() throws Exception {
        addCertificate(CredentialsScope.SYSTEM, "cert");
        AzureAdClientCertificateCredentials credentials = credentials();
        credentials.setCertificateId("cert");
        UnusableCredentialsException e = assertThrows(
                UnusableCredentialsException.class, () -> credentials.clientCredential(CredentialsContext.global()));
        assertThat(e.getMessage(), containsString("'cert'"));
        assertKind(ERROR, descriptor.doCheckCertificateId(null, submitted("cert"), submitted("")));
    }

    @Test
    public void validatesInput() throws Exception {
        addCertificate(CredentialsScope.GLOBAL, "cert");
        assertKind(OK, descriptor.doCheckCertificateId(null, submitted("cert"), submitted("")));
        assertKind(ERROR, descriptor.doCheckCertificateId(null, submitted("nope"), submitted("")));
        assertKind(ERROR, descriptor.doCheckCertificateId(null, submitted(""), submitted("")));
        assertKind(OK, descriptor.doCheckCertificateId(null, submitted(""), submitted(key.pem())));
        assertKind(ERROR, descriptor.doCheckCertificateId(null, submitted("cert"), submitted(key.pem())));

        String file = Base64.getMimeEncoder().encodeToString(key.pkcs12("secret"));
        assertKind(OK, descriptor.doCheckCertificate(null, submitted(""), submitted("")));
        assertKind(OK, descriptor.doCheckCertificate(null, submitted(key.pem()), submitted("")));
        assertKind(OK, descriptor.doCheckCertificate(null, submitted(file), submitted("secret")));
        assertKind(ERROR, descriptor.doCheckCertificate(null, submitted(file), submitted("wrong")));
        assertKind(ERROR, descriptor.doCheckCertificate(null, submitted(key.certificatePem()), submitted("")));
        assertKind(ERROR, descriptor.doCheckCertificate(null, submitted("no certificate"), submitted(null)));
    }

    @Test
    public void disclosesNoStoredValue() {
        String stored = Secret.fromString("no certificate").getEncryptedValue();
        assertKind(OK, descriptor.doCheckCertificate(null, submitted(stored), submitted("")));
        String file = Base64.getMimeEncoder().encodeToString(key.pkcs12("secret"));
        for (String guess : List.of("secret", "wrong")) {
            String password = Secret.fromString(guess).getEncryptedValue();
            assertKind(OK, descriptor.doCheckCertificate(null, submitted(file), submitted(password)));
        }
    }

    @Test
    public void disclosesIdsOnlyWithPermission() throws Exception {
        addCertificate(CredentialsScope.GLOBAL, "cert");
        Folder folder = folderOfUser();
        assertDisclosed("admin", null, true);
        assertDisclosed("admin", folder, true);
        assertDisclosed("owner", null, false);
        assertDisclosed("owner", folder, true);
        assertDisclosed("user", null, false);
        assertDisclosed("user", folder, true);
        assertDisclosed("reader", null, false);
        assertDisclosed("reader", folder, false);
        assertDisclosed("guest", null, false);
        assertDisclosed("guest", folder, false);
    }

    private void assertDisclosed(String user, Folder item, boolean disclosed) throws Exception {
        boolean maySave = !user.equals("guest");
        as(user, () -> {
            ListBoxModel items =
                    descriptor.doFillCertificateIdItems(item == null ? j.jenkins : item, item, submitted("current"));
            assertEquals(user, disclosed, items.stream().anyMatch(option -> option.value.equals("cert")));
            assertEquals(user, maySave, items.stream().anyMatch(option -> option.value.equals("current")));
            assertKind(disclosed ? ERROR : OK, descriptor.doCheckCertificateId(item, submitted("nope"), submitted("")));
        });
    }

    private static void addCertificate(CredentialsScope scope, String id) throws Exception {
        add(j.jenkins, new CertificateCredentialsImpl(scope, id, "", "secret", source()));
    }

    private static CertificateCredentialsImpl.KeyStoreSource source() {
        return new CertificateCredentialsImpl.UploadedKeyStoreSource(
                null, SecretBytes.fromRawBytes(key.pkcs12("secret")));
    }

    private static AzureAdClientCertificateCredentials find() {
        return find(AzureAdClientCertificateCredentials.class);
    }

    private static AzureAdClientCertificateCredentials credentials() {
        return new AzureAdClientCertificateCredentials(
                CredentialsScope.GLOBAL, "ams-ci", "the application", " " + TENANT + " ", CLIENT);
    }
}
