/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.config;

import io.jenkins.plugins.ams.auth.AuthenticationException;
import io.jenkins.plugins.ams.credentials.CredentialsUsageTracker;
import io.jenkins.plugins.ams.http.Futures;
import io.jenkins.plugins.ams.polling.PollTarget;
import io.jenkins.plugins.ams.polling.Scheduler;
import io.jenkins.plugins.ams.runtime.KeyedExecutor;
import io.jenkins.plugins.ams.runtime.SharedLookups;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/**
 * Looks up the targets of waits. Builds whose lookups return the same target share one lookup if they need the target
 * at the same time, such as the thousands of waits that resume when Jenkins starts. The use of credentials is recorded
 * for each build.
 *
 * @param <B> the type of builds, which are compared by identity
 * @param <C> the type of credentials
 */
@Restricted(NoExternalUse.class)
public final class TargetLookups<B, C> {

    /**
     * Maximum duration of a lookup. Remote credentials stores can take several seconds, including their own timeouts
     * and retries.
     */
    static final Duration TIMEOUT = Duration.ofSeconds(30);

    private final SharedLookups<Key, Found<C>> lookups;
    private final KeyedExecutor.Group threads;
    private final CredentialsUsageTracker<B, C> tracker;

    /**
     * A request for a wait's target.
     *
     * @param build the build that the wait belongs to
     * @param sharingScope identifies the builds whose lookups are expected to return the same target; compared by
     *     identity
     * @param subject the account and credentials to look up; compared by equality
     * @param store identifies the credentials store; compared by equality. An unresponsive store delays only lookups in
     *     the same store
     * @param lookup the task that performs the lookup
     */
    public record Request<B, C>(B build, Object sharingScope, Object subject, Object store, Callable<Found<C>> lookup) {

        /**
         * Returns whether a found target is valid for this build. Some targets are valid only for the build that
         * requested the lookup.
         */
        private boolean canUse(Found<C> found) {
            return sharingScope == build || found.sharingScope == sharingScope || found.sharingScope == build;
        }

        private Request<B, C> forThisBuild() {
            return new Request<>(build, build, subject, store, lookup);
        }
    }

    /**
     * The result of a successful lookup.
     *
     * @param used the credentials whose use must be recorded
     * @param sharingScope identifies the builds that can share this target; compared by identity. The scope in the
     *     request can include more builds, because only the lookup itself determines whether the credentials belong to
     *     a single build
     */
    public record Found<C>(PollTarget target, List<C> used, Object sharingScope) {}

    private record Key(Object sharingScope, Object subject) {

        @Override
        public boolean equals(Object other) {
            return other instanceof Key key && key.sharingScope == sharingScope && key.subject.equals(subject);
        }

        @Override
        public int hashCode() {
            return 31 * System.identityHashCode(sharingScope) + subject.hashCode();
        }
    }

    public TargetLookups(KeyedExecutor.Group threads, Scheduler timer, CredentialsUsageTracker<B, C> tracker) {
        this.lookups = new SharedLookups<>(timer, TIMEOUT, TargetLookups::timeout);
        this.threads = threads;
        this.tracker = tracker;
    }

    /**
     * Starts a lookup, or joins a lookup that is in progress. Returns immediately.
     *
     * @param fresh whether the lookup must start after this call
     * @return a future for the target. It fails with the lookup's exception, or with a transient {@link
     *     AuthenticationException} if the lookup times out
     */
    public CompletableFuture<PollTarget> find(Request<B, C> request, boolean fresh) {
        Key key = new Key(request.sharingScope(), request.subject());
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
        return AuthenticationException.of(
                AuthenticationException.Kind.CREDENTIALS_UNAVAILABLE, "no result within " + TIMEOUT.toSeconds() + " s");
    }
}
