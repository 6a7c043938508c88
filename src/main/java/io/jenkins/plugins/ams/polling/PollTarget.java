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
 * The account and credentials that a wait uses to poll its job. Waits whose targets have equal keys share an {@link
 * AccountQueue}, and therefore a token, a concurrency limit, a backoff, and requests.
 *
 * @param key identifies the endpoint and the identity that authenticates with it; implements {@code equals} and
 *     contains no secret in plain text
 * @param account identifies the service, regardless of the credentials; implements {@code equals}. Once a service has
 *     responded, the poller assumes until Jenkins restarts that the service exists
 * @param service creates the service client; called once per queue
 * @param explanation returns a message that explains a network error to users and says what to do
 * @param origin the configured account and credentials of the target, as shown to administrators
 */
public record PollTarget(
        Object key,
        Object account,
        Supplier<AmsService> service,
        Function<AmsException, String> explanation,
        Origin origin) {

    /** Creates a target whose origin has the same account and no credentials ID. */
    public PollTarget(
            Object key, Object account, Supplier<AmsService> service, Function<AmsException, String> explanation) {
        this(key, account, service, explanation, new Origin(account, ""));
    }

    /** Creates a target whose key also identifies the account. Network errors keep their own messages. */
    public PollTarget(Object key, Supplier<AmsService> service) {
        this(key, key, service, Throwable::getMessage);
    }

    /**
     * The configured account and credentials. Targets with the same origin can have different keys, because a secret
     * can be replaced without changing the credentials ID.
     *
     * @param account identifies the account's settings; implements {@code equals}
     * @param credentialsId the ID of the credentials in Jenkins, or an expression that refers to a credentials
     *     parameter
     */
    public record Origin(Object account, String credentialsId) {}

    /**
     * Finds a wait's target. The target is looked up again after its credentials have been rejected, because the
     * credentials may have been replaced in Jenkins.
     */
    @FunctionalInterface
    public interface Source {
        /**
         * Returns the wait's target, using the current configuration and credentials.
         *
         * @throws Exception if there is no target; the message says what the user can do
         */
        PollTarget find() throws Exception;

        /** Returns the object that the wait belongs to, such as a build. By default, each wait belongs to itself. */
        default Object owner() {
            return this;
        }

        /**
         * Starts looking up the target. The default implementation calls {@link #find} in the calling thread. Sources
         * that may block override this method, use their own threads, and return immediately.
         *
         * @return a future that receives the target, or completes exceptionally with any exception that {@link #find}
         *     throws. The caller retries the lookup after transient errors
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
