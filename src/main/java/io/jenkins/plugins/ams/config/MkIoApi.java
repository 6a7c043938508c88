/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.config;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import hudson.Util;
import hudson.util.FormValidation;
import io.jenkins.plugins.ams.credentials.RawParameter;
import io.jenkins.plugins.ams.credentials.RawParameters;
import io.jenkins.plugins.ams.credentials.TokenOrigin;
import io.jenkins.plugins.ams.service.JobId;
import io.jenkins.plugins.ams.service.TrustedHosts;
import io.jenkins.plugins.ams.service.v3.V3Dialect;
import java.util.List;
import java.util.Optional;
import org.jenkinsci.Symbol;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.DataBoundSetter;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.verb.POST;

/**
 * The MK.IO API. Requests are authenticated with a personal access token. Current service URLs contain a project; older
 * service URLs contain a subscription instead.
 *
 * @since TODO
 */
public class MkIoApi extends V3ShapedApi {

    private String project;
    private String subscription;

    @DataBoundConstructor
    public MkIoApi() {
        // callers must set either the project or the subscription
    }

    /** Returns the project name, or null if a subscription is set instead. */
    @CheckForNull
    public String getProject() {
        return project;
    }

    @DataBoundSetter
    public void setProject(@CheckForNull String project) {
        this.project = Util.fixEmptyAndTrim(project);
    }

    /** Returns the name of the subscription, which older URLs contain, or null if a project is set instead. */
    @CheckForNull
    public String getSubscription() {
        return subscription;
    }

    @DataBoundSetter
    public void setSubscription(@CheckForNull String subscription) {
        this.subscription = Util.fixEmptyAndTrim(subscription);
    }

    @Override
    String defaultEndpoint(AmsAccount account) {
        return subscription == null ? "https://app.mk.io/" : "https://api.mk.io/";
    }

    @Override
    Optional<String> problem() {
        return problem(project, subscription);
    }

    @Override
    List<Object> parts() {
        return List.of(Util.fixNull(project), Util.fixNull(subscription));
    }

    @Override
    V3Dialect dialect() {
        return subscription == null ? V3Dialect.mkIoProject(project) : V3Dialect.mkIoSubscription(subscription);
    }

    private static Optional<String> problem(String project, String subscription) {
        if ((project == null) == (subscription == null)) {
            return Optional.of(Messages.MkIoApi_notOne());
        }
        return V3Dialect.isProject(project == null ? subscription : project)
                ? Optional.empty()
                : Optional.of(Messages.MkIoApi_malformed());
    }

    @Extension
    @Symbol("mkIo")
    public static class DescriptorImpl extends V3ShapedApiDescriptor {

        @NonNull
        @Override
        public String getDisplayName() {
            return Messages.MkIoApi_displayName();
        }

        @Override
        TrustedHosts hosts() {
            return V3Dialect.MK_IO_HOSTS;
        }

        @Override
        TokenOrigin credentials() {
            return TokenOrigin.SECRET_TEXT;
        }

        @Override
        JobId anyJobId(String text) {
            return V3Dialect.anyMkIo().jobId(text);
        }

        @POST
        public FormValidation doCheckProject(
                @QueryParameter RawParameter value, @QueryParameter RawParameter subscription) {
            return toFormValidation(problem(value.trimmed(), subscription.trimmed()));
        }

        @Override
        AmsApi newApi(RawParameters form) {
            MkIoApi api = new MkIoApi();
            api.setProject(form.text("project"));
            api.setSubscription(form.text("subscription"));
            return api;
        }
    }
}
