/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.credentials;

/**
 * A key that is equal only to keys of the same object. Credentials with the same ID are equal even if they have
 * different stores and contents, but each change creates a new object.
 */
final class SameObject {

    private final Object object;

    SameObject(Object object) {
        this.object = object;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof SameObject that && object == that.object;
    }

    @Override
    public int hashCode() {
        return System.identityHashCode(object);
    }
}
