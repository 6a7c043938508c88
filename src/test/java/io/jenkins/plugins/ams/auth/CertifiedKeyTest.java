/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.auth;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNotEquals;
import static org.junit.Assert.assertSame;
import static org.junit.Assert.assertThrows;

import io.jenkins.plugins.ams.auth.AuthenticationException.Kind;
import io.jenkins.plugins.ams.testing.TestKey;
import java.security.KeyStore;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.BeforeClass;
import org.junit.Test;
import org.junit.function.ThrowingRunnable;

/** Tests which certificates and keys are accepted. */
public class CertifiedKeyTest {

    private static final char[] PASSWORD = "secret".toCharArray();

    private static TestKey key;
    private static TestKey other;
    private static TestKey ec;

    @BeforeClass
    public static void makeKeys() {
        key = TestKey.rsa("the application");
        other = TestKey.rsa("another");
        ec = TestKey.ec("a curve");
    }

    @Test
    public void readsTheKeyAndItsCertificates() throws Exception {
        CertifiedKey read = CertifiedKey.of(key.keyStore("secret", "a"), PASSWORD);
        assertEquals(key.key(), read.key());
        assertEquals(List.of(key.certificate()), read.chain());
    }

    @Test
    public void requiresTheMatchingPrivateKey() {
        TestKey mismatch = new TestKey(other.key(), key.certificate());
        assertInvalid("the private key does not match the certificate", mismatch.keyStore("secret", "a"), PASSWORD);
    }

    @Test
    public void reportsKeyStoreErrors() throws Exception {
        assertInvalid("the key store contains more than one private key", key.keyStore("secret", "a", "b"), PASSWORD);
        assertInvalid("the key store contains no private key", key.keyStore("secret"), PASSWORD);
        String unreadable = "the key store cannot be read; check its password";
        assertInvalid(unreadable, key.keyStore("secret", "a"), "wrong".toCharArray());
        KeyStore neverLoaded = KeyStore.getInstance("PKCS12");
        assertInvalid(unreadable, neverLoaded, new char[0]);
        assertInvalid(
                "Microsoft Entra ID accepts only RSA keys, and this key is of type EC",
                ec.keyStore("secret", "a"),
                PASSWORD);
    }

    @Test
    public void decryptsAKeyStoreAgainOnlyIfItWasReplaced() throws Exception {
        AtomicReference<KeyStore> store = new AtomicReference<>(key.keyStore("secret", "a"));
        AtomicReference<char[]> password = new AtomicReference<>(PASSWORD);
        ClientCertificate certificate =
                new ClientCertificate(this, store::get, () -> password.get().clone());
        CertifiedKey first = certificate.read();
        assertSame(first, certificate.read());
        store.set(other.keyStore("secret", "a"));
        assertEquals(List.of(other.certificate()), certificate.read().chain());
        password.set("wrong".toCharArray());
        AuthenticationException wrong = assertThrows(AuthenticationException.class, certificate::read);
        assertSame(
                "an unreadable store is not read again either",
                wrong,
                assertThrows(AuthenticationException.class, certificate::read));
        password.set(PASSWORD);
        assertEquals(List.of(other.certificate()), certificate.read().chain());
    }

    @Test
    public void readsAgainAfterTheStoreFailed() throws Exception {
        AtomicReference<KeyStore> store = new AtomicReference<>(key.keyStore("secret", "a"));
        ClientCertificate certificate = new ClientCertificate(
                this,
                () -> {
                    if (store.get() == null) {
                        throw new IllegalStateException("quotes the key");
                    }
                    return store.get();
                },
                PASSWORD::clone);
        KeyStore readable = store.getAndSet(null);
        AuthenticationException e = assertThrows(AuthenticationException.class, certificate::read);
        assertEquals("reading failed (IllegalStateException)", e.getMessage());
        store.set(readable);
        assertEquals(List.of(key.certificate()), certificate.read().chain());
    }

    @Test
    public void onlyTheSameObjectIsTheSameCredential() {
        KeyStore store = key.keyStore("secret", "a");
        String source = "credentials";
        ClientCertificate one = new ClientCertificate(source, () -> store, PASSWORD::clone);
        assertEquals(one, new ClientCertificate(source, () -> store, PASSWORD::clone));
        assertNotEquals(one, new ClientCertificate(new String(source), () -> store, PASSWORD::clone));
    }

    @Test
    public void reportsAnExpiredCertificate() throws Exception {
        CertifiedKey certified = CertifiedKey.of(key.keyStore("secret", "a"), PASSWORD);
        Instant expiry = key.certificate().getNotAfter().toInstant();
        certified.checkExpiry(expiry);
        AuthenticationException e =
                assertThrows(AuthenticationException.class, () -> certified.checkExpiry(expiry.plusSeconds(1)));
        assertEquals(Kind.EXPIRED_CERTIFICATE, e.kind());
    }

    private static void assertInvalid(String problem, KeyStore store, char[] password) {
        ThrowingRunnable reading = () -> CertifiedKey.of(store, password);
        AuthenticationException e = assertThrows(AuthenticationException.class, reading);
        assertEquals(problem, e.getMessage());
        assertEquals(Kind.BAD_CERTIFICATE, e.kind());
        assertFalse(e.isTransient());
        assertEquals("the message of a cause may quote the key", null, e.getCause());
    }
}
