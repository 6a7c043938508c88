/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.soak;

import io.jenkins.plugins.ams.emulator.AadError;
import io.jenkins.plugins.ams.emulator.AzureAd;
import io.jenkins.plugins.ams.emulator.Emulator;
import io.jenkins.plugins.ams.emulator.Fault;
import io.jenkins.plugins.ams.emulator.Faults;
import io.jenkins.plugins.ams.emulator.Gateway;
import io.jenkins.plugins.ams.emulator.RecordedRequest;
import io.jenkins.plugins.ams.emulator.RequestKind;
import io.jenkins.plugins.ams.service.JobId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.BooleanSupplier;
import java.util.function.IntPredicate;

/** Simulates all transient errors of the service, the network and the authority at the same time. */
final class ServiceFaults {

    /** The status with which Azure Resource Manager rejects requests for locked resources. */
    static final int LOCKED = 409;

    private static final RequestKind[] REQUESTS = {
        RequestKind.JOBS, RequestKind.TASKS, RequestKind.ASSETS, RequestKind.CANCEL
    };
    private static final String AUTHORITY_HANG = "authority: hung for 3 s";
    private static final String ABORTED_HANG = "hang in an aborted build";
    /** Twice the time that may pass on a busy machine between the request and the first use of a token. */
    private static final Duration TOKEN_LIFETIME = Duration.ofSeconds(8);

    /** Minimum time between two claims challenges: a busy machine needs seconds to get a token with the claims. */
    private static final Duration MIN_CLAIMS_INTERVAL = Duration.ofSeconds(5);

    /** Faults of an authority that is unavailable, which are not evidence against a credential. */
    private static final List<AzureAd.AuthorityError> TRANSIENT = List.of(
            AzureAd.AuthorityError.BUSY,
            AzureAd.AuthorityError.BUSY_WITH_RETRY_AFTER,
            AzureAd.AuthorityError.THROTTLED,
            AzureAd.AuthorityError.THROTTLED_WITH_RETRY_AFTER,
            AzureAd.AuthorityError.HTML_PAGE,
            AzureAd.AuthorityError.EMPTY_500,
            AzureAd.AuthorityError.NOT_JSON,
            AzureAd.AuthorityError.NO_ACCESS_TOKEN);

    /** Transient errors of the authority with the status of a rejection. */
    private static final List<AadError> TRANSIENT_ERRORS = List.of(
            AadError.REQUEST_BUDGET_EXCEEDED,
            AadError.LOOP_DETECTED,
            AadError.TRY_AGAIN,
            AadError.SERVICE_UNAVAILABLE,
            AadError.UNLISTED_TRANSIENT);

    private final Emulator emulator;
    private final JumpingClock clock;
    private final boolean hangs;
    private final Random random;
    private final Map<String, List<Faults.Injection>> injections = new LinkedHashMap<>();
    private int claimsChallenges;
    private long lastClaimsChallenge = System.nanoTime();
    private int authorityDownSeconds;
    private int authorityOutages;
    private int clockJumps;
    private int authorityHungSeconds;
    private int authorityHangs;
    private int silences;
    private Faults.Injection authorityHang;

    /** @param hangs whether some requests receive no response, so that they take until their timeout */
    ServiceFaults(Emulator emulator, JumpingClock clock, long seed, boolean hangs) {
        this.emulator = emulator;
        this.clock = clock;
        this.random = new Random(seed);
        this.hangs = hangs;
        emulator.azureAd().tokenLifetime(TOKEN_LIFETIME);
        add("503", 0.03, Fault.status(503));
        add("503, Retry-After in seconds", 0.02, Fault.status(503).retryAfter(Duration.ofSeconds(1)));
        add("429, Retry-After as a date", 0.02, Fault.status(429).retryAfterDate(Duration.ofSeconds(2)));
        add("500", 0.03, Fault.status(500));
        add("408", 0.01, Fault.status(408));
        add("reset", 0.03, Fault.reset());
        add("closed", 0.02, Fault.closed());
        add("lost response", 0.01, Fault.lostResponse());
        add("truncated body", 0.02, Fault.truncatedBody(40));
        add("garbage", 0.02, Fault.garbage());
        add("HTML page", 0.02, Fault.htmlPage());
        add("huge body", 0.002, Fault.hugeBody(5_000_000));
        add("slow body", 0.02, Fault.slowBody(200, Duration.ofMillis(50)));
        add("wrong content type", 0.05, Fault.contentType("text/plain"));
        add("latency", 0.1, Fault.latency(Duration.ofMillis(80)));
        for (Gateway gateway : Gateway.values()) {
            add("gateway " + gateway, 0.003, Fault.gateway(gateway));
        }
        inject(
                "cancellation: locked",
                Fault.status(LOCKED).on(RequestKind.CANCEL).withProbability(0.05, random.nextLong()));
        addAtAuthority("503", 0.04, Fault.status(503));
        addAtAuthority("429, Retry-After in seconds", 0.02, Fault.status(429).retryAfter(Duration.ofSeconds(1)));
        addAtAuthority("reset", 0.04, Fault.reset());
        addAtAuthority("closed", 0.02, Fault.closed());
        addAtAuthority("truncated body", 0.02, Fault.truncatedBody(40));
        addAtAuthority("garbage", 0.02, Fault.garbage());
        addAtAuthority("HTML page", 0.02, Fault.htmlPage());
        addAtAuthority("404 of a gateway", 0.02, Fault.status(404).body("text/plain", "default backend - 404"));
        addAtAuthority(
                "403 of a gateway",
                0.02,
                Fault.status(403).body("text/html", "<html><title>Web App - Unavailable</title></html>"));
        if (hangs) {
            add("hang", 0.002, Fault.hang());
            addAtAuthority("hang", 0.005, Fault.hang());
        }
        emulator.azureAd().retryAfter(Duration.ofSeconds(1));
    }

    /**
     * Makes a request for a job hang, most likely its first poll. Returns a condition that is true once a request
     * hangs, or always if requests must not hang.
     */
    BooleanSupplier hang(JobId job) {
        if (!hangs) {
            return () -> true;
        }
        String name = job.value().substring(job.value().lastIndexOf('/') + 1);
        Faults.Injection hang = inject(
                ABORTED_HANG, Fault.hang().on(RequestKind.JOBS).forJob(name).once());
        return () -> hang.hits() > 0;
    }

    /** Starts and ends outages and jumps of the clock. Must be called every second. */
    void tick() {
        if (random.nextInt(10) == 0) {
            clock.jump();
            clockJumps++;
        }
        AzureAd authority = emulator.azureAd();
        if (random.nextInt(15) == 0 && System.nanoTime() - lastClaimsChallenge > MIN_CLAIMS_INTERVAL.toNanos()) {
            lastClaimsChallenge = System.nanoTime();
            authority.requireClaims("{\"access_token\":{\"nbf\":{\"value\":\"" + ++claimsChallenges + "\"}}}");
        }
        if (hangs) {
            tickHangs();
        }
        if (authorityDownSeconds > 0) {
            if (--authorityDownSeconds == 0) {
                authority.fault(AzureAd.AuthorityError.NONE).error(null);
            }
        } else if (random.nextInt(20) == 0) {
            authorityDownSeconds = 3;
            authorityOutages++;
            int index = random.nextInt(TRANSIENT.size() + TRANSIENT_ERRORS.size());
            if (index < TRANSIENT.size()) {
                authority.fault(TRANSIENT.get(index));
            } else {
                authority.error(TRANSIENT_ERRORS.get(index - TRANSIENT.size()));
            }
        }
    }

    /** Simulates an authority that accepts requests and does not respond, and a firewall that forgets connections. */
    private void tickHangs() {
        if (authorityHungSeconds > 0) {
            if (--authorityHungSeconds == 0) {
                authorityHang.remove();
            }
        } else if (random.nextInt(40) == 0) {
            authorityHungSeconds = 3;
            authorityHangs++;
            authorityHang = inject(AUTHORITY_HANG, Fault.hang().on(RequestKind.TOKEN));
        }
        if (random.nextInt(40) == 0) {
            emulator.silenceConnections();
            silences++;
        }
    }

    /** Ends all faults. Requests that already hang remain so. */
    void end() {
        emulator.faults().clear();
        emulator.azureAd().fault(AzureAd.AuthorityError.NONE).error(null).requireClaims(null);
    }

    /** Returns how often each fault occurred. */
    Map<String, Integer> counts() {
        Map<String, Integer> counts = new LinkedHashMap<>();
        injections.forEach((name, all) ->
                counts.put(name, all.stream().mapToInt(Faults.Injection::hits).sum()));
        counts.put(Exchanges.AUTHORITY, authorityOutages);
        if (hangs) {
            counts.put(AUTHORITY_HANG, authorityHangs);
            counts.put(Exchanges.SILENT, silences);
        }
        counts.put("authority: claims demanded", claimsChallenges);
        counts.put("clock jump", clockJumps);
        List<RecordedRequest> requests = emulator.requests().all();
        counts.put(Exchanges.EXPIRED, count(requests, status -> status == 401));
        counts.put("redirect", count(requests, status -> status / 100 == 3));
        return counts;
    }

    private void add(String name, double probability, Fault fault) {
        for (RequestKind kind : REQUESTS) {
            inject(name, fault.on(kind).withProbability(probability, random.nextLong()));
        }
    }

    private void addAtAuthority(String name, double probability, Fault fault) {
        inject("authority: " + name, fault.on(RequestKind.TOKEN).withProbability(probability, random.nextLong()));
    }

    private static int count(List<RecordedRequest> requests, IntPredicate status) {
        return (int) requests.stream()
                .filter(request -> request.kind() != RequestKind.TOKEN && status.test(request.status()))
                .count();
    }

    private Faults.Injection inject(String name, Fault fault) {
        Faults.Injection injection = emulator.faults().inject(fault.named(name));
        injections.computeIfAbsent(name, key -> new ArrayList<>()).add(injection);
        return injection;
    }
}
