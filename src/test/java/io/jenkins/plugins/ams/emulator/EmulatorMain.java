/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.emulator;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.BindException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Properties;

/**
 * Runs the emulator in the foreground until it is interrupted, for manual tests with a Jenkins controller. These system
 * properties are optional:
 *
 * <ul>
 *   <li>{@code ams.home}: the directory that keeps the certificate, the trust store and the port, so that the
 *       configuration of Jenkins remains valid; {@code target/central/emulator} by default
 *   <li>{@code ams.port}: the port; by default or if it is 0, the port of the previous run
 *   <li>{@code ams.tenant}, {@code ams.clientId}, {@code ams.clientSecret}: the application in Microsoft Entra ID
 * </ul>
 */
public final class EmulatorMain {

    private EmulatorMain() {}

    /** Runs until the process or the thread is interrupted. */
    public static void main(String[] arguments) throws IOException {
        Path home = Path.of(System.getProperty("ams.home", "target/central/emulator"));
        try (Emulator emulator = start(home, Integer.getInteger("ams.port", 0))) {
            print(emulator, home, System.out);
            Thread.currentThread().join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** @param port the port, or 0 for the port of the previous run or, if that is in use, any free port */
    static Emulator start(Path home, int port) throws IOException {
        Files.createDirectories(home);
        Path file = home.resolve("emulator.properties");
        Properties properties = new Properties();
        if (Files.exists(file)) {
            try (InputStream in = Files.newInputStream(file)) {
                properties.load(in);
            }
        }
        Certificates certificates = Certificates.loadOrCreate(home.resolve("keys.p12"));
        certificates.writeTrustStoreWithPublicAuthorities(trustStore(home));
        Emulator emulator;
        int requestedPort = port != 0 ? port : Integer.parseInt(properties.getProperty("port", "0"));
        try {
            emulator = start(requestedPort, certificates);
        } catch (BindException e) {
            if (port != 0) {
                throw new IOException("port " + port + " is in use", e);
            }
            emulator = start(0, certificates);
        }
        properties.setProperty("port", Integer.toString(emulator.endpoint().getPort()));
        try (OutputStream out = Files.newOutputStream(file)) {
            properties.store(out, "The port of the previous run");
        }
        return emulator;
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

    static void print(Emulator emulator, Path home, PrintStream out) {
        String control = emulator.authority() + "/emulator";
        Path trust = trustStore(home).toAbsolutePath().normalize();
        out.printf(
                """
                Emulator of Azure Media Services v2, APIs like AMS v3, and Microsoft Entra ID. Press Ctrl+C to stop it.

                  REST API endpoint   %s
                  Authority           %s
                  Tenant ID           %s
                  Client ID           %s
                  Client secret       %s
                  Scope               %s
                  Trust store         %s (PKCS12, password %s)

                  Resource Manager    %s
                  Ravnur              %s (API key %s)
                  MK.IO               %s (token %s, project %s)
                  Before that         %s (the same token, subscription %s)
                  Of the first two    subscription %s, resource group %s, account %s

                Start Jenkins with (the trust store holds the public authorities as well):

                  java -Djavax.net.ssl.trustStore=%s -Djavax.net.ssl.trustStorePassword=%s -jar jenkins.war

                Script a job that finishes, one that ends in error, one that is canceled (times in seconds):

                  curl -sk %s/jobs -d '{"name": "Encoding BigBuckBunny", "queued": 10, "scheduled": 5, "tasks": [{"name": "Encode", "seconds": 60}, {"name": "Thumbnails", "seconds": 20}]}'
                  curl -sk %s/jobs -d '{"name": "Broken preset", "tasks": [{"name": "Encode", "seconds": 30}], "ends": "error", "code": "ErrorParsingConfiguration", "message": "The preset is not valid."}'
                  curl -sk %s/jobs -d '{"name": "Given up", "tasks": [{"name": "Encode", "seconds": 30}], "ends": "canceled", "canceling": 5}'

                Inject faults, and clear them:

                  curl -sk %s/faults -d '{"status": 503, "retryAfter": 8, "kinds": ["JOBS"], "times": 3}'
                  curl -sk %s/faults -d '{"fault": "reset", "probability": 0.2, "seed": 1}'
                  curl -sk -X DELETE %s/faults

                Override states, and inspect jobs and requests:

                  curl -sk %s/jobs/<id>/state -d '{"state": "Finished"}'
                  curl -sk %s/azure-ad -d '{"error": "EXPIRED_SECRET"}'
                  curl -sk %s/jobs
                  curl -sk %s/requests
                """,
                emulator.endpoint(),
                emulator.authority(),
                emulator.tenant(),
                emulator.clientId(),
                emulator.clientSecret(),
                emulator.scope(),
                trust,
                emulator.trustStorePassword(),
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
        out.flush();
    }
}
