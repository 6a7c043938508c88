/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.polling;

import java.io.IOException;

/**
 * Indicates that an account's service, or the authority of its credentials, has never responded since the controller
 * started.
 */
public final class UnreachableServiceException extends IOException {

    private static final long serialVersionUID = 1L;

    /**
     * Creates an exception.
     *
     * @param explanation the description for users: what is wrong and what to do
     * @param lastError the last network error
     */
    UnreachableServiceException(String explanation, Exception lastError) {
        super(explanation, lastError);
    }
}
