/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.credentials;

/**
 * Equal to another only if both stand for the same object. Credentials with the same ID are equal wherever they are and
 * whatever they hold; as objects they are the same until a user changes them.
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
