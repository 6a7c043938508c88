/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.soak;

import io.jenkins.plugins.ams.service.EmulatedService;
import java.time.Duration;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Runs the soak: {@code -Dsoak.api} (one of {@link EmulatedService}, amsV2 if not said), {@code -Dsoak.minutes} (2 if not said, fractions are fine), {@code -Dsoak.seed} to repeat a run. Exits
 * with 1 if a wait ended wrong or did not end, or if anything was left behind. A seed that fails belongs into SoakTest.
 */
public final class SoakMain {

    /** Kept, or what is set on it is lost with it. */
    private static final Logger MSAL = Logger.getLogger("com.microsoft.aad.msal4j");

    /** At a time. */
    private static final int WAITS = 200;

    private SoakMain() {}

    /** Takes no arguments. */
    public static void main(String[] args) throws InterruptedException {
        // MSAL4J warns of each refusal, and here there are thousands
        MSAL.setLevel(Level.OFF);
        double minutes = Double.parseDouble(System.getProperty("soak.minutes", "2"));
        long seed = Long.getLong("soak.seed", System.nanoTime());
        EmulatedService api = EmulatedService.named(System.getProperty("soak.api", "amsV2"));
        boolean correct;
        try (Soak soak = new Soak(api, seed, WAITS, 1)) {
            soak.run(Duration.ofMillis(Math.round(minutes * 60_000)));
            System.out.print(soak.report());
            correct = soak.isCorrect();
        }
        if (!correct) {
            System.exit(1);
        }
    }
}
