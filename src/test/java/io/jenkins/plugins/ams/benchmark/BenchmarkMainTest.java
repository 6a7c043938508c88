/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.benchmark;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;

import java.util.List;
import org.junit.Test;

public class BenchmarkMainTest {

    @Test
    public void doesNotMeasureCodeThatIsNotOptimized() {
        IllegalStateException e = assertThrows(
                IllegalStateException.class,
                () -> BenchmarkMain.requireOptimization(List.of("-Xmx1g", "-XX:TieredStopAtLevel=1")));
        assertEquals(
                "This JVM does not optimize its code. Run the benchmark with the environment variable"
                        + " MAVEN_OPTS=-XX:TieredStopAtLevel=4",
                e.getMessage());
    }

    @Test
    public void acceptsTheJvmsDefaultAndALaterArgument() {
        BenchmarkMain.requireOptimization(List.of("-Xmx1g"));
        BenchmarkMain.requireOptimization(List.of("-XX:TieredStopAtLevel=1", "-XX:TieredStopAtLevel=4"));
    }
}
