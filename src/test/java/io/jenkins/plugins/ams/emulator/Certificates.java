/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.emulator;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;

/**
 * A self-signed certificate for {@code localhost} and {@code 127.0.0.1}. The JDK has no public API for creating
 * certificates, so its keytool is used. That takes a second, so all emulators in a JVM share one certificate.
 */
final class Certificates {

    static final String PASSWORD = "emulator";

    private static final String ALIAS = "ams-emulator";

    private static Certificates shared;

    private final KeyStore keys;
    private final KeyStore trust;
    private final SSLContext serverContext;
    private final SSLContext clientContext;

    private Certificates(KeyStore keys) throws GeneralSecurityException, IOException {
        this.keys = keys;
        this.trust = KeyStore.getInstance("PKCS12");
        trust.load(null, null);
        trust.setCertificateEntry(ALIAS, certificate());
        this.serverContext = context(keys, trust);
        this.clientContext = context(null, trust);
    }

    /** Returns the certificate that emulators in this JVM share. */
    static synchronized Certificates shared() {
        if (shared == null) {
            try {
                Path directory = Files.createTempDirectory("ams-emulator");
                Path file = directory.resolve("keys.p12");
                try {
                    shared = create(file);
                } finally {
                    Files.deleteIfExists(file);
                    Files.delete(directory);
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return shared;
    }

    /** Loads the certificate from a file, which is created if it does not exist. */
    static Certificates loadOrCreate(Path file) throws IOException {
        return Files.exists(file) ? read(file) : create(file);
    }

    private static Certificates create(Path file) throws IOException {
        List<String> command = List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-J-XX:TieredStopAtLevel=1", // keytool ends before optimized code pays off
                "-genkeypair",
                "-alias",
                ALIAS,
                "-keyalg",
                "EC",
                "-groupname",
                "secp256r1",
                "-dname",
                "CN=localhost, O=AMS emulator",
                "-ext",
                "san=dns:localhost,ip:127.0.0.1",
                "-validity",
                "3650",
                "-storetype",
                "PKCS12",
                "-storepass",
                PASSWORD,
                "-keystore",
                file.toString());
        Process keytool = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output;
        int code;
        try {
            output = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            code = keytool.waitFor();
        } catch (InterruptedException e) {
            keytool.destroyForcibly();
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while keytool created a certificate", e);
        }
        if (code != 0) {
            throw new IOException("keytool failed with exit code " + code + ": " + output);
        }
        return read(file);
    }

    private static Certificates read(Path file) throws IOException {
        try {
            KeyStore keys = KeyStore.getInstance("PKCS12");
            keys.load(new ByteArrayInputStream(Files.readAllBytes(file)), PASSWORD.toCharArray());
            return new Certificates(keys);
        } catch (GeneralSecurityException e) {
            throw new IOException("cannot read the key store " + file, e);
        }
    }

    private Certificate certificate() throws GeneralSecurityException {
        return keys.getCertificate(ALIAS);
    }

    /** Returns the SSL context of the server, with the certificate's private key. */
    SSLContext serverContext() {
        return serverContext;
    }

    /** Returns the SSL context of a client that trusts only the emulator. */
    SSLContext clientContext() {
        return clientContext;
    }

    /** Decrypting the private key takes many milliseconds, so emulators with the same certificate share the context. */
    private static SSLContext context(KeyStore keys, KeyStore trust) throws GeneralSecurityException {
        KeyManagerFactory keyManagers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keyManagers.init(keys, PASSWORD.toCharArray());
        TrustManagerFactory trustManagers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trustManagers.init(trust);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keyManagers.getKeyManagers(), trustManagers.getTrustManagers(), null);
        return context;
    }

    /** Writes a trust store that contains only the emulator's certificate. */
    void writeTrustStore(Path file) throws IOException {
        write(trust, file);
    }

    /**
     * Writes a trust store that also contains the CAs of the JDK. {@code -Djavax.net.ssl.trustStore} replaces the
     * default trust store, and a controller that trusts only the emulator cannot reach its update site.
     */
    void writeTrustStoreWithPublicAuthorities(Path file) throws IOException {
        try {
            KeyStore both = KeyStore.getInstance("PKCS12");
            both.load(null, null);
            both.setCertificateEntry(ALIAS, certificate());
            TrustManagerFactory managers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            managers.init((KeyStore) null);
            X509TrustManager jdkTrustManager = (X509TrustManager) managers.getTrustManagers()[0];
            int number = 0;
            for (Certificate ca : jdkTrustManager.getAcceptedIssuers()) {
                both.setCertificateEntry("authority-" + number++, ca);
            }
            write(both, file);
        } catch (GeneralSecurityException e) {
            throw new IOException("cannot read the CAs of this JDK", e);
        }
    }

    /** Writes the certificate as PEM, for curl's option {@code --cacert} and variable {@code CURL_CA_BUNDLE}. */
    void writePem(Path file) throws IOException {
        try {
            String base64 = Base64.getMimeEncoder(64, new byte[] {'\n'})
                    .encodeToString(certificate().getEncoded());
            Files.writeString(file, "-----BEGIN CERTIFICATE-----\n" + base64 + "\n-----END CERTIFICATE-----\n");
        } catch (GeneralSecurityException e) {
            throw new IOException("cannot write the certificate " + file, e);
        }
    }

    private static void write(KeyStore store, Path file) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            store.store(bytes, PASSWORD.toCharArray());
        } catch (GeneralSecurityException e) {
            throw new IOException("cannot write the trust store " + file, e);
        }
        try (OutputStream out = Files.newOutputStream(file)) {
            bytes.writeTo(out);
        }
    }
}
