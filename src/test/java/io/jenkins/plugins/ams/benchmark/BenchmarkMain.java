/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.benchmark;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.jenkins.plugins.ams.benchmark.Prediction.Figures;
import io.jenkins.plugins.ams.service.EmulatedService;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * Prints what waits cost, and writes it to {@code target/central/benchmark.json}. System properties, all optional:
 *
 * <ul>
 *   <li>{@code benchmark.part}: {@code prediction}, {@code scale} or {@code all}; all if not said
 *   <li>{@code benchmark.api}: one of {@link EmulatedService}, {@code mkIo} for {@code MK_IO}; amsV2 if not said
 *   <li>{@code benchmark.accounts}: how many accounts the scale is measured on, one run after the other; {@code 1,50} if not said
 *   <li>{@code benchmark.waits}: how many waits the scale is measured with; 10,000 if not said
 *   <li>{@code benchmark.warmUp} and {@code benchmark.seconds}: how long these run, once each was looked at, before they are
 *       measured, and for how long; 120 and 60 seconds if not said
 * </ul>
 */
public final class BenchmarkMain {

    private static final Path RESULT = Path.of("target/central/benchmark.json");

    private BenchmarkMain() {}

    /** Takes no arguments. */
    public static void main(String[] args) throws Exception {
        String part = System.getProperty("benchmark.part", "all");
        EmulatedService api = EmulatedService.named(System.getProperty("benchmark.api", "amsV2"));
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("api", api);
        if (!part.equals("scale")) {
            Map<String, Figures> prediction = Prediction.run(api);
            print(prediction);
            result.put("prediction", prediction);
        }
        if (!part.equals("prediction")) {
            List<Scale.Figures> scale = scale(api);
            print(scale);
            result.put("scale", scale);
        }
        write(result);
    }

    private static List<Scale.Figures> scale(EmulatedService api) throws Exception {
        int waits = Integer.getInteger("benchmark.waits", 10_000);
        Duration warmUp = Duration.ofSeconds(Integer.getInteger("benchmark.warmUp", 120));
        Duration measured = Duration.ofSeconds(Integer.getInteger("benchmark.seconds", 60));
        List<Scale.Figures> figures = new ArrayList<>();
        for (String accounts : System.getProperty("benchmark.accounts", "1,50").split(",")) {
            for (boolean together : new boolean[] {true, false}) {
                try (Scale scale = new Scale(api, Integer.parseInt(accounts), waits, together)) {
                    figures.add(scale.run(warmUp, measured));
                }
            }
        }
        return figures;
    }

    private static void print(Map<String, Figures> prediction) {
        System.out.printf("%n%-26s %10s %10s %10s %10s%n", "prediction", "requests", "mean s", "95 % s", "failed s");
        prediction.forEach((way, figures) -> System.out.printf(
                "%-26s %10.1f %10.2f %10.2f %10.2f%n",
                way, figures.requests(), figures.meanDelay(), figures.p95Delay(), figures.meanDelayOfFailures()));
    }

    private static void print(List<Scale.Figures> scale) {
        System.out.printf("%n%-32s", "scale");
        scale.forEach(figures ->
                System.out.printf(" %16s", figures.accounts() + (figures.together() ? " together" : " one by one")));
        row("looks per second", scale, Scale.Figures::looksPerSecond);
        row("late, median ms", scale, Scale.Figures::p50Late);
        row("late, 99 % ms", scale, Scale.Figures::p99Late);
        row("threads", scale, Scale.Figures::threads);
        row("heap per wait, bytes", scale, Scale.Figures::bytesPerWait);
        row("heap per account, bytes", scale, Scale.Figures::bytesPerAccount);
        row("token requests", scale, Scale.Figures::tokenRequests);
        row("requests for jobs per second", scale, Scale.Figures::jobRequestsPerSecond);
        row("requests for tasks per second", scale, Scale.Figures::taskRequestsPerSecond);
        row("looks per request for jobs", scale, Scale.Figures::looksPerRequest);
        row("CPU per look, microseconds", scale, Scale.Figures::microsPerLook);
        System.out.println();
    }

    private static void row(String name, List<Scale.Figures> scale, ToDoubleFunction<Scale.Figures> figure) {
        System.out.printf("%n%-32s", name);
        scale.forEach(figures -> System.out.printf(" %16.1f", figure.applyAsDouble(figures)));
    }

    private static void write(Map<String, Object> result) throws IOException {
        Files.createDirectories(RESULT.getParent());
        new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT).writeValue(RESULT.toFile(), result);
        System.out.println("Written to " + RESULT);
    }
}
