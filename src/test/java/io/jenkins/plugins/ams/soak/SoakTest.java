/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.soak;

import static org.junit.Assert.assertTrue;

import io.jenkins.plugins.ams.polling.RetryingExecutor;
import io.jenkins.plugins.ams.service.EmulatedService;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.LongStream;
import org.junit.After;
import org.junit.Before;
import org.junit.Test;

/**
 * Runs the soak test for a few seconds. Longer ones are started manually: {@code mvn -B -ntp -f pom-central.xml
 * -Psoak}.
 */
public class SoakTest {

    /** Arbitrary seeds, and those of runs that have found defects. */
    private static final long[] SEEDS = {1, 2};

    private static final Duration DURATION = Duration.ofSeconds(10);
    private static final int WAITS = 100;
    private static final int SPEEDUP = 5;

    /** Loggers of warnings about rejections and missing threads, of which there are hundreds. */
    private final List<Logger> silenced =
            List.of(Logger.getLogger("com.microsoft.aad.msal4j"), Logger.getLogger(RetryingExecutor.class.getName()));

    @Before
    public void silence() {
        silenced.forEach(logger -> logger.setLevel(Level.OFF));
    }

    @After
    public void restoreLogging() {
        silenced.forEach(logger -> logger.setLevel(null));
    }

    @Test
    public void everyWaitEndsLikeItsJob() {
        LongStream.of(SEEDS)
                .mapToObj(seed -> start(EmulatedService.AMS_V2, seed))
                .toList()
                .forEach(CompletableFuture::join);
    }

    @Test
    public void everyWaitOfOtherApisEndsLikeItsJob() {
        EnumSet.complementOf(EnumSet.of(EmulatedService.AMS_V2)).stream()
                .map(api -> start(api, SEEDS[0]))
                .toList()
                .forEach(CompletableFuture::join);
    }

    private static CompletableFuture<Void> start(EmulatedService api, long seed) {
        return CompletableFuture.runAsync(() -> soak(api, seed), task -> new Thread(task).start());
    }

    private static void soak(EmulatedService api, long seed) {
        try (Soak soak = new Soak(api, seed, WAITS, SPEEDUP)) {
            soak.run(DURATION);
            assertTrue(soak.report(), soak.isCorrect());
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
