/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package com.azure.core.management;

import java.util.Map;

public final class AzureEnvironment {
    public static final AzureEnvironment AZURE = null;

    public AzureEnvironment(Map<String, String> endpoints) {}

    public String getActiveDirectoryEndpoint() {
        throw new UnsupportedOperationException();
    }
}
