/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.http;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertSame;
import static org.junit.Assert.assertTrue;

import io.jenkins.plugins.ams.testing.TestHttp;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import org.junit.Test;

/** Tests which futures of a chain are canceled together, and which are not. */
public class CancellableFutureTest {

    private final CompletableFuture<Integer> source = new CompletableFuture<>();
    private final CompletableFuture<Integer> exchange = new CompletableFuture<>();
    private final CompletableFuture<Integer> chain = Futures.bare(CancellableFuture.after(source)
            .thenApply(n -> n + 1)
            .thenCompose(n -> new CancellableFuture<Integer>(exchange).thenApply(m -> n + m))
            .handle((n, failure) -> failure == null ? CompletableFuture.completedFuture(n) : retry())
            .thenCompose(result -> result));

    private final CompletableFuture<Integer> second = new CompletableFuture<>();
    private int attempts = 1;

    private CompletableFuture<Integer> retry() {
        attempts++;
        return new CancellableFuture<>(second);
    }

    @Test
    public void cancelsTheActiveStage() {
        source.complete(1);
        assertTrue(chain.cancel(true));
        assertTrue(exchange.isCancelled());
        assertEquals("a cancellation is not a failure to retry", 1, attempts);
    }

    @Test
    public void doesNotCancelSharedStagesAndStartsNothingAfterwards() {
        chain.cancel(true);
        assertFalse(source.isDone());
        source.complete(1);
        assertFalse("must not be started", exchange.isDone());
        assertEquals(1, attempts);
    }

    @Test
    public void cancelsARetry() {
        CompletableFuture<Integer> first = CompletableFuture.failedFuture(new IOException("lost"));
        CompletableFuture<Integer> recovered =
                CancellableFuture.after(first).handle((n, failure) -> retry()).thenCompose(result -> result);
        recovered.cancel(true);
        assertTrue(second.isCancelled());
    }

    @Test
    public void cancelsAStageStartedDuringCancel() {
        CompletableFuture<Integer>[] self = new CompletableFuture[1];
        self[0] = CancellableFuture.after(source).thenCompose(n -> {
            self[0].cancel(true);
            return new CancellableFuture<>(exchange);
        });
        source.complete(1);
        assertTrue(exchange.isCancelled());
    }

    @Test
    public void otherwiseBehavesLikeAnyFuture() throws Exception {
        CancellableFuture<Integer> inner = new CancellableFuture<>(exchange);
        CompletableFuture<Integer> sum = CancellableFuture.after(source).thenCompose(n -> inner.thenApply(m -> n + m));
        source.complete(1);
        inner.complete(2);
        assertEquals(Integer.valueOf(3), TestHttp.get(sum));

        IOException failure = new IOException("lost");
        CompletableFuture<Integer> failed = CancellableFuture.after(CompletableFuture.<Integer>failedFuture(failure))
                .thenCompose(n -> inner);
        assertSame(failure, TestHttp.failureOf(IOException.class, Futures.bare(failed)));
        IllegalStateException error = new IllegalStateException("error");
        CompletableFuture<Integer> throwing = CancellableFuture.after(source).thenCompose(n -> {
            throw error;
        });
        assertSame(error, TestHttp.failureOf(IllegalStateException.class, Futures.bare(throwing)));
    }
}
