/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package com.cloudbees.plugins.credentials;

public abstract class CredentialsNameProvider<C extends Credentials> {
    public static String name(Credentials credentials) {
        throw new UnsupportedOperationException();
    }

    public abstract String getName(C credentials);
}
