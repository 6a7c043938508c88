/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.watch;

import java.io.IOException;

/** An account's service, or the authority of its credentials, has never responded since the poller was made. */
public final class UnreachableServiceException extends IOException {

    private static final long serialVersionUID = 1L;

    /**
     * @param explanation what is wrong and what to do, for users
     * @param lastError the last network error
     */
    UnreachableServiceException(String explanation, Exception lastError) {
        super(explanation, lastError);
    }
}
