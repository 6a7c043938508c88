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
 */
public record AccessToken(String value, Instant expiresOn) {

    /** Never shows the value: tokens end up in logs by way of toString. */
    @Override
    public String toString() {
        return "AccessToken[expiresOn=" + expiresOn + "]";
    }
}
