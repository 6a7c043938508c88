/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package hudson.model;

public class Api extends AbstractModelObject {
    public Api(Object bean) {}

    @Override
    public String getDisplayName() {
        throw new UnsupportedOperationException();
    }
}
