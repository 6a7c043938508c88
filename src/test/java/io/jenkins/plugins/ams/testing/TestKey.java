/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.testing;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A private key with a self-signed certificate. The JDK has no public API for creating certificates, so its keytool is
 * used. That takes a second, so tests share keys.
 *
 * @param key the private key
 * @param certificate the certificate of the key
 */
public record TestKey(PrivateKey key, X509Certificate certificate) {

    private static final String ALIAS = "test";
    private static final String PASSWORD = "test-only";
    private static final Map<String, TestKey> RSA = new ConcurrentHashMap<>();
    private static final Map<String, TestKey> EC = new ConcurrentHashMap<>();

    /** Returns the RSA key of 2048 bits that all tests in this JVM share under a name. */
    public static TestKey rsa(String name) {
        return RSA.computeIfAbsent(name, key -> create(key, "-keyalg", "RSA", "-keysize", "2048"));
    }

    /**
     * Returns the elliptic-curve key that all tests in this JVM share under a name. Microsoft Entra ID does not accept
     * such keys.
     */
    public static TestKey ec(String name) {
        return EC.computeIfAbsent(name, key -> create(key, "-keyalg", "EC", "-groupname", "secp256r1"));
    }

    /** Returns the key and certificate in PEM format. */
    public String pem() {
        return pem("PRIVATE KEY", key.getEncoded()) + certificatePem();
    }

    /** Returns only the certificate in PEM format. */
    public String certificatePem() {
        try {
            return pem("CERTIFICATE", certificate.getEncoded());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Returns a part of a PEM text. */
    public static String pem(String label, byte[] content) {
        String base64 = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content);
        return "-----BEGIN " + label + "-----\n" + base64 + "\n-----END " + label + "-----\n";
    }

    /** Returns a key store with the key under each of the given aliases. */
    public KeyStore keyStore(String password, String... aliases) {
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            for (String alias : aliases) {
                store.setKeyEntry(alias, key, password.toCharArray(), new Certificate[] {certificate});
            }
            return store;
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Returns the key and certificate as a PKCS #12 file. */
    public byte[] pkcs12(String password) {
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        try {
            keyStore(password, ALIAS).store(file, password.toCharArray());
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException(e);
        }
        return file.toByteArray();
    }

    /** Returns a JWT with the given claims, signed with RS256. */
    public String jwt(String claims) {
        String text = base64("{\"alg\":\"RS256\",\"typ\":\"JWT\"}".getBytes(StandardCharsets.UTF_8)) + "."
                + base64(claims.getBytes(StandardCharsets.UTF_8));
        try {
            Signature signature = Signature.getInstance("SHA256withRSA");
            signature.initSign(key);
            signature.update(text.getBytes(StandardCharsets.US_ASCII));
            return text + "." + base64(signature.sign());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Omits the key, because tests check that it is not disclosed. */
    @Override
    public String toString() {
        return "TestKey[" + certificate.getSubjectX500Principal() + "]";
    }

    private static String base64(byte[] content) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(content);
    }

    private static TestKey create(String name, String... algorithm) {
        try {
            Path directory = Files.createTempDirectory("ams-test-key");
            Path file = directory.resolve("key.p12");
            try {
                keytool(file, name, algorithm);
                KeyStore store = KeyStore.getInstance("PKCS12");
                try (InputStream in = Files.newInputStream(file)) {
                    store.load(in, PASSWORD.toCharArray());
                }
                return new TestKey((PrivateKey) store.getKey(ALIAS, PASSWORD.toCharArray()), (X509Certificate)
                        store.getCertificate(ALIAS));
            } finally {
                Files.deleteIfExists(file);
                Files.delete(directory);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void keytool(Path file, String name, String... algorithm) throws IOException {
        ProcessBuilder command = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(), "-genkeypair");
        command.command().add("-J-XX:TieredStopAtLevel=1"); // keytool ends before optimized code pays off
        command.command().addAll(List.of(algorithm));
        command.command().addAll(List.of("-alias", ALIAS, "-dname", "CN=" + name, "-validity", "30"));
        command.command().addAll(List.of("-storetype", "PKCS12", "-storepass", PASSWORD, "-keystore", file.toString()));
        Process keytool = command.redirectErrorStream(true).start();
        try {
            String output = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (keytool.waitFor() != 0) {
                throw new IOException("keytool failed: " + output);
            }
        } catch (InterruptedException e) {
            keytool.destroyForcibly();
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while keytool created a key", e);
        }
    }
}
