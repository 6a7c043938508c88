/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.polling;

import static org.junit.Assert.assertNotSame;
import static org.junit.Assert.assertSame;

import java.time.Duration;
import org.junit.Rule;
import org.junit.Test;

/** Idle queues are removed, but never one that a wait has just taken. */
public class AccountQueuesTest {

    private static final Duration TTL = Duration.ofMinutes(30);

    @Rule
    public final Simulation simulation = new Simulation();

    @Test
    public void removesAnIdleQueue() {
        AccountQueue idle = take();
        simulation.advance(TTL);
        queues().forgetIdle();
        assertNotSame(idle, take());
    }

    @Test
    public void keepsAnIdleQueueThatAWaitTakesBeforeItIsRemoved() {
        AccountQueue idle = take();
        simulation.advance(TTL);
        AccountQueue taken = take();
        queues().forgetIdle(); // the wait is not in the queue yet
        assertSame(idle, taken);
        assertSame(taken, take());
    }

    private AccountQueue take() {
        return queues().of(simulation.target());
    }

    private AccountQueues queues() {
        return simulation.poller.queues();
    }
}
