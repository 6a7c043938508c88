/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.auth;

import java.util.Objects;

/**
 * An identity that Azure gave to the machine this runs on (a virtual machine, an App Service, a server with Azure Arc).
 * There is neither a secret nor an authority to choose: whoever runs there may ask, of an address that only this machine
 * reaches.
 *
 * @param idType which of the machine's identities
 * @param id names a user-assigned identity; null for the system-assigned one
 * @param resource what tokens are for, such as {@code https://rest.media.azure.net}; no scope
 */
public record ManagedIdentity(IdType idType, String id, String resource) implements Identity {

    /** What an id is. */
    public enum IdType {
        /** The one that came into being with the machine, and needs no id. */
        SYSTEM_ASSIGNED,
        /** Client id of a user-assigned identity, a GUID. */
        CLIENT_ID,
        /** Object (principal) id of a user-assigned identity, a GUID. */
        OBJECT_ID,
        /** Resource id of a user-assigned identity, {@code /subscriptions/…/userAssignedIdentities/…}. */
        RESOURCE_ID
    }

    public ManagedIdentity {
        Objects.requireNonNull(resource);
        if ((idType == IdType.SYSTEM_ASSIGNED) != (id == null)) {
            throw new IllegalArgumentException("a user-assigned identity has an id, and no other");
        }
    }
}
