/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package hudson.model;

public abstract class AbstractItem extends Actionable implements Item {
    @Override
    public ItemGroup getParent() {
        throw new UnsupportedOperationException();
    }
}
