/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.config;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import io.jenkins.plugins.ams.auth.ApiKeyIdentity;
import io.jenkins.plugins.ams.auth.Identity;
import io.jenkins.plugins.ams.auth.StaticTokenIdentity;
import io.jenkins.plugins.ams.credentials.RawParameters;
import io.jenkins.plugins.ams.credentials.TokenOrigin;
import io.jenkins.plugins.ams.service.BaseAddress;
import io.jenkins.plugins.ams.service.TrustedHosts;
import java.net.URI;
import org.jenkinsci.Symbol;
import org.kohsuke.stapler.DataBoundConstructor;

/**
 * The Ravnur Media Services API. Requests use the same paths as Azure Resource Manager but are sent to the customer's
 * own host. Tokens are obtained with an API key.
 *
 * @since TODO
 */
public class RavnurApi extends ResourceManagerShapedApi {

    /**
     * @param subscriptionId the GUID of the account's Azure subscription
     * @param resourceGroup the name of the account's resource group
     * @param accountName the account name within the resource group
     */
    @DataBoundConstructor
    public RavnurApi(
            @CheckForNull String subscriptionId, @CheckForNull String resourceGroup, @CheckForNull String accountName) {
        super(subscriptionId, resourceGroup, accountName);
    }

    @Override
    Identity identity(Identity credentialsIdentity, URI endpoint) {
        URI tokenEndpoint = BaseAddress.of(endpoint).resolve("auth/token");
        return new ApiKeyIdentity(
                tokenEndpoint, getSubscriptionId(), ((StaticTokenIdentity) credentialsIdentity).token());
    }

    @Extension
    @Symbol("ravnur")
    public static class DescriptorImpl extends ResourceManagerShapedApiDescriptor {

        @NonNull
        @Override
        public String getDisplayName() {
            return Messages.RavnurApi_displayName();
        }

        @Override
        TrustedHosts hosts() {
            return TrustedHosts.NONE;
        }

        @Override
        TokenOrigin credentials() {
            return TokenOrigin.SECRET_TEXT;
        }

        @Override
        AmsApi newApi(RawParameters form) {
            return new RavnurApi(form.text("subscriptionId"), form.text("resourceGroup"), form.text("accountName"));
        }
    }
}
