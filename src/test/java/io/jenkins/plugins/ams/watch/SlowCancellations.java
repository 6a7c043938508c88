/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.watch;

import io.jenkins.plugins.ams.service.AmsService;
import io.jenkins.plugins.ams.testing.ManualTime;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * The emulated service with cancellations that take some of the test's time: a response comes that much later, and the
 * job is canceled when it does. Counts how many are in flight at once.
 */
public final class SlowCancellations {

    private final ManualTime time;
    private final Duration latency;
    private int inFlight;
    private int maxInFlight;
    private int sent;

    /** @param latency of each request to cancel a job */
    public SlowCancellations(ManualTime time, Duration latency) {
        this.time = time;
        this.latency = latency;
    }

    /** A target of its own where cancellations are slow, and all else is as at the given one. */
    public PollTarget at(PollTarget target) {
        return new PollTarget(
                List.of(this, target.key()), () -> slow(target.service().get()));
    }

    synchronized int maxInFlight() {
        return maxInFlight;
    }

    synchronized int inFlight() {
        return inFlight;
    }

    /** How many requests to cancel a job were sent. */
    public synchronized int sent() {
        return sent;
    }

    private AmsService slow(AmsService service) {
        return (AmsService) Proxy.newProxyInstance(
                AmsService.class.getClassLoader(), new Class<?>[] {AmsService.class}, (proxy, method, arguments) -> {
                    Call call = () -> {
                        try {
                            return method.invoke(service, arguments);
                        } catch (InvocationTargetException e) {
                            throw e.getCause();
                        }
                    };
                    return method.getName().equals("cancel") ? later(call) : call.run();
                });
    }

    private CompletableFuture<Object> later(Call call) {
        CompletableFuture<Object> response = new CompletableFuture<>();
        synchronized (this) {
            sent++;
            inFlight++;
            maxInFlight = Math.max(maxInFlight, inFlight);
        }
        time.schedule(latency, () -> {
            synchronized (this) {
                inFlight--;
            }
            try {
                response.complete(((CompletableFuture<?>) call.run()).join());
            } catch (Throwable e) { // an assertion of the emulator's client included
                response.completeExceptionally(e);
            }
        });
        return response;
    }

    private interface Call {
        Object run() throws Throwable;
    }
}
