/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package hudson;

import hudson.model.AbstractModelObject;

public abstract class PluginManager extends AbstractModelObject {
    public PluginWrapper getPlugin(String shortName) {
        throw new UnsupportedOperationException();
    }
}
