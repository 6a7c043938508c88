/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.emulator;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import javax.net.ssl.SSLContext;

/**
 * An Azure Media Services v2 account, the Azure AD that it trusts, and the services that live on with the shape of v3,
 * on loopback and over TLS. What changes in it with
 * time follows one clock, which a test may own.
 *
 * <pre>
 * try (Emulator emulator = Emulator.start(clock)) {
 *     EmulatedJob job = emulator.addJob(JobScript.named("Encoding").task("Encode", Duration.ofMinutes(2)));
 *     clock.advance(Duration.ofMinutes(1)); // the job is half through
 * }
 * </pre>
 */
public final class Emulator implements AutoCloseable {

    static final String TENANT = "5f2b1a30-9c4d-4e7a-8b61-0d9e3c7a1f42";
    static final String CLIENT_ID = "c7d0a6de-41f5-4a2c-9d0e-6b8f2a517e93";
    private static final String CLIENT_SECRET = "Tb~8Q+emulator/secret=%&.1";

    private final Certificates certificates;
    private final AzureAd azureAd;
    private final AmsSettings settings = new AmsSettings();
    private final LiveServices live;
    private final RequestLog requests = new RequestLog();
    private final Faults faults = new Faults();
    private final JobStore jobs;
    private final Redirects redirects;
    private final Router router;
    private final TlsServer server;
    private Path trustStore;

    Emulator(Clock clock, int port, Certificates certificates, AzureAd azureAd) throws IOException {
        this.certificates = certificates;
        this.azureAd = azureAd;
        this.jobs = new JobStore(clock);
        this.live = new LiveServices(clock, azureAd);
        SSLContext context = certificates.serverContext();
        this.redirects = new Redirects(handler -> new TlsServer(0, context, handler), this::route);
        this.router = new Router(
                clock,
                requests,
                faults,
                redirects,
                azureAd,
                new TokenEndpoint(azureAd, clock),
                new MetadataEndpoint(azureAd, clock),
                new V2Api(jobs, azureAd, settings, clock),
                new V3Api(jobs, live, settings, clock),
                new ControlApi(this, jobs));
        this.server = new TlsServer(port, context, this::route);
        redirects.home(authority());
    }

    private Response route(Request request) {
        return router.respond(request);
    }

    /** Starts on a free port, with the system's clock. */
    public static Emulator start() {
        return start(Clock.systemUTC());
    }

    /** Starts on a free port. Jobs and tokens live by the clock. */
    public static Emulator start(Clock clock) {
        try {
            AzureAd azureAd = new AzureAd(clock, TENANT, CLIENT_ID, CLIENT_SECRET);
            return new Emulator(clock, 0, Certificates.shared(), azureAd);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The address of the account's REST API, {@code https://localhost:<port>/api/}. */
    public URI endpoint() {
        return authority().resolve(V2Api.BASE);
    }

    /** The address of the authority, {@code https://localhost:<port>}. */
    public URI authority() {
        return URI.create("https://localhost:" + server.port());
    }

    /** Directory (tenant) id. */
    public String tenant() {
        return azureAd.tenant();
    }

    /** Application (client) id. */
    public String clientId() {
        return azureAd.clientId();
    }

    /** The secret that is accepted now; it holds the characters that careless form encoding breaks. */
    public String clientSecret() {
        return azureAd.secret();
    }

    /** What to ask a token for. */
    public String scope() {
        return azureAd.scope();
    }

    /** For clients: trusts the emulator's certificate and no other. */
    public SSLContext sslContext() {
        return certificates.clientContext();
    }

    /** A PKCS12 file for {@code -Djavax.net.ssl.trustStore}, which is deleted on close. */
    public synchronized Path trustStore() {
        if (trustStore == null) {
            try {
                trustStore = Files.createTempFile("ams-emulator-trust", ".p12");
                certificates.writeTrustStore(trustStore);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return trustStore;
    }

    /** The password of {@link #trustStore}. */
    public String trustStorePassword() {
        return Certificates.PASSWORD;
    }

    /** Adds a job, which starts to live now. */
    public EmulatedJob addJob(JobScript script) {
        return jobs.add(script);
    }

    /** What was asked so far. */
    public RequestLog requests() {
        return requests;
    }

    /** What goes wrong with requests. */
    public Faults faults() {
        return faults;
    }

    /** Addresses that redirect. */
    public Redirects redirects() {
        return redirects;
    }

    /** Switches of the authority. */
    public AzureAd azureAd() {
        return azureAd;
    }

    /** Switches of the service. */
    public AmsSettings settings() {
        return settings;
    }

    /** The base address of a service with the shape of AMS v3. */
    public URI endpoint(LiveApi api) {
        return authority().resolve(api.base());
    }

    /** Accounts and switches of the services with the shape of AMS v3. */
    public LiveServices live() {
        return live;
    }

    /** Every connection that is open now is never answered again, and not closed either; new ones are as usual. */
    public void silenceConnections() {
        server.silenceConnections();
    }

    /** From now on clients that offer HTTP/2 get it, and no answer: the emulator does not speak it. */
    public void offerHttp2() {
        server.offerHttp2();
    }

    /** How many connections are open, those that idle included. */
    public int connections() {
        return server.connections();
    }

    /** Drops every connection, also those that were never answered. */
    @Override
    public synchronized void close() {
        server.close();
        redirects.close();
        if (trustStore != null) {
            try {
                Files.deleteIfExists(trustStore);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
