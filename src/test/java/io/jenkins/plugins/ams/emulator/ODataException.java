/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.emulator;

/** A request that the service refuses, with a status and a text in the form of the answer. */
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
