/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.soak;

import io.jenkins.plugins.ams.polling.RetryingExecutor;
import io.jenkins.plugins.ams.service.EmulatedService;
import java.time.Duration;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Runs the soak test. Exits with 1 if a wait does not end correctly and in time, or resources leak. Add the seed of a
 * failed run to {@link SoakTest}. System properties, all optional:
 *
 * <ul>
 *   <li>{@code soak.api}: one of {@link EmulatedService}; {@code amsV2} by default
 *   <li>{@code soak.minutes}: the duration in minutes, possibly with a fraction; 2 by default
 *   <li>{@code soak.seed}: the seed of a previous run, to repeat it
 * </ul>
 */
public final class SoakMain {

    /** Loggers of thousands of expected warnings. Strong references, because the levels would be lost with the loggers. */
    private static final List<Logger> SILENCED =
            List.of(Logger.getLogger("com.microsoft.aad.msal4j"), Logger.getLogger(RetryingExecutor.class.getName()));

    /** Number of concurrent waits. */
    private static final int WAITS = 200;

    private SoakMain() {}

    public static void main(String[] args) throws InterruptedException {
        SILENCED.forEach(logger -> logger.setLevel(Level.OFF));
        double minutes = Double.parseDouble(System.getProperty("soak.minutes", "2"));
        long seed = Long.getLong("soak.seed", System.nanoTime());
        EmulatedService api = EmulatedService.named(System.getProperty("soak.api", "amsV2"));
        boolean correct;
        try (Soak soak = new Soak(api, seed, WAITS, 1)) {
            soak.run(Duration.ofMillis(Math.round(minutes * 60_000)), 0);
            System.out.print(soak.report());
            correct = soak.isCorrect();
        }
        if (!correct) {
            System.exit(1);
        }
    }
}
