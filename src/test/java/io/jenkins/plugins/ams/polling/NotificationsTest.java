/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.polling;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import io.jenkins.plugins.ams.testing.CapturedLog;
import java.util.ArrayList;
import java.util.List;
import org.junit.Test;

public class NotificationsTest {

    private final Simulation.Threads threads = new Simulation.Threads();
    private final Notifications notifications = new Notifications("a wait", threads);
    private final List<String> received = new ArrayList<>();

    @Test
    public void areDeliveredInOrderOnOtherThreads() {
        post(Notifications.Kind.POLLED, "polled");
        post(Notifications.Kind.ERROR, "error");
        post(Notifications.Kind.ENDED, "ended");
        assertReceived();
        threads.run();
        assertReceived("polled", "error", "ended");
    }

    @Test
    public void newerOnesReplaceOlderOnesOfTheirKind() {
        for (int i = 0; i < 1000; i++) {
            post(Notifications.Kind.POLLED, "poll " + i);
            post(Notifications.Kind.WAITING, "minute " + i);
        }
        threads.run();
        assertReceived("poll 999", "minute 999");
    }

    @Test
    public void anErrorThatPassedUnreportedIsDropped() {
        post(Notifications.Kind.POLLED, "polled");
        post(Notifications.Kind.ERROR, "error");
        post(Notifications.Kind.RECOVERED, "recovered");
        threads.run();
        assertReceived("polled");
    }

    @Test
    public void recoveryFromAReportedErrorIsDelivered() {
        post(Notifications.Kind.ERROR, "first error");
        threads.run();
        post(Notifications.Kind.RECOVERED, "recovered");
        post(Notifications.Kind.ERROR, "second error");
        post(Notifications.Kind.RECOVERED, "recovered from the second");
        post(Notifications.Kind.ERROR, "third error");
        threads.run();
        assertReceived("first error", "recovered", "third error");
    }

    @Test
    public void thosePostedByAListenerFollow() {
        notifications.post(Notifications.Kind.POLLED, () -> {
            received.add("polled");
            post(Notifications.Kind.ENDED, "ended");
        });
        threads.run();
        assertReceived("polled", "ended");
    }

    @Test
    public void aFailingListenerReceivesLaterOnes() {
        notifications.post(Notifications.Kind.POLLED, () -> {
            throw new NoClassDefFoundError("a defect of this listener");
        });
        post(Notifications.Kind.ENDED, "ended");
        try (CapturedLog log = CapturedLog.start()) {
            threads.run();
            List<String> messages = log.messagesOf(Notifications.class);
            assertEquals(messages.toString(), 1, messages.size());
            assertTrue(messages.toString(), messages.get(0).matches("A listener of .+ failed"));
        }
        assertReceived("ended");
    }

    @Test
    public void noneIsDeliveredAfterClose() {
        post(Notifications.Kind.POLLED, "polled");
        notifications.close();
        post(Notifications.Kind.ENDED, "ended");
        threads.run();
        assertReceived();
    }

    private void post(Notifications.Kind kind, String text) {
        notifications.post(kind, () -> received.add(text));
    }

    private void assertReceived(String... texts) {
        assertEquals(List.of(texts), received);
    }
}
