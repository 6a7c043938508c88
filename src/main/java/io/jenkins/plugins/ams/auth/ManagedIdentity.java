/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.auth;

import java.util.Objects;

/**
 * An identity that Azure provides to the machine that runs Jenkins (a virtual machine, an App Service, or a server with
 * Azure Arc). It has no secret and no configurable authority: tokens are requested from an address that only this
 * machine can reach.
 *
 * @param idType the type of the ID
 * @param id the ID of a user-assigned identity; null for the system-assigned identity
 * @param resource the resource that tokens are for, such as {@code https://rest.media.azure.net}; not a scope
 */
public record ManagedIdentity(IdType idType, String id, String resource) implements Identity {

    /** The types of IDs that select one of the identities of a machine. */
    public enum IdType {
        /** The identity that was created for the machine; it needs no ID. */
        SYSTEM_ASSIGNED,
        /** The client ID of a user-assigned identity, a GUID. */
        CLIENT_ID,
        /** The object (principal) ID of a user-assigned identity, a GUID. */
        OBJECT_ID,
        /** The resource ID of a user-assigned identity, {@code /subscriptions/…/userAssignedIdentities/…}. */
        RESOURCE_ID
    }

    public ManagedIdentity {
        Objects.requireNonNull(resource);
        if ((idType == IdType.SYSTEM_ASSIGNED) != (id == null)) {
            throw new IllegalArgumentException(
                    "an ID is required for a user-assigned identity and not allowed otherwise");
        }
    }
}
