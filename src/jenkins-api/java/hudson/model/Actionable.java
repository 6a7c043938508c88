/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package hudson.model;

import java.util.List;

public abstract class Actionable {
    public void addAction(Action a) {}

    public boolean addOrReplaceAction(Action a) {
        throw new UnsupportedOperationException();
    }

    @Deprecated
    public List<Action> getActions() {
        throw new UnsupportedOperationException();
    }

    public <T extends Action> List<T> getActions(Class<T> type) {
        throw new UnsupportedOperationException();
    }

    public <T extends Action> T getAction(Class<T> type) {
        throw new UnsupportedOperationException();
    }
}
