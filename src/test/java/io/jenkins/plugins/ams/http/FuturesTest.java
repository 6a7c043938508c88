/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.http;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertSame;

import io.jenkins.plugins.ams.testing.TestHttp;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.junit.Test;

public class FuturesTest {

    private final IOException failure = new IOException("reset");

    @Test
    public void unwrapsEveryLayer() {
        assertSame(failure, Futures.unwrap(new CompletionException(new ExecutionException(failure))));
        assertSame(failure, Futures.unwrap(failure));
    }

    @Test
    public void keepsAnExceptionWithoutACause() {
        CompletionException empty = new CompletionException("nothing", null);
        assertSame(empty, Futures.unwrap(empty));
    }

    @Test
    public void unwrapsTheFailureOfAChain() {
        CompletableFuture<Integer> chain =
                CompletableFuture.<Integer>failedFuture(failure).thenApply(n -> n + 1);
        assertSame(failure, TestHttp.failureOf(IOException.class, Futures.bare(chain)));
    }

    @Test
    public void passesOnAResult() throws Exception {
        assertEquals(Integer.valueOf(1), TestHttp.get(Futures.bare(CompletableFuture.completedFuture(1))));
    }
}
