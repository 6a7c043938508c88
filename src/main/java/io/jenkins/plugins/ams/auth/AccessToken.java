/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.auth;

import java.time.Instant;

/**
 * An OAuth 2 bearer token.
 *
 * @param value the token as it is sent in the {@code Authorization} header; must not appear in logs
 * @param expiresOn the time when the token expires
 * @param ofSecretText whether the token is the value of <em>Secret text</em> credentials or was issued by the service
 *     in exchange for that value. If the service rejects such a token, the user has to check the secret text rather
 *     than Microsoft Entra ID
 */
public record AccessToken(String value, Instant expiresOn, boolean ofSecretText) {

    /** Creates a token that Microsoft Entra ID issued. */
    public AccessToken(String value, Instant expiresOn) {
        this(value, expiresOn, false);
    }

    /** Omits the value, which would otherwise appear in logs. */
    @Override
    public String toString() {
        return "AccessToken[expiresOn=" + expiresOn + "]";
    }
}
