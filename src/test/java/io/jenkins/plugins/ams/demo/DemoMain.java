/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.demo;

import io.jenkins.plugins.ams.emulator.EmulatedJob;
import io.jenkins.plugins.ams.emulator.Fault;
import io.jenkins.plugins.ams.emulator.JobScript;
import io.jenkins.plugins.ams.emulator.RequestKind;
import io.jenkins.plugins.ams.result.WaitResult;
import java.time.Duration;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/**
 * Prints the console of a build that waits for a job. The system property {@code ams.job} selects the job:
 * {@code finished} (the default), {@code error}, {@code canceled}, or {@code flaky}, which finishes despite transient
 * errors. The exit status is 0 if the build succeeds and 1 if it fails.
 */
public final class DemoMain {

    private static final JobScript ENCODING = JobScript.named("Encoding BigBuckBunny")
            .queued(Duration.ofSeconds(3))
            .task("Encode", Duration.ofSeconds(10))
            .task("Thumbnails", Duration.ofSeconds(5))
            .outputAsset("BigBuckBunny - encoded");

    private DemoMain() {}

    public static void main(String[] args) {
        WaitResult result;
        try (Demo demo = new Demo()) {
            result = demo.run(job(demo, System.getProperty("ams.job", "finished")), System.out::println);
        }
        if (result.isFailure()) {
            System.out.println("ERROR: " + result.failure());
            System.out.println("Finished: FAILURE");
            System.exit(1);
        }
        System.out.println("Finished: SUCCESS");
    }

    private static EmulatedJob job(Demo demo, String kind) {
        return switch (kind) {
            case "finished" -> demo.emulator().addJob(ENCODING);
            case "error" ->
                demo.emulator()
                        .addJob(ENCODING.endsInError(
                                0,
                                "ErrorDownloadingInputAssetServiceFailure",
                                "An error has occurred. Stage: DownloadFile. Code: System.IO.IOException."));
            case "canceled" -> demo.emulator().addJob(ENCODING.endsCanceled());
            case "flaky" -> flaky(demo);
            default ->
                throw new IllegalArgumentException("-Dams.job=" + kind + ": use finished, error, canceled or flaky");
        };
    }

    /**
     * Adds a job and faults, each of which affects the next requests of its kind. There are two resets because the
     * JDK's HTTP client retries a request once after the reset of a pooled connection.
     */
    private static EmulatedJob flaky(Demo demo) {
        showRenewals();
        demo.emulator().faults().inject(Fault.status(503).on(RequestKind.JOBS).times(2));
        demo.emulator()
                .faults()
                .inject(Fault.expiredToken().on(RequestKind.JOBS).once());
        demo.emulator().faults().inject(Fault.reset().on(RequestKind.TASKS).times(2));
        return demo.emulator().addJob(ENCODING.queued(Duration.ofSeconds(8)));
    }

    /** Prints log messages about renewed tokens, which the build console does not contain. */
    private static void showRenewals() {
        Logger logger = Logger.getLogger("io.jenkins.plugins.ams");
        logger.setLevel(Level.FINE);
        logger.setUseParentHandlers(false);
        logger.addHandler(new Handler() {
            @Override
            public void publish(LogRecord entry) {
                String message = entry.getMessage();
                if (message.contains("401")) {
                    System.out.println("[log] " + message);
                }
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        });
    }
}
