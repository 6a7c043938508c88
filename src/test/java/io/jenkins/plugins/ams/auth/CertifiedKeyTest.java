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
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import javax.crypto.Cipher;
import javax.crypto.EncryptedPrivateKeyInfo;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.PBEParameterSpec;
import org.junit.BeforeClass;
import org.junit.Test;
import org.junit.function.ThrowingRunnable;

/** Tests which certificates and keys are accepted. */
public class CertifiedKeyTest {

    private static final char[] NO_PASSWORD = new char[0];
    private static final char[] PASSWORD = "correct horse".toCharArray();

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
    public void readsEveryFormatOfACertificate() throws Exception {
        CertifiedKey expected = new CertifiedKey(key.key(), List.of(key.certificate()));
        byte[] pkcs8 = key.key().getEncoded();
        // PrivateKeyInfo of a 2048-bit RSA key: 26 bytes, then the RSAPrivateKey
        byte[] pkcs1 = Arrays.copyOfRange(pkcs8, 26, pkcs8.length);
        assertEquals(expected, Pem.certificate(key.pem(), NO_PASSWORD));
        assertEquals(expected, Pem.certificate(key.pem().replace("\n", "\r\n"), NO_PASSWORD));
        assertEquals(
                expected,
                Pem.certificate(
                        "Bag Attributes\n" + key.certificatePem()
                                + key.pem().substring(0, key.pem().indexOf("-----BEGIN CERT")),
                        NO_PASSWORD));
        assertEquals(
                expected, Pem.certificate(TestKey.pem("RSA PRIVATE KEY", pkcs1) + key.certificatePem(), NO_PASSWORD));
        for (String cipher : List.of("PBEWithHmacSHA256AndAES_256", "PBEWithSHA1AndDESede")) {
            assertEquals(
                    cipher,
                    expected,
                    Pem.certificate(
                            TestKey.pem("ENCRYPTED PRIVATE KEY", encrypted(cipher)) + key.certificatePem(), PASSWORD));
        }
        assertEquals(expected, KeyStores.pkcs12(key.pkcs12("secret"), "secret".toCharArray()));
        assertEquals(expected, KeyStores.certificate(key.keyStore("secret", "a"), "secret".toCharArray()));
    }

    @Test
    public void anotherCertificateIsAnotherCredential() throws Exception {
        CertifiedKey one = Pem.certificate(key.pem(), NO_PASSWORD);
        CertifiedKey two = Pem.certificate(other.pem(), NO_PASSWORD);
        CertifiedKey longer = Pem.certificate(key.pem() + other.certificatePem(), NO_PASSWORD);
        assertNotEquals(one, two);
        assertNotEquals(one, longer);
        assertEquals(one.hashCode(), Pem.certificate(key.pem(), NO_PASSWORD).hashCode());
    }

    @Test
    public void requiresTheMatchingPrivateKey() {
        String foreign = TestKey.pem("PRIVATE KEY", other.key().getEncoded()) + key.certificatePem();
        assertInvalid("the private key does not match the certificate", () -> Pem.certificate(foreign, NO_PASSWORD));
        assertInvalid("there is no part 'PRIVATE KEY'", () -> Pem.certificate(key.certificatePem(), NO_PASSWORD));
    }

    @Test
    public void reportsPemErrors() throws Exception {
        String half = key.pem().substring(0, 200);
        String broken = TestKey.pem("PRIVATE KEY", new byte[] {1, 2, 3}) + key.certificatePem();
        String noCertificate = TestKey.pem("PRIVATE KEY", key.key().getEncoded());
        String brokenCertificate = noCertificate + TestKey.pem("CERTIFICATE", new byte[] {1, 2, 3});
        String encrypted =
                TestKey.pem("ENCRYPTED PRIVATE KEY", encrypted("PBEWithHmacSHA256AndAES_256")) + key.certificatePem();
        Map.of(
                        "",
                        "there is no part 'PRIVATE KEY'",
                        half,
                        "there is no part 'PRIVATE KEY'",
                        broken,
                        "the part 'PRIVATE KEY' cannot be read",
                        noCertificate,
                        "there is no certificate",
                        brokenCertificate,
                        "the part 'CERTIFICATE' cannot be read",
                        key.pem() + other.pem(),
                        "there is more than one private key",
                        encrypted,
                        "the part 'ENCRYPTED PRIVATE KEY' cannot be read; is the password right, and the cipher AES?",
                        TestKey.pem("EC PRIVATE KEY", new byte[1]),
                        "Azure AD takes RSA keys alone, and there is one in 'EC PRIVATE KEY'")
                .forEach((text, message) -> assertInvalid(message, () -> Pem.certificate(text, "wrong".toCharArray())));
    }

    @Test
    public void reportsKeyStoreErrors() throws Exception {
        assertInvalid(
                "this is no PKCS#12 file, or its password is wrong",
                () -> KeyStores.pkcs12(key.pkcs12("secret"), "wrong".toCharArray()));
        assertInvalid(
                "this is no PKCS#12 file, or its password is wrong", () -> KeyStores.pkcs12(new byte[0], NO_PASSWORD));
        assertInvalid(
                "the key store holds more than one private key",
                () -> KeyStores.certificate(key.keyStore("secret", "a", "b"), "secret".toCharArray()));
        assertInvalid(
                "the key store holds no private key",
                () -> KeyStores.certificate(key.keyStore("secret"), "secret".toCharArray()));
        assertInvalid(
                "the key store cannot be read; is its password right?",
                () -> KeyStores.certificate(key.keyStore("secret", "a"), "wrong".toCharArray()));
        KeyStore neverLoaded = KeyStore.getInstance("PKCS12");
        assertInvalid(
                "the key store cannot be read; is its password right?",
                () -> KeyStores.certificate(neverLoaded, NO_PASSWORD));
        assertInvalid(
                "Microsoft Entra ID accepts only RSA keys, and this key is of type EC",
                () -> KeyStores.certificate(ec.keyStore("secret", "a"), "secret".toCharArray()));
    }

    @Test
    public void decryptsAKeyStoreAgainOnlyIfItWasReplaced() throws Exception {
        AtomicReference<KeyStore> store = new AtomicReference<>(key.keyStore("secret", "a"));
        AtomicReference<char[]> password = new AtomicReference<>("secret".toCharArray());
        ClientCertificate.Reader reader =
                KeyStores.reader(store::get, () -> password.get().clone());
        CertifiedKey first = reader.read();
        assertSame(first, reader.read());
        store.set(other.keyStore("secret", "a"));
        CertifiedKey second = reader.read();
        assertNotEquals(first, second);
        password.set("wrong".toCharArray());
        AuthenticationException wrong = assertThrows(AuthenticationException.class, reader::read);
        assertSame("failures are cached too", wrong, assertThrows(AuthenticationException.class, reader::read));
        password.set("secret".toCharArray());
        assertEquals(second, reader.read());
    }

    @Test
    public void rejectsPemWithExcessiveIterations() throws Exception {
        String text = TestKey.pem("ENCRYPTED PRIVATE KEY", withIterations(2_000_000_000)) + key.certificatePem();
        assertInvalid(
                "its encryption takes 2000000000 iterations; 5000000 are the limit",
                () -> Pem.certificate(text, PASSWORD));
    }

    @Test
    public void reportsAnExpiredCertificate() throws Exception {
        CertifiedKey certified = Pem.certificate(key.pem(), NO_PASSWORD);
        Instant end = key.certificate().getNotAfter().toInstant();
        certified.checkExpiry(end);
        AuthenticationException e =
                assertThrows(AuthenticationException.class, () -> certified.checkExpiry(end.plusSeconds(1)));
        assertEquals(Kind.EXPIRED_CERTIFICATE, e.kind());
    }

    /** Returns an encrypted key whose parameters specify the number of iterations for its decryption. */
    private static byte[] withIterations(int iterations) throws GeneralSecurityException, IOException {
        AlgorithmParameters parameters = AlgorithmParameters.getInstance("PBEWithSHA1AndDESede");
        parameters.init(new PBEParameterSpec(new byte[8], iterations));
        return new EncryptedPrivateKeyInfo(parameters, new byte[64]).getEncoded();
    }

    private static void assertInvalid(String message, ThrowingRunnable reading) {
        AuthenticationException e = assertThrows(AuthenticationException.class, reading);
        assertEquals(message, e.getMessage());
        assertEquals(Kind.BAD_CERTIFICATE, e.kind());
        assertFalse(e.isTransient());
        assertEquals("the message of a cause may quote the key", null, e.getCause());
    }

    private static byte[] encrypted(String algorithm) throws GeneralSecurityException, IOException {
        PBEParameterSpec salt = algorithm.contains("AES")
                ? new PBEParameterSpec(new byte[8], 1000, new IvParameterSpec(new byte[16]))
                : new PBEParameterSpec(new byte[8], 1000);
        Cipher cipher = Cipher.getInstance(algorithm);
        cipher.init(
                Cipher.ENCRYPT_MODE,
                SecretKeyFactory.getInstance(algorithm).generateSecret(new PBEKeySpec(PASSWORD)),
                salt);
        byte[] content = cipher.doFinal(key.key().getEncoded());
        if (!algorithm.contains("AES")) {
            return new EncryptedPrivateKeyInfo(cipher.getParameters(), content).getEncoded();
        }
        // the JDK can read PBES2 (RFC 8018), but cannot write it
        byte[] pbes2 = {6, 9, 0x2a, (byte) 0x86, 0x48, (byte) 0x86, (byte) 0xf7, 13, 1, 5, 13};
        return der(0x30, der(0x30, pbes2, cipher.getParameters().getEncoded()), der(4, content));
    }

    private static byte[] der(int tag, byte[]... parts) {
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            content.writeBytes(part);
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(tag);
        out.write(0x82);
        out.write(content.size() >> 8);
        out.write(content.size());
        out.writeBytes(content.toByteArray());
        return out.toByteArray();
    }
}
