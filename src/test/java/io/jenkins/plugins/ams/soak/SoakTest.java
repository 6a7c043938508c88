/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.soak;

import static org.junit.Assert.assertTrue;

import io.jenkins.plugins.ams.polling.RetryingExecutor;
import io.jenkins.plugins.ams.service.EmulatedService;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.junit.After;
import org.junit.Before;
import org.junit.Test;

/**
 * Runs the soak test for a few seconds. Longer ones are started manually: {@code mvn -B -ntp -f pom-central.xml
 * -Psoak}.
 */
public class SoakTest {

    /** An arbitrary seed; it may be replaced by that of a run that has found a defect. */
    private static final long SEED = 1;

    private static final Duration DURATION = Duration.ofSeconds(3);
    private static final int WAITS = 20;
    private static final int MIN_ENDED = 20;
    private static final int SPEEDUP = 10;

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
        Stream.of(EmulatedService.values())
                .map(api -> CompletableFuture.runAsync(() -> soak(api), task -> new Thread(task).start()))
                .toList()
                .forEach(CompletableFuture::join);
    }

    private static void soak(EmulatedService api) {
        try (Soak soak = new Soak(api, SEED, WAITS, SPEEDUP)) {
            soak.run(DURATION, MIN_ENDED);
            assertTrue(soak.report(), soak.isCorrect());
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
