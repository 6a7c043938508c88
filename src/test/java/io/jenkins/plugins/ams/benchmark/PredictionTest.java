/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.benchmark;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.lessThanOrEqualTo;

import io.jenkins.plugins.ams.benchmark.Prediction.Figures;
import io.jenkins.plugins.ams.service.EmulatedService;
import org.junit.Test;

public class PredictionTest {

    /** Simulated time and a fixed seed: the figures are the same on every machine. */
    @Test
    public void detectsTheEndSoonWithFewRequests() {
        assertWithinLimits(EmulatedService.AMS_V2);
    }

    @Test
    public void detectsTheEndSoonWhenTasksComeWithTheJob() {
        assertWithinLimits(EmulatedService.MK_IO);
    }

    private static void assertWithinLimits(EmulatedService api) {
        Figures figures = Prediction.product(api);
        assertThat("requests per job", figures.requests(), lessThanOrEqualTo(45.0));
        assertThat("mean delay", figures.meanDelay(), lessThanOrEqualTo(1.9));
        assertThat("95 % delay", figures.p95Delay(), lessThanOrEqualTo(5.0));
        assertThat("mean delay of failures", figures.meanDelayOfFailures(), lessThanOrEqualTo(12.0));
    }
}
