/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.config;

import static io.jenkins.plugins.ams.testing.TestHttp.failureOf;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import io.jenkins.plugins.ams.auth.AuthenticationException;
import io.jenkins.plugins.ams.config.TargetLookups.Found;
import io.jenkins.plugins.ams.config.TargetLookups.Request;
import io.jenkins.plugins.ams.console.ErrorMessages;
import io.jenkins.plugins.ams.credentials.CredentialsUsageTracker;
import io.jenkins.plugins.ams.polling.PollTarget;
import io.jenkins.plugins.ams.runtime.KeyedExecutor;
import io.jenkins.plugins.ams.testing.ManualTime;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.Test;

/**
 * Tests {@link TargetLookups}. Builds 0 to 9 belong to job 0, 10 to 19 to job 1, and so on. The result of a lookup
 * contains the number of the build that it ran for.
 */
public class TargetLookupsTest {

    private record Build(int number, Object job) {}

    private final ManualTime time = new ManualTime();
    private final List<Runnable> threads = new ArrayList<>();
    private final List<String> tracked = new ArrayList<>();
    private final List<Object> jobs =
            List.of(new StringBuilder("job 0"), new StringBuilder("job 1"), new StringBuilder("job 2"));
    private final CredentialsUsageTracker<Build, String> tracker =
            new CredentialsUsageTracker<>(key -> Runnable::run, new CredentialsUsageTracker.Records<Build, String>() {
                @Override
                public boolean contains(Build build, String credentials) {
                    return tracked.contains(build.number() + " uses " + credentials);
                }

                @Override
                public void add(Build build, String credentials) {
                    tracked.add(build.number() + " uses " + credentials);
                }
            });
    private final TargetLookups<Build, String> lookups =
            new TargetLookups<>(new KeyedExecutor(threads::add, time).group(32), time, tracker);
    private int count;

    @Test
    public void buildsOfOneJobShareALookupAndAreTracked() {
        List<CompletableFuture<PollTarget>> targets = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            targets.add(shared(i, "ams"));
        }
        runTasks();
        assertEquals(1, count);
        targets.forEach(target -> assertEquals("ams of build 0", target.join().key()));
        assertEquals(10, tracked.size());
        assertTrue(tracked.contains("7 uses ams of build 0"));
    }

    @Test
    public void waitsOfOneBuildShareALookupTrackedOnce() {
        for (int i = 0; i < 1000; i++) {
            shared(3, "ams");
        }
        runTasks();
        assertEquals(1, count);
        assertEquals(List.of("3 uses ams of build 3"), tracked);
    }

    @Test
    public void buildsOfOtherJobsAndOtherCredentialsDoNotShare() {
        CompletableFuture<PollTarget> job0 = shared(0, "ams");
        CompletableFuture<PollTarget> job1 = shared(10, "ams");
        CompletableFuture<PollTarget> other = shared(1, "other");
        runTasks();
        assertEquals("ams of build 0", job0.join().key());
        assertEquals("ams of build 10", job1.join().key());
        assertEquals("other of build 1", other.join().key());
    }

    @Test
    public void aBuildThatSharesNothingHasItsOwnLookup() {
        CompletableFuture<PollTarget> shared = shared(0, "ams");
        Build second = build(1);
        CompletableFuture<PollTarget> own = lookups.find(request(second, second, second, "ams"), false);
        runTasks();
        assertEquals("ams of build 0", shared.join().key());
        assertEquals("ams of build 1", own.join().key());
    }

    /** Credentials such as OIDC tokens are specific to a build, which is known only after the lookup. */
    @Test
    public void resultsOfOneBuildReachNoOther() {
        List<CompletableFuture<PollTarget>> targets = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            Build build = build(i);
            targets.add(lookups.find(request(build, build.job(), build, "ams"), false));
        }
        runTasks();
        for (int i = 0; i < 10; i++) {
            assertEquals("ams of build " + i, targets.get(i).join().key());
            assertTrue(tracked.contains(i + " uses ams of build " + i));
        }
        assertEquals(10, tracked.size());
    }

    /** Simulates credentials that are replaced between the lookup for another build and that for this one. */
    @Test
    public void usesTheResultOfItsOwnLookup() {
        Build own = build(1);
        CompletableFuture<PollTarget> target = lookups.find(request(own, own, own.job(), "ams"), false);
        runTasks();
        assertEquals("ams of build 1", target.join().key());
        assertEquals(1, count);
    }

    @Test
    public void tracksNothingThatWasNotFound() {
        CompletableFuture<PollTarget> target = lookups.find(
                new Request<>(build(0), jobs.get(0), "ams", "store", () -> {
                    throw new IOException("no such credentials");
                }),
                false);
        runTasks();
        failureOf(IOException.class, target);
        assertEquals(List.of(), tracked);
    }

    @Test
    public void aHungStoreIsATransientErrorOfItsUsers() {
        CompletableFuture<PollTarget> hanging =
                lookups.find(request(build(0), jobs.get(0), jobs.get(0), "vault"), false);
        for (int i = 10; i < 30; i++) {
            lookups.find(request(build(i), jobs.get(i / 10), jobs.get(i / 10), "vault"), false);
        }
        time.advance(KeyedExecutor.BLOCKED_AFTER, () -> {});
        assertEquals("hung threads", 1, threads.size());
        CompletableFuture<PollTarget> healthy =
                lookups.find(request(build(0), jobs.get(0), jobs.get(0), "jenkins"), false);
        threads.remove(1).run();
        assertTrue(healthy.isDone());
        assertFalse(hanging.isDone());
        time.advance(TargetLookups.TIMEOUT, () -> {});
        AuthenticationException error = failureOf(AuthenticationException.class, hanging);
        assertTrue(error.isTransient());
        assertEquals("The credentials are temporarily unavailable (no result within 30 s)", ErrorMessages.of(error));
    }

    private CompletableFuture<PollTarget> shared(int number, String credentials) {
        Build build = build(number);
        return lookups.find(request(build, build.job(), build.job(), credentials), false);
    }

    private Request<Build, String> request(Build build, Object sharingScope, Object found, String credentials) {
        return new Request<>(build, sharingScope, credentials, credentials, () -> {
            count++;
            String of = credentials + " of build " + build.number();
            return new Found<>(new PollTarget(of, () -> null), List.of(of), found);
        });
    }

    private final List<Build> builds = new ArrayList<>();

    private Build build(int number) {
        return builds.stream()
                .filter(build -> build.number() == number)
                .findFirst()
                .orElseGet(() -> {
                    Build build = new Build(number, jobs.get(number / 10));
                    builds.add(build);
                    return build;
                });
    }

    private void runTasks() {
        while (!threads.isEmpty()) {
            threads.remove(0).run();
        }
    }
}
