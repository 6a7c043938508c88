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

/** What tests of HTTP need again and again. */
public final class TestHttp {

    private static final int TIMEOUT_SECONDS = 20;

    private TestHttp() {}

    /** A client as the plugin uses it: trusts the emulator and no other, and follows no redirects. */
    public static HttpClient clientOf(Emulator emulator) {
        return HttpClient.newBuilder()
                .sslContext(emulator.sslContext())
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(Duration.ofSeconds(5))
                .followRedirects(HttpClient.Redirect.NEVER)
                .build();
    }

    /** The result of a future that succeeds. */
    public static <T> T get(CompletableFuture<T> future)
            throws ExecutionException, InterruptedException, TimeoutException {
        return future.get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
    }

    /** The failure of a future that fails with this class, bare: a stage that looks at it sees no wrapping. */
    public static <E extends Throwable> E failureOf(Class<E> expected, CompletableFuture<?> future) {
        AtomicReference<Throwable> error = new AtomicReference<>();
        CompletableFuture<?> observed = future.whenComplete((result, failure) -> error.set(failure));
        assertThrows(ExecutionException.class, () -> observed.get(TIMEOUT_SECONDS, TimeUnit.SECONDS));
        if (!expected.isInstance(error.get())) {
            throw new AssertionError("not a bare " + expected.getSimpleName(), error.get());
        }
        return expected.cast(error.get());
    }
}
