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
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * Measures the costs of waits, prints the figures and writes them to {@code target/central/benchmark.json}. System
 * properties, all optional:
 *
 * <ul>
 *   <li>{@code benchmark.part}: {@code prediction}, {@code scale}, {@code start}, {@code isolation},
 *       {@code cancellations} or {@code all}, the default
 *   <li>{@code benchmark.api}: one of {@link EmulatedService}, such as {@code mkIo} for {@code MK_IO}; {@code amsV2} by
 *       default
 *   <li>{@code benchmark.accounts}: the numbers of accounts for separate measurements of scale; {@code 1,50} by default
 *   <li>{@code benchmark.cancellations}: the number of jobs to cancel; 1,000 by default
 *   <li>{@code benchmark.waits}: the number of waits in the measurements of scale and start; 10,000 by default
 *   <li>{@code benchmark.isolationSeconds}: the duration of the measurement of isolation; 300 seconds by default
 *   <li>{@code benchmark.warmUp} and {@code benchmark.seconds}: the time between the first polls and the measurement of
 *       scale, and its duration; 120 and 60 seconds by default
 * </ul>
 */
public final class BenchmarkMain {

    private static final String COMPILER_LEVEL = "-XX:TieredStopAtLevel=";

    private static final Path RESULT = Path.of("target/central/benchmark.json");

    private static final int HEALTHY_WAITS = 200;

    private static final Duration CANCEL_LATENCY = Duration.ofMillis(300);

    private BenchmarkMain() {}

    public static void main(String[] args) throws Exception {
        requireOptimization(ManagementFactory.getRuntimeMXBean().getInputArguments());
        EmulatedService api = EmulatedService.named(System.getProperty("benchmark.api", "amsV2"));
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("api", api);
        if (isSelected("prediction")) {
            Map<String, Figures> prediction = Prediction.run(api);
            print(prediction);
            result.put("prediction", prediction);
        }
        if (isSelected("start")) {
            List<Start.Figures> start = start(api);
            printStart(start);
            result.put("start", start);
        }
        if (isSelected("isolation")) {
            List<Isolation.Figures> isolation = isolation();
            printIsolation(isolation);
            result.put("isolation", isolation);
        }
        if (isSelected("cancellations")) {
            Cancellations.Figures cancellations =
                    Cancellations.run(api, Integer.getInteger("benchmark.cancellations", 1000), CANCEL_LATENCY);
            print(cancellations);
            result.put("cancellations", cancellations);
        }
        if (isSelected("scale")) {
            List<Scale.Figures> scale = scale(api);
            print(scale);
            result.put("scale", scale);
        }
        write(result);
    }

    /** Without optimized code, the figures would not be representative of a controller. */
    static void requireOptimization(List<String> arguments) {
        String level = arguments.stream()
                .filter(argument -> argument.startsWith(COMPILER_LEVEL))
                .reduce(COMPILER_LEVEL + 4, (first, last) -> last);
        if (!level.equals(COMPILER_LEVEL + 4)) {
            throw new IllegalStateException(
                    "This JVM does not optimize its code. Run the benchmark with the environment"
                            + " variable MAVEN_OPTS=" + COMPILER_LEVEL + "4");
        }
    }

    private static boolean isSelected(String part) {
        String selected = System.getProperty("benchmark.part", "all");
        return selected.equals("all") || selected.equals(part);
    }

    private static List<Start.Figures> start(EmulatedService api) throws Exception {
        int waits = Integer.getInteger("benchmark.waits", 10_000);
        List<Start.Figures> figures = new ArrayList<>();
        for (int builds : new int[] {20, 1}) {
            for (boolean recorded : new boolean[] {true, false}) {
                try (Start start = new Start(api, waits)) {
                    figures.add(start.run(builds, recorded));
                    System.out.println(figures.get(figures.size() - 1)); // the next one may take minutes
                }
            }
        }
        return figures;
    }

    private static List<Isolation.Figures> isolation() throws Exception {
        Duration time = Duration.ofSeconds(Integer.getInteger("benchmark.isolationSeconds", 300));
        List<Isolation.Figures> figures = new ArrayList<>();
        for (boolean sick : new boolean[] {false, true}) {
            try (Isolation isolation = new Isolation(HEALTHY_WAITS)) {
                figures.add(isolation.run(sick, time));
            }
        }
        return figures;
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

    private static void print(Cancellations.Figures figures) {
        System.out.printf("%n%-32s %8d%n", "cancellations", figures.jobs());
        System.out.printf("%-32s %8d%n", "requests", figures.requests());
        System.out.printf("%-32s %8.1f%n", "seconds until all were sent", figures.secondsUntilAllSent());
        System.out.printf("%-32s %8.1f%n", "seconds until all were done", figures.secondsUntilAllDone());
        System.out.printf("%-32s %8d%n", "not canceled", figures.failed());
        System.out.printf("%-32s %8d%n", "polls until all had ended", figures.polls());
    }

    private static void print(List<Scale.Figures> scale) {
        System.out.printf("%n%-32s", "scale");
        scale.forEach(figures ->
                System.out.printf(" %16s", figures.accounts() + (figures.batched() ? " batched" : " single")));
        row("polls per second", scale, Scale.Figures::pollsPerSecond);
        row("delay, median ms", scale, Scale.Figures::p50DelayMillis);
        row("delay, 99 % ms", scale, Scale.Figures::p99DelayMillis);
        row("threads", scale, Scale.Figures::threads);
        row("heap per wait, bytes", scale, Scale.Figures::bytesPerWait);
        row("heap per account, bytes", scale, Scale.Figures::bytesPerAccount);
        row("token requests", scale, Scale.Figures::tokenRequests);
        row("requests for jobs per second", scale, Scale.Figures::jobRequestsPerSecond);
        row("requests for tasks per second", scale, Scale.Figures::taskRequestsPerSecond);
        row("polls per request for jobs", scale, Scale.Figures::pollsPerRequest);
        row("CPU per poll, microseconds", scale, Scale.Figures::microsPerPoll);
        System.out.println();
    }

    private static void printStart(List<Start.Figures> start) {
        System.out.printf(
                "%n%-44s %10s %10s %12s %8s %8s %8s %8s %8s%n",
                "start", "other ms", "all ms", "reported ms", "lookups", "records", "errors", "threads", "later");
        start.forEach(figures -> System.out.printf(
                "%-44s %10d %10d %12d %8d %8d %8d %8d %8d%n",
                figures.waits() + " waits, " + figures.builds() + " builds a job"
                        + (figures.recorded() ? ", recorded before" : ""),
                figures.millisUntilOther(),
                figures.millisUntilAll(),
                figures.millisUntilReported(),
                figures.lookups(),
                figures.records(),
                figures.errors(),
                figures.threads(),
                figures.threadsLater()));
    }

    private static void printIsolation(List<Isolation.Figures> isolation) {
        System.out.printf(
                "%n%-28s %8s %8s %8s %8s %8s %10s %10s %10s %8s%n",
                "isolation",
                "all ms",
                "polls",
                "delay 50",
                "delay 99",
                "max delay",
                "report 50",
                "report 99",
                "report max",
                "threads");
        isolation.forEach(figures -> System.out.printf(
                "%-28s %8d %8d %8d %8d %8d %10d %10d %10d %8d%n",
                figures.withHungAccounts() ? "with hung accounts" : "without hung accounts",
                figures.millisUntilAll(),
                figures.polls(),
                figures.p50DelayMillis(),
                figures.p99DelayMillis(),
                figures.maxDelayMillis(),
                figures.p50ReportMillis(),
                figures.p99ReportMillis(),
                figures.maxReportMillis(),
                figures.threads()));
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
