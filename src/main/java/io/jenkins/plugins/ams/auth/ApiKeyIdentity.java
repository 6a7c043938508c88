/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.auth;

import java.net.URI;
import java.util.Objects;

/**
 * Somebody who gets tokens for an API key, of the service itself and not of an authority.
 *
 * @param address where the key is sent, {@code https://<host>/auth/token}; an administrator says so
 * @param subscriptionId whose key it is
 * @param apiKey the key
 */
public record ApiKeyIdentity(URI address, String subscriptionId, ClientSecret apiKey) implements Identity {

    public ApiKeyIdentity {
        Objects.requireNonNull(address);
        Objects.requireNonNull(subscriptionId);
        Objects.requireNonNull(apiKey);
    }
}
