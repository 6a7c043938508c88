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
 * @param ofSecretText true if the token is the value of <em>Secret text</em> credentials, or if the service issued the
 *     token in exchange for that value. If the service rejects this token, the user must check the secret text rather
 *     than Microsoft Entra ID
 */
public record AccessToken(String value, Instant expiresOn, boolean ofSecretText) {

    /** Creates an instance for a token that Microsoft Entra ID has issued. */
    public AccessToken(String value, Instant expiresOn) {
        this(value, expiresOn, false);
    }

    /** Omits the token value so that it does not appear in logs. */
    @Override
    public String toString() {
        return "AccessToken[expiresOn=" + expiresOn + "]";
    }
}
