/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.service;

/** The body of an answer that does not hold what the service documents. */
public final class InvalidResponseException extends Exception {

    private static final long serialVersionUID = 1L;

    /** @param message what is wrong with it; quotes nothing of it */
    public InvalidResponseException(String message) {
        super(message);
    }
}
