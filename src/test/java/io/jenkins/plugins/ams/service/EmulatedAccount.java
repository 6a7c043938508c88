/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.service;

import io.jenkins.plugins.ams.auth.TokenSource;
import io.jenkins.plugins.ams.emulator.EmulatedJob;
import io.jenkins.plugins.ams.emulator.Emulator;
import io.jenkins.plugins.ams.emulator.JobScript;
import io.jenkins.plugins.ams.service.v2.AmsV2JobId;
import io.jenkins.plugins.ams.service.v2.AmsV2Service;
import io.jenkins.plugins.ams.testing.ManualClock;
import io.jenkins.plugins.ams.testing.TestHttp;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.rules.ExternalResource;

/** An emulator and an AMS v2 client for it that obtains its tokens with MSAL4J. */
public final class EmulatedAccount extends ExternalResource {

    public static final Duration TIMEOUT = Duration.ofSeconds(20);

    private final ExecutorService executor = Executors.newSingleThreadExecutor();
    private final ManualClock clock = new ManualClock();
    private Emulator emulator;
    private HttpClient http;
    private AmsV2Service service;

    @Override
    protected void before() {
        emulator = Emulator.start(clock);
        http = TestHttp.clientOf(emulator);
        service = serviceAt(emulator.endpoint());
    }

    @Override
    protected void after() {
        executor.shutdownNow();
        emulator.close();
    }

    public Emulator emulator() {
        return emulator;
    }

    /** Returns the client for the emulator's endpoint. */
    public AmsV2Service service() {
        return service;
    }

    public AmsV2Service serviceAt(URI endpoint) {
        return service(endpoint, tokens(), TIMEOUT);
    }

    public AmsV2Service service(URI endpoint, TokenSource tokens, Duration timeout) {
        return new AmsV2Service(
                endpoint,
                tokens,
                () -> http,
                new EndpointPolicy(AmsV2Service.HOSTS, List.of("localhost")),
                clock,
                timeout);
    }

    public TokenSource tokens() {
        return EmulatedService.AMS_V2.tokens(emulator, http, executor, clock);
    }

    public ManualClock clock() {
        return clock;
    }

    /** Adds a job that is Processing for two minutes. */
    public EmulatedJob addJob() {
        return emulator.addJob(JobScript.named("Encoding").task("Encode", Duration.ofMinutes(2)));
    }

    public static JobId idOf(EmulatedJob job) {
        return AmsV2JobId.parse(job.id());
    }
}
