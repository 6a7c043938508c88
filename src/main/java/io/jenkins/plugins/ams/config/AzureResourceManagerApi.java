/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.config;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import io.jenkins.plugins.ams.auth.TokenAudience;
import io.jenkins.plugins.ams.credentials.RawParameters;
import io.jenkins.plugins.ams.credentials.TokenOrigin;
import io.jenkins.plugins.ams.http.AmsException;
import io.jenkins.plugins.ams.service.TrustedHosts;
import io.jenkins.plugins.ams.service.v3.V3Dialect;
import java.net.URI;
import org.jenkinsci.Symbol;
import org.kohsuke.stapler.DataBoundConstructor;

/**
 * The AMS v3 API in Azure Resource Manager. It also supports compatible services that accept Microsoft Entra ID tokens.
 *
 * @since TODO
 */
public class AzureResourceManagerApi extends ResourceManagerShapedApi {

    /**
     * @param subscriptionId the GUID of the account's Azure subscription
     * @param resourceGroup the name of the account's resource group
     * @param accountName the account name within the resource group
     */
    @DataBoundConstructor
    public AzureResourceManagerApi(
            @CheckForNull String subscriptionId, @CheckForNull String resourceGroup, @CheckForNull String accountName) {
        super(subscriptionId, resourceGroup, accountName);
    }

    @Override
    String defaultEndpoint(AmsAccount account) {
        return resource(account.getCloud()) + "/";
    }

    @Override
    TokenAudience audience(AmsAccount account, URI endpoint) throws AmsException {
        return account.audience(resource(account.getCloud()));
    }

    private static String resource(AzureCloud cloud) {
        return switch (cloud) {
            case PUBLIC, CUSTOM -> "https://management.azure.com";
            case CHINA -> "https://management.chinacloudapi.cn";
            case US_GOVERNMENT -> "https://management.usgovcloudapi.net";
        };
    }

    @Extension
    @Symbol("azureResourceManager")
    public static class DescriptorImpl extends ResourceManagerShapedApiDescriptor {

        @NonNull
        @Override
        public String getDisplayName() {
            return Messages.AzureResourceManagerApi_displayName();
        }

        @Override
        TrustedHosts hosts() {
            return V3Dialect.RESOURCE_MANAGER_HOSTS;
        }

        @Override
        TokenOrigin credentials() {
            return TokenOrigin.AZURE_AD;
        }

        @Override
        AmsApi newApi(RawParameters form) {
            return new AzureResourceManagerApi(
                    form.text("subscriptionId"), form.text("resourceGroup"), form.text("accountName"));
        }
    }
}
