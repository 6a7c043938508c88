/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package com.cloudbees.plugins.credentials;

import hudson.model.Descriptor;

public abstract class CredentialsDescriptor extends Descriptor<Credentials> {
    protected CredentialsDescriptor(Class<? extends Credentials> clazz) {}

    protected CredentialsDescriptor() {}

    public String getIconClassName() {
        throw new UnsupportedOperationException();
    }

    public boolean isApplicable(CredentialsProvider provider) {
        throw new UnsupportedOperationException();
    }
}
