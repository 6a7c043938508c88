/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.page;

import hudson.Extension;
import hudson.ExtensionList;
import hudson.init.Terminator;
import hudson.model.Run;
import io.jenkins.plugins.ams.runtime.AmsRuntime;
import io.jenkins.plugins.ams.runtime.DebouncedTasks;
import java.io.IOException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/**
 * Saves builds whose page has changed. To save a build is to write all of it, each job of its page included: with
 * hundreds of jobs in one build, a save for each change of each of them would write a number of bytes that grows with
 * the square of their number. So a change is saved at once if the build was left alone before, and otherwise together
 * with what else changes in a pause that grows with the number of jobs: the bytes a second stay the same. When Jenkins
 * is stopped, what is left is saved; if it dies, the page of a build lacks the last seconds until its waits, which go
 * on, have looked again.
 */
@Extension
@Restricted(NoExternalUse.class)
public final class PageSaver {

    private static final Logger LOGGER = Logger.getLogger(PageSaver.class.getName());

    private static final Duration SHORTEST_PAUSE = Duration.ofSeconds(2);
    private static final Duration PAUSE_PER_JOB = Duration.ofMillis(50);

    /** Builds whose page has changed since they ended, so that their end has not saved it. */
    private final Set<Run<?, ?>> changedAfterEnd = ConcurrentHashMap.newKeySet();

    /** Made when it is needed first: an extension that asks for another one while it is made itself may find none. */
    private DebouncedTasks<Run<?, ?>> saves;

    static PageSaver get() {
        return ExtensionList.lookupSingleton(PageSaver.class);
    }

    /** The page of a build has changed. Returns at once. */
    void changed(Run<?, ?> build, int jobs) {
        if (!build.isBuilding()) {
            changedAfterEnd.add(build);
        }
        saves().request(build, pause(jobs));
    }

    /** How long a build is left alone after it was saved. */
    public static Duration pause(int jobs) {
        Duration pause = PAUSE_PER_JOB.multipliedBy(jobs);
        return pause.compareTo(SHORTEST_PAUSE) < 0 ? SHORTEST_PAUSE : pause;
    }

    @Terminator
    public static void saveAll() {
        get().saves().flush();
    }

    private synchronized DebouncedTasks<Run<?, ?>> saves() {
        if (saves == null) {
            AmsRuntime engine = AmsRuntime.get();
            saves = new DebouncedTasks<>(engine.timer(), engine.diskExecutor(), this::save);
        }
        return saves;
    }

    private void save(Run<?, ?> build) {
        boolean isDue = changedAfterEnd.remove(build) || build.isBuilding(); // otherwise its end saves it
        if (!isDue || build.getParent().getBuildByNumber(build.getNumber()) != build) {
            return; // a build that was deleted must not be written again
        }
        try {
            build.save();
        } catch (IOException e) {
            LOGGER.log(Level.WARNING, e, () -> "Could not save " + build);
        }
    }
}
