/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.emulator;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import javax.net.ssl.SSLContext;

/**
 * Emulates an Azure Media Services v2 account, services with APIs like AMS v3, and Microsoft Entra ID on the loopback
 * address, over TLS. All behavior that depends on time uses one clock, which tests can control.
 *
 * <pre>
 * try (Emulator emulator = Emulator.start(clock)) {
 *     EmulatedJob job = emulator.addJob(JobScript.named("Encoding").task("Encode", Duration.ofMinutes(2)));
 *     clock.advance(Duration.ofMinutes(1)); // the task is 50 % complete
 * }
 * </pre>
 */
public final class Emulator implements AutoCloseable {

    static final String TENANT = "5f2b1a30-9c4d-4e7a-8b61-0d9e3c7a1f42";
    static final String CLIENT_ID = "c7d0a6de-41f5-4a2c-9d0e-6b8f2a517e93";
    private static final String CLIENT_SECRET = "Tb~8Q+emulator/secret=%&.1";

    /** The running emulators of this process, by the URI of their server. */
    private static final Map<URI, Emulator> RUNNING = new ConcurrentHashMap<>();

    private final Certificates certificates;
    private final AzureAd azureAd;
    private final AmsSettings settings = new AmsSettings();
    private final LiveServices live;
    private final RequestLog requests = new RequestLog();
    private final Faults faults = new Faults();
    private final Submissions submissions = new Submissions();
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
                new V2Api(jobs, submissions, azureAd, settings, clock),
                new V3Api(jobs, submissions, live, settings, clock),
                new ControlApi(this, jobs));
        this.server = new TlsServer(port, context, this::route);
        redirects.home(authority());
        RUNNING.put(authority(), this);
    }

    private Response route(Request request) {
        return router.respond(request);
    }

    /** Starts an emulator on a free port, with the system's clock. */
    public static Emulator start() {
        return start(Clock.systemUTC());
    }

    /** Starts an emulator on a free port, with the given clock for jobs and tokens. */
    public static Emulator start(Clock clock) {
        try {
            AzureAd azureAd = new AzureAd(clock, TENANT, CLIENT_ID, CLIENT_SECRET);
            return new Emulator(clock, 0, Certificates.shared(), azureAd);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns the address of the account's REST API, {@code https://localhost:<port>/api/}. */
    public URI endpoint() {
        return authority().resolve(V2Api.BASE);
    }

    /** Returns the address of the authority, {@code https://localhost:<port>}. */
    public URI authority() {
        return URI.create("https://localhost:" + server.port());
    }

    /** Returns the directory (tenant) ID. */
    public String tenant() {
        return azureAd.tenant();
    }

    /** Returns the application (client) ID. */
    public String clientId() {
        return azureAd.clientId();
    }

    /** Returns the currently valid secret. It contains characters that must be escaped in forms. */
    public String clientSecret() {
        return azureAd.secret();
    }

    /** Returns the scope of tokens for AMS v2. */
    public String scope() {
        return azureAd.scope();
    }

    /** Returns the SSL context of a client that trusts only the emulator. */
    public SSLContext sslContext() {
        return certificates.clientContext();
    }

    /** Returns a PKCS #12 file for {@code -Djavax.net.ssl.trustStore}, which is deleted on close. */
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

    /**
     * Returns a client that passes requests to the running emulators of this process directly, without a connection.
     * Tests whose subject is not HTTP use it, because it needs neither TLS nor threads.
     *
     * @param executor responds to the requests
     */
    public static HttpClient inProcessClient(Executor executor) {
        return new InProcessHttpClient(
                origin -> {
                    Emulator emulator = RUNNING.get(origin);
                    return emulator == null ? null : emulator::route;
                },
                executor);
    }

    /** Writes the certificate as PEM, for curl. */
    public void writeCertificate(Path file) {
        try {
            certificates.writePem(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns the password of {@link #trustStore}. */
    public String trustStorePassword() {
        return Certificates.PASSWORD;
    }

    /** Adds a job. Its script starts now. */
    public EmulatedJob addJob(JobScript script) {
        return jobs.add(script);
    }

    /** Returns all jobs, in the order in which they were added or submitted. */
    public List<EmulatedJob> jobs() {
        return jobs.all();
    }

    /** Returns the log of requests. */
    public RequestLog requests() {
        return requests;
    }

    /** Returns the active faults. */
    public Faults faults() {
        return faults;
    }

    /** Returns how submitted jobs behave. */
    public Submissions submissions() {
        return submissions;
    }

    /** Returns the redirects. */
    public Redirects redirects() {
        return redirects;
    }

    /** Returns the settings of the authority. */
    public AzureAd azureAd() {
        return azureAd;
    }

    /** Returns the settings of the AMS v2 service. */
    public AmsSettings settings() {
        return settings;
    }

    /** Returns the base address of an API like AMS v3. */
    public URI endpoint(LiveApi api) {
        return authority().resolve(api.base());
    }

    /** Returns the accounts and settings of the APIs like AMS v3. */
    public LiveServices live() {
        return live;
    }

    /**
     * Stops responding on the connections that are open now, without closing them. New connections are not affected.
     */
    public void silenceConnections() {
        server.silenceConnections();
    }

    /**
     * Makes new connections negotiate HTTP/2 with clients that support it, although the emulator cannot respond to it.
     */
    public void offerHttp2() {
        server.offerHttp2();
    }

    /** Returns the number of open connections, including idle ones. */
    public int connections() {
        return server.connections();
    }

    /** Closes all connections, including those that wait for a response. */
    @Override
    public synchronized void close() {
        RUNNING.remove(authority());
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
