/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.watch;

import io.jenkins.plugins.ams.service.AmsService;
import java.util.function.Supplier;

/**
 * Where a wait looks. Waits whose targets have equal keys share one connection: its token, its rate limit, its back-off
 * and its requests.
 *
 * @param key stands for the endpoint and the principal; has equality, and holds no secret in clear
 * @param service makes the client; asked once per connection
 */
public record Target(Object key, Supplier<AmsService> service) {

    /** Finds the target of a wait. Asked again when a target's credentials were refused: they may be others by now. */
    @FunctionalInterface
    public interface Source {
        /**
         * Looks the target up; may take its time, as it runs on a thread of the watcher's.
         *
         * @throws Exception if there is none; the message says to the user what to do
         */
        Target find() throws Exception;
    }
}
