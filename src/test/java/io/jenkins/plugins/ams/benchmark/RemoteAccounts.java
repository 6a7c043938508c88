/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.benchmark;

import io.jenkins.plugins.ams.auth.Identity;
import io.jenkins.plugins.ams.auth.TokenCache;
import io.jenkins.plugins.ams.polling.PollTarget;
import io.jenkins.plugins.ams.service.EmulatedService;
import io.jenkins.plugins.ams.service.JobId;
import io.jenkins.plugins.ams.testing.RealTime;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** Starts a {@link ScaleServer} in a separate process, which emulates accounts with jobs in progress. */
final class RemoteAccounts implements AutoCloseable {

    /** The default lifetime of access tokens of Microsoft Entra ID. */
    static final Duration TOKEN_LIFETIME = Duration.ofSeconds(3599);

    /**
     * An account.
     *
     * @param identity the identity that requests tokens
     */
    record Account(URI endpoint, URI authority, Identity identity) {

        /** Returns the target for polling the account's jobs. */
        PollTarget target(EmulatedService api, TokenCache tokens, HttpClient http) {
            return target(api, endpoint, identity, tokens, http);
        }

        static PollTarget target(
                EmulatedService api, URI endpoint, Identity identity, TokenCache tokens, HttpClient http) {
            return new PollTarget(
                    List.of(endpoint, identity),
                    () -> api.service(endpoint, tokens.tokensOf(identity), () -> http, Clock.systemUTC()));
        }
    }

    /**
     * A job.
     *
     * @param account the index of its account
     */
    record RemoteJob(int account, JobId id) {}

    /** The numbers of requests since the start. */
    record Counts(long jobs, long tasks, long assets, long tokens) {}

    private final Path directory;
    private final Process server;
    private final BufferedReader responses;
    private final List<Account> accounts = new ArrayList<>();
    private final List<RemoteJob> jobs = new ArrayList<>();
    private final SSLContext trust;
    private final String tenant;

    /**
     * Starts the accounts.
     *
     * @param number the number of accounts
     * @param jobCount the total number of jobs
     * @param batched whether the services support requests for several jobs
     * @param skewed whether 99 of 100 jobs belong to the first account
     * @param tokenLifetime the lifetime of access tokens
     */
    RemoteAccounts(
            EmulatedService api, int number, int jobCount, boolean batched, boolean skewed, Duration tokenLifetime)
            throws Exception {
        directory = Files.createTempDirectory("scale");
        Path file = directory.resolve("accounts");
        server = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        classPath(),
                        ScaleServer.class.getName(),
                        file.toString(),
                        Integer.toString(number),
                        Integer.toString(jobCount),
                        Boolean.toString(!batched),
                        api.name(),
                        Boolean.toString(skewed),
                        Long.toString(tokenLifetime.toSeconds()))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        responses = new BufferedReader(new InputStreamReader(server.getInputStream(), StandardCharsets.UTF_8));
        while (!Files.exists(file)) {
            if (!server.isAlive()) {
                throw new IOException("the process of the accounts ended with exit code " + server.exitValue());
            }
            RealTime.sleep(Duration.ofMillis(100));
        }
        List<String> lines = Files.readAllLines(file);
        String[] store = lines.get(0).split(" ");
        trust = trusting(Path.of(store[0]), store[1]);
        for (int i = 0; i < number; i++) {
            String[] place = lines.get(1 + 2 * i).split(" ");
            String[] application = lines.get(2 + 2 * i).split(" ");
            URI endpoint = URI.create(place[0]);
            URI authority = URI.create(place[1]);
            accounts.add(new Account(
                    endpoint, authority, api.identity(authority, place[2], application[0], application[1], endpoint)));
        }
        tenant = lines.get(1).split(" ")[2];
        for (String line : lines.subList(1 + 2 * number, lines.size())) {
            String[] words = line.split(" ");
            jobs.add(new RemoteJob(Integer.parseInt(words[0]), api.jobId(words[1])));
        }
    }

    List<Account> accounts() {
        return accounts;
    }

    List<RemoteJob> jobs() {
        return jobs;
    }

    /** Returns the tenant of the first account. */
    String tenant() {
        return tenant;
    }

    SSLContext trust() {
        return trust;
    }

    Counts counts() throws IOException {
        OutputStream commands = server.getOutputStream();
        commands.write('\n');
        commands.flush();
        long[] counts = Arrays.stream(responses.readLine().split(" "))
                .mapToLong(Long::parseLong)
                .toArray();
        return new Counts(counts[0], counts[1], counts[2], counts[3]);
    }

    private static String classPath() throws Exception {
        // from the class loader, since build tools may start this JVM without java.class.path
        StringBuilder path = new StringBuilder();
        for (ClassLoader loader = RemoteAccounts.class.getClassLoader(); loader != null; loader = loader.getParent()) {
            if (loader instanceof URLClassLoader urls) {
                for (URL url : urls.getURLs()) {
                    path.append(Path.of(url.toURI())).append(File.pathSeparator);
                }
            }
        }
        return path.isEmpty() ? System.getProperty("java.class.path") : path.toString();
    }

    private static SSLContext trusting(Path store, String password) throws IOException, GeneralSecurityException {
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store)) {
            keys.load(in, password.toCharArray());
        }
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(keys);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, factory.getTrustManagers(), null);
        return context;
    }

    @Override
    public void close() throws IOException, InterruptedException {
        server.getOutputStream().close();
        if (!server.waitFor(30, TimeUnit.SECONDS)) {
            server.destroyForcibly();
        }
        Files.deleteIfExists(directory.resolve("accounts"));
        Files.deleteIfExists(directory);
    }
}
