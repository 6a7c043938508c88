/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.testing;

import io.jenkins.plugins.ams.credentials.RawParameter;
import io.jenkins.plugins.ams.credentials.RawParameters;
import java.util.HashMap;
import java.util.Map;

/** Creates parameters for tests that call web methods directly. */
public final class Parameters {

    private Parameters() {}

    /** Returns a parameter with the given value, or null for a missing parameter. */
    public static RawParameter submitted(String text) {
        return new RawParameter(text);
    }

    /**
     * Returns the parameters of a request.
     *
     * @param namesAndValues names and values by turns; a parameter whose value is null is missing
     */
    public static RawParameters submittedForm(String... namesAndValues) {
        Map<String, String> form = new HashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            form.put(namesAndValues[i], namesAndValues[i + 1]);
        }
        return new RawParameters(form::get);
    }
}
