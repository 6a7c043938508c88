/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.credentials;

import static org.junit.Assert.assertEquals;

import com.cloudbees.plugins.credentials.CredentialsMatchers;
import com.cloudbees.plugins.credentials.CredentialsProvider;
import com.cloudbees.plugins.credentials.CredentialsScope;
import com.cloudbees.plugins.credentials.SecretBytes;
import com.cloudbees.plugins.credentials.domains.Domain;
import com.cloudbees.plugins.credentials.impl.CertificateCredentialsImpl;
import hudson.security.ACL;
import io.jenkins.plugins.ams.auth.ApplicationIdentity;
import io.jenkins.plugins.ams.auth.Identity;
import io.jenkins.plugins.ams.auth.ManagedIdentity.IdType;
import io.jenkins.plugins.ams.auth.TestTokens;
import io.jenkins.plugins.ams.auth.TokenAudience;
import io.jenkins.plugins.ams.testing.TestKey;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import jenkins.model.Jenkins;
import org.junit.Rule;
import org.junit.Test;
import org.jvnet.hudson.test.JenkinsSessionRule;
import org.jvnet.hudson.test.MockAuthorizationStrategy;

/** Tests that the permission checks of credentials do not prevent a secured Jenkins from loading them. */
public class CredentialsAfterRestartJenkinsTest {

    private static final TokenAudience AUDIENCE =
            new TokenAudience(URI.create("https://login.example"), true, "https://rest.media.azure.net");
    private static final String CLIENT = "7c8d1b2e-0000-4000-8000-00805f9b34fb";

    @Rule
    public JenkinsSessionRule sessions = new JenkinsSessionRule();

    @Test
    public void everyTypeSurvivesARestart() throws Throwable {
        TestKey key = TestKey.rsa("the application");
        List<Identity> before = new ArrayList<>();
        sessions.then(j -> {
            j.jenkins.setSecurityRealm(j.createDummySecurityRealm());
            j.jenkins.setAuthorizationStrategy(new MockAuthorizationStrategy()
                    .grant(Jenkins.READ)
                    .everywhere()
                    .to("reader"));
            var certificate = new AzureAdClientCertificateCredentials(
                    CredentialsScope.GLOBAL, "certificate", "", "contoso.onmicrosoft.com", CLIENT, "cert");
            var federated = new AzureAdWorkloadIdentityCredentials(
                    CredentialsScope.GLOBAL, "federated", "", "contoso.onmicrosoft.com", CLIENT);
            federated.setTokenFile("/run/token");
            var managed =
                    new AzureAdManagedIdentityCredentials(CredentialsScope.GLOBAL, "managed", "", IdType.CLIENT_ID);
            managed.setIdentityId(CLIENT);
            var store = CredentialsProvider.lookupStores(j.jenkins).iterator().next();
            store.addCredentials(
                    Domain.global(),
                    new CertificateCredentialsImpl(
                            CredentialsScope.GLOBAL,
                            "cert",
                            "",
                            "secret",
                            new CertificateCredentialsImpl.UploadedKeyStoreSource(
                                    null, SecretBytes.fromRawBytes(key.pkcs12("secret")))));
            for (AzureAdCredentials credentials : List.of(certificate, federated, managed)) {
                store.addCredentials(Domain.global(), credentials);
                before.add(credentials.identity(AUDIENCE, CredentialsLookup.global()));
            }
        });
        sessions.then(j -> {
            List<Identity> after = new ArrayList<>();
            for (String id : List.of("certificate", "federated", "managed")) {
                after.add(CredentialsMatchers.firstOrNull(
                                CredentialsProvider.lookupCredentialsInItemGroup(
                                        AzureAdCredentials.class, j.jenkins, ACL.SYSTEM2, List.of()),
                                CredentialsMatchers.withId(id))
                        .identity(AUDIENCE, CredentialsLookup.global()));
            }
            assertEquals(before.toString(), after.toString());
            assertEquals(key.certificate(), TestTokens.read(((ApplicationIdentity) after.get(0)).credential()));
            assertEquals(before.get(2), after.get(2));
        });
    }
}
