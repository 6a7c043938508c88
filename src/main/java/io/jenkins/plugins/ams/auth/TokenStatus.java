/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.auth;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.time.Instant;

/**
 * The expiry times of an identity's token and client certificate, as of the last token request.
 *
 * @param tokenExpiry the time when the current token expires. Null if there is no token or its expiry is unknown
 * @param certificateExpiry the time when the client certificate expires. Null if the identity has no certificate or the
 *     certificate has not been read
 */
public record TokenStatus(
        @CheckForNull Instant tokenExpiry, @CheckForNull Instant certificateExpiry) {

    /** The status before the first token request. */
    public static final TokenStatus UNKNOWN = new TokenStatus(null, null);
}
