/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.service;

/** Thrown for a response whose content does not match the service's documentation. */
public final class InvalidResponseException extends Exception {

    private static final long serialVersionUID = 1L;

    /** @param message the reason, without quoting the response */
    public InvalidResponseException(String message) {
        super(message);
    }
}
