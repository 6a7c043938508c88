/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.emulator;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** Tests {@link EmulatorMain}. */
public class EmulatorMainTest {

    @Rule
    public TemporaryFolder folder = new TemporaryFolder();

    @Test
    public void keepsItsAddressAndItsCertificate() throws Exception {
        Path home = folder.getRoot().toPath().resolve("home");
        URI endpoint;
        SSLContext trust;
        try (Emulator emulator = EmulatorMain.start(home, 0)) {
            endpoint = emulator.endpoint();
            trust = trusting(EmulatorMain.trustStore(home), emulator.trustStorePassword());
            assertEquals(400, status(endpoint, trust));
        }
        try (Emulator emulator = EmulatorMain.start(home, 0)) {
            assertEquals(endpoint, emulator.endpoint());
            assertEquals(400, status(endpoint, trust));
        }
    }

    @Test
    public void trustsTheCasOfTheJdk() throws Exception {
        Path home = folder.getRoot().toPath();
        try (Emulator emulator = EmulatorMain.start(home, 0)) {
            KeyStore store = KeyStore.getInstance(
                    EmulatorMain.trustStore(home).toFile(),
                    emulator.trustStorePassword().toCharArray());
            assertTrue("" + store.size(), store.size() > 10);
        }
    }

    @Test
    public void printsWhatJenkinsNeeds() throws Exception {
        Path home = folder.getRoot().toPath();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (Emulator emulator = EmulatorMain.start(home, 0);
                PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8)) {
            EmulatorMain.print(emulator, home, out);
            String text = bytes.toString(StandardCharsets.UTF_8);
            for (String needed : new String[] {
                emulator.endpoint().toString(),
                emulator.authority().toString(),
                emulator.tenant(),
                emulator.clientId(),
                emulator.clientSecret(),
                emulator.scope(),
                emulator.live().ravnurKey(),
                emulator.live().mkIoToken(),
                LiveServices.SUBSCRIPTION,
                LiveServices.RESOURCE_GROUP,
                "-Djavax.net.ssl.trustStore=" + EmulatorMain.trustStore(home)
            }) {
                assertTrue(needed, text.contains(needed));
            }
            for (LiveApi api : LiveApi.values()) {
                assertTrue(api.toString(), text.contains(emulator.endpoint(api).toString()));
            }
        }
    }

    @Test
    public void deletesTheTrustStoreOfATestOnClose() throws Exception {
        Path trust;
        try (Emulator emulator = Emulator.start()) {
            trust = emulator.trustStore();
            assertEquals(400, status(emulator.endpoint(), trusting(trust, emulator.trustStorePassword())));
        }
        assertTrue(Files.notExists(trust));
    }

    private static SSLContext trusting(Path file, String password) throws Exception {
        TrustManagerFactory managers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        managers.init(KeyStore.getInstance(file.toFile(), password.toCharArray()));
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, managers.getTrustManagers(), null);
        return context;
    }

    private static int status(URI uri, SSLContext trust) throws Exception {
        HttpsURLConnection connection = (HttpsURLConnection) uri.toURL().openConnection();
        connection.setSSLSocketFactory(trust.getSocketFactory());
        connection.setConnectTimeout(10_000);
        connection.setReadTimeout(10_000);
        try {
            return ((HttpURLConnection) connection).getResponseCode();
        } finally {
            connection.disconnect();
        }
    }
}
