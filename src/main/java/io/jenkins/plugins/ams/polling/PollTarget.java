/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.polling;

import io.jenkins.plugins.ams.http.AmsException;
import io.jenkins.plugins.ams.service.AmsService;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * The account and the credentials that a wait uses to poll its job. Waits whose targets have equal keys share one
 * {@link AccountQueue}: its token, its rate limit, its backoff and its requests.
 *
 * @param key identifies the endpoint and the application identity; implements {@code equals} and contains no secret in
 *     plain text
 * @param account identifies the service, independently of the credentials; implements {@code equals}. A service that
 *     has responded to any wait since the controller started is not considered nonexistent
 * @param service creates the service client; called once per queue
 * @param explanation returns a description of a network error for users, with instructions
 */
public record PollTarget(
        Object key, Object account, Supplier<AmsService> service, Function<AmsException, String> explanation) {

    /** Creates a target for an account with one identity, whose errors are described by their messages. */
    public PollTarget(Object key, Supplier<AmsService> service) {
        this(key, key, service, Throwable::getMessage);
    }

    /**
     * Finds the target of a wait. Called again after the credentials of a target were rejected, because they may have
     * been replaced.
     */
    @FunctionalInterface
    public interface Source {
        /**
         * Returns the target.
         *
         * @throws Exception if there is no target; the message instructs the user
         */
        PollTarget find() throws Exception;

        /**
         * Starts the lookup of the target. The default calls {@link #find} in the calling thread; sources that may
         * block override it, use threads of their own and return immediately.
         *
         * @return a future that completes exceptionally with the errors of {@link #find}; a transient error is retried
         */
        default CompletableFuture<PollTarget> lookUp() {
            try {
                return CompletableFuture.completedFuture(find());
            } catch (Throwable e) { // Catch Errors too, such as NoClassDefFoundError: the wait must not hang.
                return CompletableFuture.failedFuture(e);
            }
        }
    }
}
