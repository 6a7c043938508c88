/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.auth;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.util.Objects;

/**
 * A managed identity of the machine that runs the Jenkins controller (a virtual machine, an App Service app, or a
 * server with Azure Arc). The identity has neither a secret nor a configurable token authority, because tokens are
 * requested from an endpoint that only this machine can reach.
 *
 * @param idType the type of the identity's ID
 * @param id the ID of a user-assigned identity, or null for the system-assigned identity
 * @param resource the resource, not the scope, to request tokens for, such as {@code https://rest.media.azure.net}
 */
public record ManagedIdentity(IdType idType, @CheckForNull String id, String resource) implements Identity {

    /** The ways to identify a managed identity. */
    public enum IdType {
        /** The system-assigned identity, which was created for the machine and does not need an ID. */
        SYSTEM_ASSIGNED,
        /** A user-assigned identity's client ID, which is a GUID. */
        CLIENT_ID,
        /** A user-assigned identity's object (principal) ID, which is a GUID. */
        OBJECT_ID,
        /** A user-assigned identity's resource ID, {@code /subscriptions/…/userAssignedIdentities/…}. */
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
