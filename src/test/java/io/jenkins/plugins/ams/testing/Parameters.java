/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.testing;

import io.jenkins.plugins.ams.credentials.RawParameter;

/** Creates parameters for tests that call web methods directly. */
public final class Parameters {

    private Parameters() {}

    /** Returns a parameter with the given value, or null for a missing parameter. */
    public static RawParameter submitted(String text) {
        return new RawParameter(text);
    }
}
