/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.credentials;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNotEquals;

import io.jenkins.plugins.ams.testing.CapturedLog;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import org.junit.Test;

public class UseTrackerTest {

    private final Queue<Runnable> thread = new ArrayDeque<>();
    private final List<String> records = new ArrayList<>();
    private final CredentialsUsageTracker<String, String> tracker =
            new CredentialsUsageTracker<>(key -> thread::add, new CredentialsUsageTracker.Records<String, String>() {
                @Override
                public boolean contains(String build, String credentials) {
                    return records.contains(build + ' ' + credentials);
                }

                @Override
                public void add(String build, String credentials) {
                    records.add(build + ' ' + credentials);
                }
            });

    @Test
    public void recordsNothingInTheCallingThread() {
        tracker.track("build", List.of("secret"));
        assertEquals(List.of(), records);
    }

    @Test
    public void recordsEachUseOnce() {
        for (int i = 0; i < 1000; i++) {
            tracker.track("build 1", List.of("secret", "certificate"));
            tracker.track("build 2", List.of("secret"));
        }
        assertEquals("waits of one build share one task", 3, thread.size());
        runTasks();
        tracker.track("build 1", List.of("secret"));
        runTasks();
        assertEquals(List.of("build 1 secret", "build 1 certificate", "build 2 secret"), records);
    }

    @Test
    public void doesNotRecordAgainAfterARestart() {
        records.add("build secret");
        tracker.track("build", List.of("secret"));
        runTasks();
        assertEquals(List.of("build secret"), records);
    }

    /** Rotated credentials, or those of another folder, can have the same ID. */
    @Test
    public void distinguishesEqualCredentials() {
        CredentialsUsageTracker<String, String> recording = new CredentialsUsageTracker<>(
                key -> thread::add, new CredentialsUsageTracker.Records<String, String>() {
                    @Override
                    public boolean contains(String build, String credentials) {
                        return false;
                    }

                    @Override
                    public void add(String build, String credentials) {
                        records.add(build + ' ' + credentials);
                    }
                });
        recording.track("build", List.of(new String("secret"), new String("secret")));
        runTasks();
        assertEquals(2, records.size());
    }

    /** Recording the use of a certificate can take long, and must not delay the records of other credentials. */
    @Test
    public void onlyUsesOfTheSameCredentialsWaitForEachOther() {
        List<Object> keys = new ArrayList<>();
        CredentialsUsageTracker<String, String> keyed = new CredentialsUsageTracker<>(
                key -> {
                    keys.add(key);
                    return thread::add;
                },
                new CredentialsUsageTracker.Records<String, String>() {
                    @Override
                    public boolean contains(String build, String credentials) {
                        return false;
                    }

                    @Override
                    public void add(String build, String credentials) {
                        records.add(build + ' ' + credentials);
                    }
                });
        String credentials = new String("secret");
        keyed.track("build 1", List.of(credentials));
        keyed.track("build 2", List.of(credentials));
        keyed.track("build 1", List.of(new String("secret")));
        assertEquals(keys.get(0), keys.get(1));
        assertNotEquals("of another folder, with the same ID", keys.get(0), keys.get(2));
    }

    @Test
    public void logsARecordThatCannotBeWritten() {
        CredentialsUsageTracker<String, String> failing = new CredentialsUsageTracker<>(
                key -> thread::add, new CredentialsUsageTracker.Records<String, String>() {
                    @Override
                    public boolean contains(String build, String credentials) throws IOException {
                        throw new IOException("disk full");
                    }

                    @Override
                    public void add(String build, String credentials) {
                        records.add("never");
                    }
                });
        failing.track("build", List.of("secret"));
        try (CapturedLog log = CapturedLog.start()) {
            runTasks();
            assertEquals(
                    List.of("Could not record that build uses credentials"),
                    log.messagesOf(CredentialsUsageTracker.class));
        }
    }

    private void runTasks() {
        while (!thread.isEmpty()) {
            thread.remove().run();
        }
    }
}
