/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.account;

import static org.junit.Assert.assertEquals;

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
    private final UseTracker<String, String> tracker =
            new UseTracker<>(thread::add, new UseTracker.Records<String, String>() {
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
    public void recordsNothingInTheThreadOfTheCaller() {
        tracker.track("build", List.of("secret"));
        assertEquals(List.of(), records);
    }

    @Test
    public void recordsEachUseOnce() {
        for (int i = 0; i < 1000; i++) {
            tracker.track("build 1", List.of("secret", "certificate"));
            tracker.track("build 2", List.of("secret"));
        }
        assertEquals("waits of one build are one task", 3, thread.size());
        work();
        tracker.track("build 1", List.of("secret"));
        work();
        assertEquals(List.of("build 1 secret", "build 1 certificate", "build 2 secret"), records);
    }

    @Test
    public void doesNotRecordAgainWhatWasRecordedBeforeARestart() {
        records.add("build secret");
        tracker.track("build", List.of("secret"));
        work();
        assertEquals(List.of("build secret"), records);
    }

    /** As a rotated secret has the same ID, or another folder's. */
    @Test
    public void tellsEqualCredentialsApart() {
        UseTracker<String, String> recording = new UseTracker<>(thread::add, new UseTracker.Records<String, String>() {
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
        work();
        assertEquals(2, records.size());
    }

    @Test
    public void aRecordThatCannotBeWrittenIsLogged() {
        UseTracker<String, String> failing = new UseTracker<>(thread::add, new UseTracker.Records<String, String>() {
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
            work();
            assertEquals(List.of("Could not record that build uses credentials"), log.messagesOf(UseTracker.class));
        }
    }

    private void work() {
        while (!thread.isEmpty()) {
            thread.remove().run();
        }
    }
}
