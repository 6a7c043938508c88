/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.auth;

import java.net.URI;
import java.util.Objects;

/**
 * An identity that obtains its tokens from the service itself, in exchange for an API key.
 *
 * @param address the URI that the API key is sent to, {@code https://<host>/auth/token}; an administrator configures
 *     the host
 * @param subscriptionId the ID of the subscription that the key belongs to
 * @param apiKey the API key
 */
public record ApiKeyIdentity(URI address, String subscriptionId, ClientSecret apiKey) implements Identity {

    public ApiKeyIdentity {
        Objects.requireNonNull(address);
        Objects.requireNonNull(subscriptionId);
        Objects.requireNonNull(apiKey);
    }
}
