/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.account;

import io.jenkins.plugins.ams.auth.AuthenticationException;
import io.jenkins.plugins.ams.auth.Futures;
import io.jenkins.plugins.ams.watch.PollTarget;
import io.jenkins.plugins.ams.watch.Scheduler;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;

/**
 * Looks up the targets of waits. Builds that find the same share one lookup if they need it at the same time, as do the
 * thousands of waits that resume when Jenkins starts. The use of the credentials is recorded for each of these builds.
 *
 * @param <B> builds; compared by identity
 * @param <C> credentials
 */
final class TargetLookups<B, C> {

    /** Credentials stores on the network have timeouts of some seconds, and retry. */
    static final Duration TIMEOUT = Duration.ofSeconds(30);

    private final SharedLookups<Key, Found<C>> lookups;
    private final KeyedExecutor.Group threads;
    private final CredentialsUsageTracker<B, C> tracker;

    /**
     * What a wait needs.
     *
     * @param build the build that the wait belongs to
     * @param sharer what builds have in common that find the same; compared by identity
     * @param subject what is looked up: account and credentials; has equality
     * @param store stands for the place where it is looked up. One that does not respond delays lookups with an equal
     *     store only
     * @param lookup looks up
     */
    record Request<B, C>(B build, Object sharer, Object subject, Object store, Callable<Found<C>> lookup) {

        /** Returns false if the lookup was made for another build, and what it found is for that one only. */
        private boolean canUse(Found<C> found) {
            return sharer == build || found.sharer == sharer || found.sharer == build;
        }

        private Request<B, C> forThisBuild() {
            return new Request<>(build, build, subject, store, lookup);
        }
    }

    /**
     * What a lookup has found.
     *
     * @param used credentials whose use is to be recorded
     * @param sharer what builds have in common that would have found the same; possibly less than the request expected
     */
    record Found<C>(PollTarget target, List<C> used, Object sharer) {}

    private record Key(Object sharer, Object subject) {

        @Override
        public boolean equals(Object other) {
            return other instanceof Key key && key.sharer == sharer && key.subject.equals(subject);
        }

        @Override
        public int hashCode() {
            return 31 * System.identityHashCode(sharer) + subject.hashCode();
        }
    }

    TargetLookups(KeyedExecutor.Group threads, Scheduler timer, CredentialsUsageTracker<B, C> tracker) {
        this.lookups = new SharedLookups<>(timer, TIMEOUT, TargetLookups::timeout);
        this.threads = threads;
        this.tracker = tracker;
    }

    /**
     * Starts a lookup, or joins one that is under way. Returns at once.
     *
     * @param fresh whether the lookup must start after this call
     * @return fails with what the lookup threw, or with a transient {@link AuthenticationException} if it takes too long
     */
    CompletableFuture<PollTarget> find(Request<B, C> request, boolean fresh) {
        Key key = new Key(request.sharer(), request.subject());
        return Futures.bare(lookups.find(key, fresh, request.store(), threads.of(request.store()), request.lookup())
                .thenCompose(found -> {
                    if (!request.canUse(found)) {
                        return find(request.forThisBuild(), fresh);
                    }
                    tracker.track(request.build(), found.used());
                    return CompletableFuture.completedFuture(found.target());
                }));
    }

    private static AuthenticationException timeout() {
        return new AuthenticationException(
                AuthenticationException.Kind.CREDENTIALS_UNAVAILABLE,
                null,
                "no result within " + TIMEOUT.toSeconds() + " s",
                null,
                null,
                null);
    }
}
