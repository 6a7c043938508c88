/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package hudson;

import hudson.model.ModelObject;

public class PluginWrapper implements Comparable<PluginWrapper>, ModelObject {
    @Override
    public String getDisplayName() {
        throw new UnsupportedOperationException();
    }

    @Override
    public int compareTo(PluginWrapper pw) {
        throw new UnsupportedOperationException();
    }

    public boolean isActive() {
        throw new UnsupportedOperationException();
    }
}
