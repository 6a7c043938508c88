/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.watch;

import io.jenkins.plugins.ams.service.AmsService;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Where a wait looks. Waits whose targets have equal keys share one connection: its token, its rate limit, its back-off
 * and its requests.
 *
 * @param key stands for the endpoint and the principal; has equality, and holds no secret in clear
 * @param account stands for the service, whatever the credentials; has equality. A service that has responded once to
 *     any wait since the poller was made is not taken for one that does not exist
 * @param service makes the client; asked once per connection
 * @param explanation describes a network error for users, with what to do about it
 */
public record PollTarget(
        Object key, Object account, Supplier<AmsService> service, Function<Exception, String> explanation) {

    /** A target of an account that has one identity, whose errors are described by their messages. */
    public PollTarget(Object key, Supplier<AmsService> service) {
        this(key, key, service, Throwable::getMessage);
    }

    /** Finds the target of a wait. Asked again when a target's credentials were refused: they may be others by now. */
    @FunctionalInterface
    public interface Source {
        /**
         * Looks the target up.
         *
         * @throws Exception if there is none; the message says to the user what to do
         */
        PollTarget find() throws Exception;

        /**
         * Starts to look the target up. A source that may block does so on threads of its own, and returns at once; others
         * need nothing but {@link #find}.
         *
         * @return fails as {@link #find} does; a transient error is worth another try
         */
        default CompletableFuture<PollTarget> lookUp() {
            try {
                return CompletableFuture.completedFuture(find());
            } catch (Throwable e) { // Errors too, such as NoClassDefFoundError: the wait must not hang
                return CompletableFuture.failedFuture(e);
            }
        }
    }
}
