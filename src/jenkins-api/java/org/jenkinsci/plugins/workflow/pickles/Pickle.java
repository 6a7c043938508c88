/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package org.jenkinsci.plugins.workflow.pickles;

import com.google.common.util.concurrent.ListenableFuture;
import java.io.Serializable;
import org.jenkinsci.plugins.workflow.flow.FlowExecutionOwner;

public abstract class Pickle implements Serializable {
    public ListenableFuture<?> rehydrate(FlowExecutionOwner owner) {
        throw new UnsupportedOperationException();
    }
}
