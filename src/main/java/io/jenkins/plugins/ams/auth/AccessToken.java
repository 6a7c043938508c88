/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.auth;

import java.time.Instant;

/**
 * An OAuth 2 bearer token.
 *
 * @param value goes into the {@code Authorization} header and nowhere else
 * @param expiresOn when it stops being good
 * @param ofSecretText whether it is a secret text itself, or was given for one by the service: whoever is refused with it
 *     has to look at that text, and not at Azure AD
 */
public record AccessToken(String value, Instant expiresOn, boolean ofSecretText) {

    /** One of Azure AD. */
    public AccessToken(String value, Instant expiresOn) {
        this(value, expiresOn, false);
    }

    /** Never shows the value: tokens end up in logs by way of toString. */
    @Override
    public String toString() {
        return "AccessToken[expiresOn=" + expiresOn + "]";
    }
}
