/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.auth;

import java.util.Objects;

/**
 * Somebody who has a token already, such as a personal access token: nobody is asked for it, and there is no other when
 * it is refused.
 *
 * @param token the token itself
 */
public record StaticTokenIdentity(ClientSecret token) implements Identity {

    public StaticTokenIdentity {
        Objects.requireNonNull(token);
    }
}
