/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.emulator;

/** Signals a request that the service rejects, with the status and message of the response. */
final class ODataException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final int status;

    ODataException(int status, String message) {
        super(message);
        this.status = status;
    }

    int status() {
        return status;
    }
}
