/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.auth;

import java.util.Objects;

/**
 * An identity with a fixed token, such as a personal access token, which cannot be renewed when the service rejects it.
 *
 * @param token the access token
 */
public record StaticTokenIdentity(ClientSecret token) implements Identity {

    public StaticTokenIdentity {
        Objects.requireNonNull(token);
    }
}
