/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.credentials;

import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/**
 * Records which credentials each build uses. Each combination of a build and credentials is recorded only once, even
 * across restarts. Recording is asynchronous, because it writes a file while holding a lock that all builds share.
 *
 * @param <B> the type of builds, which are compared by identity
 * @param <C> the type of credentials, which are compared by identity, because credentials in different stores can be
 *     equal
 */
@Restricted(NoExternalUse.class)
public final class CredentialsUsageTracker<B, C> {

    private static final Logger LOGGER = Logger.getLogger(CredentialsUsageTracker.class.getName());

    private final Function<Object, Executor> threads;
    private final Records<B, C> records;
    private final Set<Use> pending = new HashSet<>();

    /** Stores which credentials each build has used. */
    public interface Records<B, C> {

        /** Returns whether the build's use of the credentials has already been recorded. */
        boolean contains(B build, C credentials) throws IOException;

        /** Records that the build uses the credentials. */
        void add(B build, C credentials) throws IOException;
    }

    private record Use(SameObject build, SameObject credentials) {}

    /** Wraps an object so that it is compared by identity. */
    private record SameObject(Object object) {

        @Override
        public boolean equals(Object other) {
            return other instanceof SameObject that && object == that.object;
        }

        @Override
        public int hashCode() {
            return System.identityHashCode(object);
        }
    }

    /**
     * Creates a tracker.
     *
     * @param threads a function that returns the executor for a key. The executor must run the key's tasks one at a
     *     time, so that each use is recorded only once. The keys are credentials, so that slow recording for some
     *     credentials does not delay recording for others
     */
    public CredentialsUsageTracker(Function<Object, Executor> threads, Records<B, C> records) {
        this.threads = threads;
        this.records = records;
    }

    /** Records that a build uses credentials. Returns immediately. */
    public void track(B build, List<C> credentials) {
        for (C each : credentials) {
            Use use = new Use(new SameObject(build), new SameObject(each));
            synchronized (this) {
                if (!pending.add(use)) {
                    continue;
                }
            }
            threads.apply(use.credentials()).execute(() -> record(use, build, each));
        }
    }

    private void record(Use use, B build, C credentials) {
        synchronized (this) {
            pending.remove(use);
        }
        try {
            if (!records.contains(build, credentials)) {
                records.add(build, credentials);
            }
        } catch (IOException e) {
            LOGGER.log(Level.WARNING, e, () -> "Could not record that " + build + " uses credentials");
        }
    }
}
