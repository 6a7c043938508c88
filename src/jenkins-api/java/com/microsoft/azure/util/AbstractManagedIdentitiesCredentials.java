/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package com.microsoft.azure.util;

import com.azure.core.management.AzureEnvironment;
import com.cloudbees.plugins.credentials.CredentialsScope;

public abstract class AbstractManagedIdentitiesCredentials extends AzureBaseCredentials {
    public AbstractManagedIdentitiesCredentials(CredentialsScope scope, String id, String description) {
        super(scope, id, description);
    }

    @Override
    public AzureEnvironment getAzureEnvironment() {
        throw new UnsupportedOperationException();
    }
}
