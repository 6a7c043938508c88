/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.testing;

import static org.junit.Assert.assertThrows;

import io.jenkins.plugins.ams.emulator.Emulator;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;

/** Helpers for tests of HTTP. */
public final class TestHttp {

    private static final int TIMEOUT_SECONDS = 20;

    private TestHttp() {}

    /** Returns a client like the plugin's, which trusts only the emulator and does not follow redirects. */
    public static HttpClient clientOf(Emulator emulator) {
        return HttpClient.newBuilder()
                .sslContext(emulator.sslContext())
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(Duration.ofSeconds(5))
                .followRedirects(HttpClient.Redirect.NEVER)
                .build();
    }

    /** Returns the result of a future. */
    public static <T> T get(CompletableFuture<T> future)
            throws ExecutionException, InterruptedException, TimeoutException {
        return future.get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
    }

    /** Returns the exception of a failed future. It must have the given class, without a wrapper. */
    public static <E extends Throwable> E failureOf(Class<E> expected, CompletableFuture<?> future) {
        AtomicReference<Throwable> error = new AtomicReference<>();
        CompletableFuture<?> observed = future.whenComplete((result, failure) -> error.set(failure));
        assertThrows(ExecutionException.class, () -> observed.get(TIMEOUT_SECONDS, TimeUnit.SECONDS));
        if (!expected.isInstance(error.get())) {
            throw new AssertionError("not an unwrapped " + expected.getSimpleName(), error.get());
        }
        return expected.cast(error.get());
    }
}
