/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.testing;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;

import io.jenkins.plugins.ams.http.AmsException;
import org.junit.function.ThrowingRunnable;

/** Assertions about errors that a user must correct. */
public final class ConfigurationErrors {

    private ConfigurationErrors() {}

    /** Asserts that an action fails with a configuration error, not with an error of a service or token authority. */
    public static AmsException assertConfigurationError(ThrowingRunnable action) {
        AmsException error = assertThrows(AmsException.class, action);
        assertEquals(AmsException.class, error.getClass());
        return error;
    }
}
