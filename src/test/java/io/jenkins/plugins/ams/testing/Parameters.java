/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.testing;

import io.jenkins.plugins.ams.credentials.RawParameter;

/** Parameters for tests that call web methods without a request. */
public final class Parameters {

    private Parameters() {}

    /** A parameter as a form sends it; null for one that it does not send. */
    public static RawParameter submitted(String text) {
        return new RawParameter(text);
    }
}
