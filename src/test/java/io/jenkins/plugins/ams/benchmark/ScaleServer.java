/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.benchmark;

import io.jenkins.plugins.ams.emulator.Emulator;
import io.jenkins.plugins.ams.emulator.Fault;
import io.jenkins.plugins.ams.emulator.JobScript;
import io.jenkins.plugins.ams.emulator.RequestKind;
import io.jenkins.plugins.ams.service.EmulatedService;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Emulates the accounts and jobs for {@link Scale}, in a separate process, so that its costs are not measured. Writes
 * the addresses of the accounts and the IDs of the jobs to a file. For each line of standard input, prints the numbers
 * of requests for jobs, tasks, assets and tokens. Ends at the end of standard input.
 */
public final class ScaleServer {

    private static final Duration LATENCY = Duration.ofMillis(100);

    /** A clock that can be set back temporarily, to add jobs with a creation time in the past. */
    private static final class ShiftedClock extends Clock {

        private volatile Duration offset = Duration.ZERO;

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Instant instant() {
            return Instant.now().minus(offset);
        }
    }

    private ScaleServer() {}

    /**
     * Runs the server.
     *
     * @param args the file to write, the number of accounts, the total number of jobs, whether filters with several
     *     clauses are rejected, the API, whether 99 of 100 jobs belong to the first account, and the lifetime of tokens
     *     in seconds
     */
    public static void main(String[] args) throws IOException {
        Path file = Path.of(args[0]);
        int accounts = Integer.parseInt(args[1]);
        int jobs = Integer.parseInt(args[2]);
        EmulatedService api = EmulatedService.named(args[4]);
        boolean skewed = Boolean.parseBoolean(args[5]);
        Random random = new Random(Prediction.SEED);
        List<Emulator> emulators = new ArrayList<>();
        List<ShiftedClock> clocks = new ArrayList<>();
        for (int i = 0; i < accounts; i++) {
            clocks.add(new ShiftedClock());
            Emulator emulator = Emulator.start(clocks.get(i));
            emulator.settings().oneClausePerFilter(Boolean.parseBoolean(args[3]));
            emulator.faults().inject(Fault.latency(LATENCY));
            emulator.azureAd().tokenLifetime(Duration.ofSeconds(Long.parseLong(args[6])));
            emulators.add(emulator);
        }
        Path part = Files.createTempFile(file.toAbsolutePath().getParent(), "scale", null);
        try (BufferedWriter out = Files.newBufferedWriter(part)) {
            Emulator first = emulators.get(0);
            line(out, first.trustStore().toString(), first.trustStorePassword());
            for (Emulator emulator : emulators) {
                line(out, api.endpoint(emulator) + "", emulator.authority() + "", emulator.tenant());
                line(out, emulator.clientId(), api.secret(emulator));
            }
            for (PopulationJob job : PopulationJob.sampleRunning(jobs, random)) {
                int account = skewed && random.nextInt(100) > 0 ? 0 : random.nextInt(accounts);
                clocks.get(account).offset = seconds(random.nextDouble() * job.end());
                line(
                        out,
                        account + "",
                        api.idOf(emulators.get(account).addJob(script(job))).value());
                clocks.get(account).offset = Duration.ZERO;
            }
        }
        Files.move(part, file);
        BufferedReader commands = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        while (commands.readLine() != null) {
            System.out.println(count(emulators, RequestKind.JOBS)
                    + " " + count(emulators, RequestKind.TASKS)
                    + " " + count(emulators, RequestKind.ASSETS)
                    + " " + count(emulators, RequestKind.TOKEN));
        }
        emulators.forEach(Emulator::close);
    }

    private static long count(List<Emulator> emulators, RequestKind kind) {
        return emulators.stream()
                .mapToLong(emulator -> emulator.requests().count(kind))
                .sum();
    }

    private static JobScript script(PopulationJob job) {
        // until it fails, a job has the progress of a longer one
        double run = job.end() - job.queued();
        double share = run / job.running();
        JobScript script = JobScript.named("Encoding")
                .queued(seconds(job.queued()))
                .task("Encode", seconds(run))
                .progress(part -> job.progress(part * share))
                .progressRefreshedEvery(Duration.ofSeconds(5));
        return job.fails() ? script.endsInError("ErrorProcessingTask", "It broke.") : script;
    }

    private static Duration seconds(double seconds) {
        return Duration.ofMillis(Math.round(1000 * seconds));
    }

    private static void line(BufferedWriter out, String... words) throws IOException {
        out.write(String.join(" ", words));
        out.newLine();
    }
}
