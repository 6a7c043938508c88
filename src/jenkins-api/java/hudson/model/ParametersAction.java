/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package hudson.model;

public class ParametersAction implements Action {
    @Override
    public String getDisplayName() {
        throw new UnsupportedOperationException();
    }

    public ParameterValue getParameter(String name) {
        throw new UnsupportedOperationException();
    }
}
