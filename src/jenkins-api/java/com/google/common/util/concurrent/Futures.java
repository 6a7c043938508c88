/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package com.google.common.util.concurrent;

public final class Futures {
    private Futures() {}

    public static <V> ListenableFuture<V> immediateFuture(V value) {
        throw new UnsupportedOperationException();
    }
}
