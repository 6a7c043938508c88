/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.emulator;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
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
        Path home = folder.newFolder("with spaces and an apostrophe'").toPath();
        List<String> lines = new ArrayList<>();
        try (Emulator emulator = EmulatorMain.start(home, 0)) {
            EmulatorMain.print(emulator, home, lines::add);
            String text = String.join("\n", lines);
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
                "-Djavax.net.ssl.trustStore='"
                        + EmulatorMain.trustStore(home).toString().replace("'", "'\\''") + "'",
                "'" + EmulatorMain.certificate(home).toString().replace("'", "'\\''") + "' (for curl"
            }) {
                assertTrue(needed, text.contains(needed));
            }
            for (LiveApi api : LiveApi.values()) {
                assertTrue(api.toString(), text.contains(emulator.endpoint(api).toString()));
            }
        }
    }

    @Test
    public void doesNotSilentlyChangeItsPort() throws Exception {
        Path home = folder.getRoot().toPath();
        int port;
        try (Emulator first = EmulatorMain.start(home, 0)) {
            port = first.endpoint().getPort();
            IOException e = assertThrows(IOException.class, () -> EmulatorMain.start(home, 0));
            assertTrue(e.getMessage(), e.getMessage().startsWith("port " + port + " of the previous run is in use"));
            assertTrue(e.getMessage(), e.getMessage().contains("-Dams.port"));
        }
        try (Emulator second = EmulatorMain.start(home, 0)) {
            assertEquals(port, second.endpoint().getPort());
        }
    }

    @Test
    public void rejectsAPortThatIsNone() throws Exception {
        for (String port : new String[] {"", "x", "-1", "0", "65536", "9443 "}) {
            IllegalArgumentException e =
                    assertThrows(port, IllegalArgumentException.class, () -> EmulatorMain.port(port));
            assertEquals("ams.port must be a number from 1 to 65535, not '" + port + "'", e.getMessage());
        }
        assertEquals(9443, EmulatorMain.port("9443"));
        Path home = folder.getRoot().toPath();
        Files.writeString(home.resolve("emulator.properties"), "port=x");
        IOException e = assertThrows(IOException.class, () -> EmulatorMain.start(home, 0));
        assertTrue(e.getMessage(), e.getMessage().contains("delete " + home.resolve("emulator.properties")));
    }

    @Test
    public void writesTheCertificateForCurl() throws Exception {
        Path home = folder.getRoot().toPath();
        try (Emulator emulator = EmulatorMain.start(home, 0);
                InputStream pem = Files.newInputStream(EmulatorMain.certificate(home))) {
            X509Certificate certificate =
                    (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(pem);
            assertEquals(
                    KeyStore.getInstance(
                                    EmulatorMain.trustStore(home).toFile(),
                                    emulator.trustStorePassword().toCharArray())
                            .getCertificate("ams-emulator"),
                    certificate);
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
