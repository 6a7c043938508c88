/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.config;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Util;
import hudson.util.FormValidation;
import io.jenkins.plugins.ams.credentials.RawParameter;
import io.jenkins.plugins.ams.service.JobId;
import io.jenkins.plugins.ams.service.v3.V3Dialect;
import java.util.List;
import java.util.Optional;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.verb.POST;

/** Base class for APIs whose accounts are resources in an Azure subscription. */
public abstract class ResourceManagerShapedApi extends V3ShapedApi {

    private final String subscriptionId;
    private final String resourceGroup;
    private final String accountName;

    ResourceManagerShapedApi(String subscriptionId, String resourceGroup, String accountName) {
        this.subscriptionId = Util.fixNull(subscriptionId).trim();
        this.resourceGroup = Util.fixNull(resourceGroup).trim();
        this.accountName = Util.fixNull(accountName).trim();
    }

    @NonNull
    public String getSubscriptionId() {
        return subscriptionId;
    }

    @NonNull
    public String getResourceGroup() {
        return resourceGroup;
    }

    /** Returns the account name within the resource group. */
    @NonNull
    public String getAccountName() {
        return accountName;
    }

    @Override
    Optional<String> problem() {
        return subscriptionProblem(subscriptionId)
                .or(() -> groupProblem(resourceGroup))
                .or(() -> accountProblem(accountName));
    }

    @Override
    List<Object> parts() {
        return List.of(subscriptionId, resourceGroup, accountName);
    }

    @Override
    V3Dialect dialect() {
        return V3Dialect.resourceManager(subscriptionId, resourceGroup, accountName);
    }

    private static Optional<String> subscriptionProblem(String value) {
        return V3Dialect.isGuid(value)
                ? Optional.empty()
                : Optional.of(Messages.ResourceManagerShapedApi_subscriptionId_malformed());
    }

    private static Optional<String> groupProblem(String value) {
        return V3Dialect.isResourceGroup(value)
                ? Optional.empty()
                : Optional.of(Messages.ResourceManagerShapedApi_resourceGroup_malformed());
    }

    private static Optional<String> accountProblem(String value) {
        return V3Dialect.isAccount(value)
                ? Optional.empty()
                : Optional.of(Messages.ResourceManagerShapedApi_accountName_malformed());
    }

    /** Base class for the descriptors of APIs whose accounts are Azure resources. */
    public abstract static class ResourceManagerShapedApiDescriptor extends V3ShapedApiDescriptor {

        @Override
        final JobId anyJobId(String text) {
            return V3Dialect.anyResource().jobId(text);
        }

        @POST
        public FormValidation doCheckSubscriptionId(@QueryParameter RawParameter value) {
            return toFormValidation(subscriptionProblem(value.orEmpty().trim()));
        }

        @POST
        public FormValidation doCheckResourceGroup(@QueryParameter RawParameter value) {
            return toFormValidation(groupProblem(value.orEmpty().trim()));
        }

        @POST
        public FormValidation doCheckAccountName(@QueryParameter RawParameter value) {
            return toFormValidation(accountProblem(value.orEmpty().trim()));
        }
    }
}
