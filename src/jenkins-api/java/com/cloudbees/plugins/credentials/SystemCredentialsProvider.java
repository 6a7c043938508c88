/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package com.cloudbees.plugins.credentials;

import com.cloudbees.plugins.credentials.domains.Domain;
import hudson.model.AbstractDescribableImpl;
import hudson.model.Saveable;
import java.io.IOException;
import java.util.List;
import java.util.Map;

public class SystemCredentialsProvider extends AbstractDescribableImpl<SystemCredentialsProvider> implements Saveable {
    public static SystemCredentialsProvider getInstance() {
        throw new UnsupportedOperationException();
    }

    public synchronized Map<Domain, List<Credentials>> getDomainCredentialsMap() {
        throw new UnsupportedOperationException();
    }

    @Override
    public void save() throws IOException {
        throw new UnsupportedOperationException();
    }

    public static class ProviderImpl extends CredentialsProvider {
        @Override
        public String getDisplayName() {
            throw new UnsupportedOperationException();
        }
    }
}
