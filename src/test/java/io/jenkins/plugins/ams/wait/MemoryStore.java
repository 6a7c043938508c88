/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.wait;

import java.io.IOException;
import java.util.List;

/** Keeps cancellation requests in memory instead of a file. */
final class MemoryStore implements PendingCancellations.Store {

    /** The exception that each access throws, or null if accesses succeed. */
    IOException error;

    /** The number of times that the requests were written. */
    int writes;

    /** A task that runs once, during the next write. */
    Runnable duringWrite = () -> {};

    private List<CancellationRequest> stored = List.of();

    /** Returns the requests that Jenkins would load after a restart. */
    List<CancellationRequest> stored() {
        return stored;
    }

    @Override
    public List<CancellationRequest> read() throws IOException {
        fail();
        return stored;
    }

    @Override
    public void write(List<CancellationRequest> requests) throws IOException {
        fail();
        writes++;
        Runnable once = duringWrite;
        duringWrite = () -> {};
        once.run();
        stored = List.copyOf(requests);
    }

    private void fail() throws IOException {
        if (error != null) {
            throw error;
        }
    }
}
