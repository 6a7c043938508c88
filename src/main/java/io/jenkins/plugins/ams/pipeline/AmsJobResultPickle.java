/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.pipeline;

import com.google.common.util.concurrent.Futures;
import com.google.common.util.concurrent.ListenableFuture;
import hudson.Extension;
import hudson.model.Run;
import io.jenkins.plugins.ams.page.AmsJobsAction;
import io.jenkins.plugins.ams.result.AmsJobResult;
import java.io.IOException;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jenkinsci.plugins.workflow.flow.FlowExecutionOwner;
import org.jenkinsci.plugins.workflow.pickles.Pickle;
import org.jenkinsci.plugins.workflow.pickles.PickleFactory;

/**
 * Represents a {@code waitForAmsJob} result in a Pipeline's persisted state. Pipeline writes its entire state at the
 * end of each branch, and the {@code parallel} step keeps the results of all branches. To keep the state small, this
 * pickle contains only the job ID and the account name. After a restart, the result is read from the build's stored
 * jobs.
 */
final class AmsJobResultPickle extends Pickle {

    private static final long serialVersionUID = 1L;

    private static final Logger LOGGER = Logger.getLogger(AmsJobResultPickle.class.getName());

    private final String id;
    private final String account;

    private AmsJobResultPickle(AmsJobResult result) {
        id = result.getId();
        account = result.getAccount();
    }

    @Override
    public ListenableFuture<?> rehydrate(FlowExecutionOwner owner) {
        AmsJobResult result = null;
        try {
            if (owner.getExecutable() instanceof Run<?, ?> run) {
                result = AmsJobsAction.result(run, id, account);
            }
        } catch (IOException | RuntimeException e) { // the build must still resume
            LOGGER.log(Level.WARNING, e, () -> "Could not read the result of AMS job " + id);
        }
        return Futures.immediateFuture(result == null ? AmsJobResult.unknown(id, account) : result);
    }

    /** Replaces results with pickles when Pipeline writes its state. */
    @Extension
    public static final class Factory extends PickleFactory {

        @Override
        public Pickle writeReplace(Object object) {
            return object instanceof AmsJobResult result ? new AmsJobResultPickle(result) : null;
        }
    }
}
