/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.polling;

import io.jenkins.plugins.ams.http.Futures;
import io.jenkins.plugins.ams.service.AmsService;
import io.jenkins.plugins.ams.testing.ManualTime;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * An emulated service with slow cancellations.
 *
 * <p>The response comes after a latency in the test's time, and the job is canceled at that time. Counts the concurrent
 * requests.
 */
public final class SlowCancellations {

    private final ManualTime time;
    private final Duration latency;
    private int inFlight;
    private int maxInFlight;
    private int sent;

    /** @param latency the latency of each request to cancel a job */
    public SlowCancellations(ManualTime time, Duration latency) {
        this.time = time;
        this.latency = latency;
    }

    /** Returns a target with slow cancellations and a key of its own that otherwise behaves like the given one. */
    public PollTarget at(PollTarget target) {
        return new PollTarget(
                List.of(this, target.key()), () -> slow(target.service().get()));
    }

    synchronized int maxInFlight() {
        return maxInFlight;
    }

    /** Returns the number of requests to cancel a job. */
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
                ((CompletableFuture<?>) call.run()).whenComplete((value, failure) -> {
                    if (failure == null) {
                        response.complete(value);
                    } else {
                        response.completeExceptionally(Futures.unwrap(failure));
                    }
                });
            } catch (Throwable e) { // including assertion errors of the emulator's client
                response.completeExceptionally(e);
            }
        });
        return response;
    }

    private interface Call {
        Object run() throws Throwable;
    }
}
