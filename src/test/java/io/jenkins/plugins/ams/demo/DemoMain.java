/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.demo;

import io.jenkins.plugins.ams.emulator.CommandLine;
import io.jenkins.plugins.ams.emulator.EmulatedJob;
import io.jenkins.plugins.ams.emulator.Emulator;
import io.jenkins.plugins.ams.emulator.Fault;
import io.jenkins.plugins.ams.emulator.JobScript;
import io.jenkins.plugins.ams.emulator.RequestKind;
import io.jenkins.plugins.ams.result.WaitResult;
import io.jenkins.plugins.ams.service.EmulatedService;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Properties;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Prints the console of a build that waits for a job. The system property {@code ams.job} selects the job, see
 * {@link Kind}. The exit status is 0 if the build succeeds and 1 if it does not.
 */
public final class DemoMain {

    private static final String PROPERTY = "ams.job";

    /** The time from the start of a wait to its abort, in seconds of the demo. */
    private static final int ABORT_AFTER = 8;

    /** A job that the demo can show. */
    enum Kind {
        FINISHED("a job that finishes"),
        ERROR("a task fails, and the console shows its error"),
        CANCELED("a user cancels the job"),
        FLAKY("the service is busy, a connection breaks, and a token expires, but the job finishes"),
        ABORTED("the build is aborted, and cancelOnAbort cancels the job"),
        MKIO("a job of MK.IO");

        private final String description;

        Kind(String description) {
            this.description = description;
        }

        /** Returns the value of the system property. */
        String property() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private final Duration second;
    private final Consumer<String> out;

    /**
     * Creates a demo.
     *
     * @param second the real duration of a second of the demo
     * @param out receives each line
     */
    DemoMain(Duration second, Consumer<String> out) {
        this.second = second;
        this.out = out;
    }

    public static void main(String[] args) {
        Consumer<String> out = CommandLine.out();
        int status;
        try {
            Kind kind = kind(System.getProperties());
            status = new DemoMain(Duration.ofSeconds(1), out).run(kind);
        } catch (IllegalArgumentException e) {
            out.accept("ERROR: " + e.getMessage());
            status = 1;
        }
        if (status != 0) {
            System.exit(status);
        }
    }

    /** @throws IllegalArgumentException if a property that begins with {@code ams.} or its value is unknown */
    static Kind kind(Properties properties) {
        CommandLine.requireKnown(properties, Set.of(PROPERTY));
        String name = properties.getProperty(PROPERTY, Kind.FINISHED.property());
        for (Kind kind : Kind.values()) {
            if (kind.property().equals(name)) {
                return kind;
            }
        }
        throw new IllegalArgumentException("unknown job: -D" + PROPERTY + "=" + name + "; known jobs: "
                + Arrays.stream(Kind.values()).map(Kind::property).toList());
    }

    /** Runs a build and returns its exit status. */
    int run(Kind kind) {
        String failure;
        String result;
        EmulatedService api = kind == Kind.MKIO ? EmulatedService.MK_IO : EmulatedService.AMS_V2;
        try (RejectedTokens log = kind == Kind.FLAKY ? new RejectedTokens(out) : null;
                Demo demo = new Demo(api, out)) {
            EmulatedJob job = add(demo.emulator(), kind);
            if (kind == Kind.ABORTED) {
                demo.runAndAbort(job, second.multipliedBy(ABORT_AFTER));
                failure = null;
                result = "ABORTED";
            } else {
                WaitResult waited = demo.run(job);
                failure = waited.failure();
                result = waited.isFailure() ? "FAILURE" : "SUCCESS";
            }
        }
        if (failure != null) {
            out.accept("ERROR: " + failure);
        }
        out.accept("Finished: " + result);
        suggest(kind);
        return result.equals("SUCCESS") ? 0 : 1;
    }

    private void suggest(Kind shown) {
        out.accept("");
        out.accept("Try next, at the end of the same command:");
        for (Kind kind : Kind.values()) {
            if (kind != shown) {
                out.accept(String.format("  -D%s=%-8s  %s", PROPERTY, kind.property(), kind.description));
            }
        }
        out.accept("Then: docs/recipes.md has Pipelines to copy, and docs/demo/README.md starts a demo Jenkins.");
    }

    private EmulatedJob add(Emulator emulator, Kind kind) {
        JobScript encoding = JobScript.named("Encoding BigBuckBunny")
                .queued(second.multipliedBy(3))
                .task("Encode", second.multipliedBy(10))
                .task("Thumbnails", second.multipliedBy(5))
                .outputAsset("BigBuckBunny - encoded");
        return switch (kind) {
            case FINISHED, ABORTED -> emulator.addJob(encoding);
            case ERROR ->
                emulator.addJob(encoding.endsInError(
                        0,
                        "ErrorDownloadingInputAssetServiceFailure",
                        "An error has occurred. Stage: DownloadFile. Code: System.IO.IOException."));
            case CANCELED -> emulator.addJob(encoding.endsCanceled());
            case MKIO -> emulator.addJob(encoding.transform("AdaptiveStreaming").v3Name("BigBuckBunny"));
            case FLAKY -> flaky(emulator, encoding);
        };
    }

    /**
     * Adds a job and faults, each of which affects the next requests of its kind. There are two resets because the
     * JDK's HTTP client retries a request once after the reset of a pooled connection.
     */
    private EmulatedJob flaky(Emulator emulator, JobScript encoding) {
        emulator.faults().inject(Fault.status(503).on(RequestKind.JOBS).times(2));
        emulator.faults().inject(Fault.expiredToken().on(RequestKind.JOBS).once());
        emulator.faults().inject(Fault.reset().on(RequestKind.TASKS).times(2));
        return emulator.addJob(encoding.queued(second.multipliedBy(8)));
    }
}
