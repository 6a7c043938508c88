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
import static org.junit.Assert.assertThrows;

import com.cloudbees.hudson.plugins.folder.Folder;
import com.cloudbees.plugins.credentials.CredentialsScope;
import com.cloudbees.plugins.credentials.SecretBytes;
import com.cloudbees.plugins.credentials.SystemCredentialsProvider;
import com.cloudbees.plugins.credentials.impl.CertificateCredentialsImpl;
import hudson.util.ListBoxModel;
import io.jenkins.plugins.ams.auth.AuthenticationException;
import io.jenkins.plugins.ams.auth.ClientCredential;
import io.jenkins.plugins.ams.auth.TestTokens;
import io.jenkins.plugins.ams.http.AmsException;
import io.jenkins.plugins.ams.testing.TestKey;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.BeforeClass;
import org.junit.Test;

public class AzureAdClientCertificateCredentialsJenkinsTest extends AbstractCredentialsJenkinsTest {

    private static TestKey key;
    private static TestKey ec;

    private final AzureAdClientCertificateCredentials.DescriptorImpl descriptor =
            new AzureAdClientCertificateCredentials.DescriptorImpl();

    @BeforeClass
    public static void makeKeys() {
        key = TestKey.rsa("the application");
        ec = TestKey.ec("a curve");
    }

    @Test
    public void survivesTheForm() throws Exception {
        addPkcs12(CredentialsScope.GLOBAL, "cert");
        add(j.jenkins, credentials("cert"));

        changeDescription();

        AzureAdClientCertificateCredentials found = find();
        assertEquals("the new description", found.getDescription());
        assertEquals(TENANT, found.getTenantId());
        assertEquals(CLIENT, found.getClientId());
        assertEquals("cert", found.getCertificateId());
        assertEquals(key.certificate(), read(found));
    }

    @Test
    public void readsPemAndPkcs12() throws Exception {
        addPkcs12(CredentialsScope.GLOBAL, "pkcs12");
        assertEquals(key.certificate(), read(credentials("pkcs12")));

        var pem = new CertificateCredentialsImpl.PEMEntryKeyStoreSource(
                key.certificatePem(), TestKey.pem("PRIVATE KEY", key.key().getEncoded()));
        for (String password : new String[] {"secret", "", null}) {
            add(j.jenkins, new CertificateCredentialsImpl(CredentialsScope.GLOBAL, "pem", "", password, pem));
            assertEquals(key.certificate(), read(credentials("pem")));
            SystemCredentialsProvider.getInstance().getCredentials().clear();
        }
    }

    @Test
    public void isConfiguredAsCode() throws Exception {
        load("""
                credentials:
                  system:
                    domainCredentials:
                      - credentials:
                          - azureAdClientCertificate:
                              id: ams-ci
                              tenantId: contoso.onmicrosoft.com
                              clientId: 7c8d1b2e-0000-4000-8000-00805f9b34fb
                              certificateId: pem
                          - certificate:
                              id: pem
                              keyStoreSource:
                                pEMEntry:
                                  certChain: "the certificate"
                                  privateKey: "the key"
                          - certificate:
                              id: pkcs12
                              password: s3cret-p12
                              keyStoreSource:
                                uploaded:
                                  uploadedKeystore: the file
                """.replace("the certificate", key.certificatePem().replace("\n", "\\n"))
                .replace(
                        "the key",
                        TestKey.pem("PRIVATE KEY", key.key().getEncoded()).replace("\n", "\\n"))
                .replace("the file", Base64.getEncoder().encodeToString(key.pkcs12("s3cret-p12"))));
        assertEquals(key.certificate(), read(find()));
        assertEquals(key.certificate(), read(credentials("pkcs12")));

        String yaml = exported();
        assertThat(yaml, containsString("azureAdClientCertificate:"));
        assertThat(yaml, containsString("certificateId: \"pem\""));
    }

    @Test
    public void requiresACertificate() {
        for (String missing : new String[] {null, "", " "}) {
            AmsException e =
                    assertConfigurationError(() -> credentials(missing).clientCredential(CredentialsLookup.global()));
            assertEquals("The credentials 'ams-ci' need the ID of certificate credentials.", e.getMessage());
        }
    }

    @Test
    public void reportsAnUnreadableCertificate() throws Exception {
        add(j.jenkins, new CertificateCredentialsImpl(CredentialsScope.GLOBAL, "ec", "", "secret", source(ec)));
        ClientCredential unread = credentials("ec").clientCredential(CredentialsLookup.global());
        AuthenticationException e = assertThrows(AuthenticationException.class, () -> TestTokens.read(unread));
        assertThat(e.getMessage(), containsString("only RSA keys"));
    }

    @Test
    public void readsNoKeyStoreBeforeATokenIsRequested() throws Exception {
        add(j.jenkins, new CountedCertificate("cert"));
        AzureAdClientCertificateCredentials credentials = credentials("cert");
        CountedCertificate.READ.set(0);

        ClientCredential found = credentials.clientCredential(CredentialsLookup.global());
        assertEquals(found, credentials.clientCredential(CredentialsLookup.global()));
        assertEquals(
                "the key store is not read, because decrypting it may take long", 0, CountedCertificate.READ.get());
        assertEquals(key.certificate(), TestTokens.read(found));
        assertEquals(1, CountedCertificate.READ.get());
    }

    @Test
    public void aReplacedCertificateIsAnotherCredential() throws Exception {
        addPkcs12(CredentialsScope.GLOBAL, "cert");
        AzureAdClientCertificateCredentials credentials = credentials("cert");
        ClientCredential before = credentials.clientCredential(CredentialsLookup.global());
        SystemCredentialsProvider.getInstance().getCredentials().clear();
        addPkcs12(CredentialsScope.GLOBAL, "cert");
        assertNotEquals(before, credentials.clientCredential(CredentialsLookup.global()));
    }

    /** Counts how often the key store is read. */
    public static final class CountedCertificate extends CertificateCredentialsImpl {

        static final AtomicInteger READ = new AtomicInteger();

        CountedCertificate(String id) {
            super(CredentialsScope.GLOBAL, id, "", "secret", source(key));
        }

        @Override
        public synchronized KeyStore getKeyStore() {
            READ.incrementAndGet();
            return super.getKeyStore();
        }
    }

    @Test
    public void findsNoSystemScopeCertificate() throws Exception {
        addPkcs12(CredentialsScope.SYSTEM, "cert");
        AzureAdClientCertificateCredentials credentials = credentials("cert");
        AmsException e = assertConfigurationError(() -> credentials.clientCredential(CredentialsLookup.global()));
        assertThat(e.getMessage(), containsString("'cert'"));
        assertKind(ERROR, descriptor.doCheckCertificateId(null, submitted("cert")));
    }

    @Test
    public void validatesInput() throws Exception {
        addPkcs12(CredentialsScope.GLOBAL, "cert");
        assertKind(OK, descriptor.doCheckCertificateId(null, submitted("cert")));
        assertKind(ERROR, descriptor.doCheckCertificateId(null, submitted("nope")));
        assertKind(ERROR, descriptor.doCheckCertificateId(null, submitted("")));
    }

    @Test
    public void disclosesIdsOnlyWithPermission() throws Exception {
        addPkcs12(CredentialsScope.GLOBAL, "cert");
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
            assertKind(disclosed ? ERROR : OK, descriptor.doCheckCertificateId(item, submitted("nope")));
        });
    }

    private static void addPkcs12(CredentialsScope scope, String id) throws Exception {
        add(j.jenkins, new CertificateCredentialsImpl(scope, id, "", "secret", source(key)));
    }

    private static CertificateCredentialsImpl.KeyStoreSource source(TestKey key) {
        return new CertificateCredentialsImpl.UploadedKeyStoreSource(
                null, SecretBytes.fromRawBytes(key.pkcs12("secret")));
    }

    private static AzureAdClientCertificateCredentials find() {
        return find(AzureAdClientCertificateCredentials.class);
    }

    private static AzureAdClientCertificateCredentials credentials(String certificateId) {
        return new AzureAdClientCertificateCredentials(
                CredentialsScope.GLOBAL, "ams-ci", "the application", " " + TENANT + " ", CLIENT, certificateId);
    }

    private static X509Certificate read(AzureAdClientCertificateCredentials credentials) throws Exception {
        return TestTokens.read(credentials.clientCredential(CredentialsLookup.global()));
    }
}
