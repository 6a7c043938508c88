/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.emulator;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.BindException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Properties;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Runs the emulator in the foreground until it is interrupted, for manual tests with a Jenkins controller. These system
 * properties are optional, and others that begin with {@code ams.} are rejected:
 *
 * <ul>
 *   <li>{@code ams.home}: the directory that keeps the certificate, the trust store and the port, so that the
 *       configuration of Jenkins remains valid; {@code target/central/emulator} by default
 *   <li>{@code ams.port}: the port; by default the port of the previous run, or a free one at the first run
 *   <li>{@code ams.tenant}, {@code ams.clientId}, {@code ams.clientSecret}: the application in Microsoft Entra ID
 * </ul>
 */
public final class EmulatorMain {

    private static final Set<String> PROPERTIES =
            Set.of("ams.home", "ams.port", "ams.tenant", "ams.clientId", "ams.clientSecret");
    private static final int MAX_PORT = 65535;

    private EmulatorMain() {}

    /** Runs until the process or the thread is interrupted. */
    public static void main(String[] arguments) throws IOException {
        Path home;
        Emulator emulator;
        try {
            CommandLine.requireKnown(System.getProperties(), PROPERTIES);
            home = Path.of(System.getProperty("ams.home", "target/central/emulator"));
            emulator = start(home, port(System.getProperty("ams.port")));
        } catch (IllegalArgumentException | IOException e) {
            CommandLine.err().accept("ERROR: The emulator has not been started: " + e.getMessage());
            System.exit(1);
            return;
        }
        try (emulator) {
            print(emulator, home, CommandLine.out());
            Thread.currentThread().join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Parses the port, which is 0 if the property is not set. */
    static int port(String property) {
        if (property == null) {
            return 0;
        }
        if (!property.matches("\\d{1,5}") || Integer.parseInt(property) > MAX_PORT || Integer.parseInt(property) == 0) {
            throw new IllegalArgumentException(
                    "ams.port must be a number from 1 to " + MAX_PORT + ", not '" + property + "'");
        }
        return Integer.parseInt(property);
    }

    /**
     * Starts an emulator that keeps its files in a directory.
     *
     * @param port the port, or 0 for the port of the previous run, or at the first run any free port
     * @throws IOException if the port is in use, among other reasons
     */
    static Emulator start(Path home, int port) throws IOException {
        Files.createDirectories(home);
        Path file = home.resolve("emulator.properties");
        int requestedPort = port != 0 ? port : previousPort(file);
        Certificates certificates = Certificates.loadOrCreate(home.resolve("keys.p12"));
        certificates.writeTrustStoreWithPublicAuthorities(trustStore(home));
        certificates.writePem(certificate(home));
        Emulator emulator;
        try {
            emulator = start(requestedPort, certificates);
        } catch (BindException e) {
            throw new IOException(
                    "port " + requestedPort + (port == 0 ? " of the previous run" : "")
                            + " is in use; end the program that uses it, or choose another port with -Dams.port",
                    e);
        }
        Properties properties = new Properties();
        properties.setProperty("port", Integer.toString(emulator.endpoint().getPort()));
        try (OutputStream out = Files.newOutputStream(file)) {
            properties.store(out, "The port of the previous run");
        }
        return emulator;
    }

    private static int previousPort(Path file) throws IOException {
        if (Files.notExists(file)) {
            return 0;
        }
        Properties properties = new Properties();
        try (InputStream in = Files.newInputStream(file)) {
            properties.load(in);
        }
        try {
            return port(properties.getProperty("port"));
        } catch (IllegalArgumentException e) {
            throw new IOException("cannot read the port of the previous run; delete " + file, e);
        }
    }

    private static Emulator start(int port, Certificates certificates) throws IOException {
        Clock clock = Clock.systemUTC();
        AzureAd azureAd = new AzureAd(
                clock,
                System.getProperty("ams.tenant", Emulator.TENANT),
                System.getProperty("ams.clientId", Emulator.CLIENT_ID),
                System.getProperty("ams.clientSecret", "emulator-secret"));
        return new Emulator(clock, port, certificates, azureAd);
    }

    static Path trustStore(Path home) {
        return home.resolve("trust.p12");
    }

    static Path certificate(Path home) {
        return home.resolve("certificate.pem");
    }

    static void print(Emulator emulator, Path home, Consumer<String> out) {
        String control = emulator.authority() + "/emulator";
        String trust = CommandLine.quoted(trustStore(home).toAbsolutePath().normalize());
        String certificate =
                CommandLine.quoted(certificate(home).toAbsolutePath().normalize());
        String text = """
                Emulator of Azure Media Services v2, APIs like AMS v3, and Microsoft Entra ID. Press Ctrl+C to stop it.
                Everything is emulated on this machine, and nothing leaves it.

                  REST API endpoint   %s
                  Token authority     %s
                  Tenant ID           %s
                  Client ID           %s
                  Client secret       %s
                  Scope               %s
                  Trust store         %s (PKCS12, password %s)
                  Certificate         %s (for curl: CURL_CA_BUNDLE)

                  Resource Manager    %s
                  Ravnur              %s (API key %s)
                  MK.IO               %s (token %s, project %s)
                  MK.IO (former)      %s (the same token, subscription %s)
                  Resource Manager and Ravnur: subscription %s, resource group %s, account %s

                Start Jenkins with (the trust store contains the public CAs as well):

                  java -Djavax.net.ssl.trustStore=%s -Djavax.net.ssl.trustStorePassword=%s -jar jenkins.war

                Script a job that finishes, one that ends in Error, and one that is canceled (times in seconds):

                  curl -sk %s/jobs -d '{"name": "Encoding BigBuckBunny", "queued": 10, "scheduled": 5, "tasks": [{"name": "Encode", "seconds": 60}, {"name": "Thumbnails", "seconds": 20}]}'
                  curl -sk %s/jobs -d '{"name": "Broken preset", "tasks": [{"name": "Encode", "seconds": 30}], "ends": "error", "code": "ErrorParsingConfiguration", "message": "The preset is not valid."}'
                  curl -sk %s/jobs -d '{"name": "Abandoned", "tasks": [{"name": "Encode", "seconds": 30}], "ends": "canceled", "canceling": 5}'

                Jobs can also be submitted as to the real services: see docs/recipes.md.

                Inject errors, and clear them:

                  curl -sk %s/faults -d '{"status": 503, "retryAfter": 8, "kinds": ["JOBS"], "times": 3}'
                  curl -sk %s/faults -d '{"fault": "reset", "probability": 0.2, "seed": 1}'
                  curl -sk -X DELETE %s/faults

                Control a job and the authority, and list jobs and requests:

                  curl -sk %s/jobs/<id>/state -d '{"state": "Finished"}'
                  curl -sk %s/azure-ad -d '{"error": "EXPIRED_SECRET"}'
                  curl -sk %s/jobs
                  curl -sk %s/requests
                """.formatted(
                        emulator.endpoint(),
                        emulator.authority(),
                        emulator.tenant(),
                        emulator.clientId(),
                        emulator.clientSecret(),
                        emulator.scope(),
                        trust,
                        emulator.trustStorePassword(),
                        certificate,
                        emulator.endpoint(LiveApi.RESOURCE_MANAGER),
                        emulator.endpoint(LiveApi.RAVNUR),
                        emulator.live().ravnurKey(),
                        emulator.endpoint(LiveApi.MK_IO),
                        emulator.live().mkIoToken(),
                        LiveServices.PROJECT,
                        emulator.endpoint(LiveApi.MK_IO_BEFORE),
                        LiveServices.PROJECT,
                        LiveServices.SUBSCRIPTION,
                        LiveServices.RESOURCE_GROUP,
                        LiveServices.ACCOUNT,
                        trust,
                        emulator.trustStorePassword(),
                        control,
                        control,
                        control,
                        control,
                        control,
                        control,
                        control,
                        control,
                        control,
                        control);
        text.lines().forEach(out);
    }
}
