/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.config;

import com.cloudbees.plugins.credentials.common.StandardListBoxModel;
import com.cloudbees.plugins.credentials.domains.DomainRequirement;
import com.cloudbees.plugins.credentials.domains.URIRequirementBuilder;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.RelativePath;
import hudson.model.Describable;
import hudson.security.ACL;
import hudson.util.FormValidation;
import hudson.util.ListBoxModel;
import io.jenkins.plugins.ams.auth.Identity;
import io.jenkins.plugins.ams.auth.TokenAudience;
import io.jenkins.plugins.ams.auth.TokenSource;
import io.jenkins.plugins.ams.credentials.CredentialsListBox;
import io.jenkins.plugins.ams.credentials.RawParameter;
import io.jenkins.plugins.ams.credentials.RawParameters;
import io.jenkins.plugins.ams.credentials.TokenOrigin;
import io.jenkins.plugins.ams.http.AmsException;
import io.jenkins.plugins.ams.service.AmsService;
import io.jenkins.plugins.ams.service.EndpointPolicy;
import io.jenkins.plugins.ams.service.JobId;
import io.jenkins.plugins.ams.service.TrustedHosts;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Clock;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import jenkins.model.Jenkins;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.verb.POST;

/**
 * An account's API, including the settings that the API needs in addition to an endpoint and credentials. This class
 * encapsulates all differences between the APIs. Supporting another API requires a subclass and a form. It also
 * requires an implementation of {@link AmsService} if no existing implementation is compatible.
 */
public abstract class AmsApi implements Describable<AmsApi> {

    /**
     * Returns the endpoint for accounts that do not specify an endpoint, or null if every account must specify an
     * endpoint.
     */
    @CheckForNull
    String defaultEndpoint(@NonNull AmsAccount account) {
        return null;
    }

    /** Returns an error message if this API's settings are invalid. Otherwise, returns empty. */
    @NonNull
    abstract Optional<String> problem();

    /**
     * Parses a job ID.
     *
     * @throws JobId.MalformedJobIdException if the string is not a job ID of this API
     */
    @NonNull
    JobId jobId(@CheckForNull String text) {
        return getDescriptor().anyJobId(text);
    }

    /**
     * Returns the token authority that issues tokens and the resource that the tokens are requested for. By default,
     * the service itself issues the tokens.
     */
    @NonNull
    TokenAudience audience(@NonNull AmsAccount account, @NonNull URI endpoint) throws AmsException {
        return new TokenAudience(endpoint, false, "");
    }

    /**
     * Returns the identity to request tokens for.
     *
     * @param credentialsIdentity the identity that the credentials define, which is returned by default
     */
    @NonNull
    Identity identity(@NonNull Identity credentialsIdentity, @NonNull URI endpoint) {
        return credentialsIdentity;
    }

    /** Creates a client for the service. Call this method only if {@link #problem} returns empty. */
    @NonNull
    abstract AmsService service(
            @NonNull URI endpoint,
            @NonNull TokenSource tokens,
            @NonNull Supplier<HttpClient> http,
            @NonNull EndpointPolicy policy,
            @NonNull Clock clock);

    /** Returns the settings that {@link #equals} compares. Accounts share a poll queue only if their APIs are equal. */
    @NonNull
    abstract List<Object> parts();

    @NonNull
    @Override
    public AmsApiDescriptor getDescriptor() {
        return (AmsApiDescriptor) Jenkins.get().getDescriptorOrDie(getClass());
    }

    @Override
    public final boolean equals(Object other) {
        return other != null && getClass() == other.getClass() && parts().equals(((AmsApi) other).parts());
    }

    @Override
    public final int hashCode() {
        return parts().hashCode();
    }

    /** Base class for API descriptors. */
    public abstract static class AmsApiDescriptor extends hudson.model.Descriptor<AmsApi> {

        /** Returns the hosts that can receive tokens even if an administrator has not added them. */
        @NonNull
        abstract TrustedHosts hosts();

        /**
         * Returns the origin of the access tokens, which determines the types of credentials that this API supports.
         */
        @NonNull
        abstract TokenOrigin credentials();

        /**
         * Parses a job ID of any account that uses this API.
         *
         * @throws JobId.MalformedJobIdException if the string is not a job ID of this API
         */
        @NonNull
        abstract JobId anyJobId(@CheckForNull String text);

        /** Returns whether a string has the format of a job ID of this API. */
        final boolean isJobId(@CheckForNull String text) {
            try {
                anyJobId(text);
                return true;
            } catch (JobId.MalformedJobIdException e) {
                return false;
            }
        }

        /**
         * Returns the error message for a string that is not a job ID of this API. The message includes an example. The
         * rejected string can be empty.
         */
        @NonNull
        abstract String notAJobId(@NonNull JobId.MalformedJobIdException problem);

        /**
         * Fills the account's credentials list. The list belongs to the API's part of the form, because the API
         * determines which types of credentials are supported. Users who can only read the configuration see only the
         * current value.
         */
        @POST
        public ListBoxModel doFillCredentialsIdItems(
                @QueryParameter RawParameter credentialsId, @QueryParameter @RelativePath("..") RawParameter endpoint) {
            StandardListBoxModel items = new StandardListBoxModel();
            if (!Jenkins.get().hasPermission(Jenkins.SYSTEM_READ)) {
                return items;
            }
            if (Jenkins.get().hasPermission(Jenkins.ADMINISTER)) {
                items.includeEmptyValue();
                CredentialsListBox.include(items, ACL.SYSTEM2, null, requirements(endpoint), credentials());
            }
            return items.includeCurrentValue(credentialsId.orEmpty());
        }

        @POST
        public FormValidation doCheckCredentialsId(
                @QueryParameter RawParameter value, @QueryParameter @RelativePath("..") RawParameter endpoint) {
            if (!Jenkins.get().hasPermission(Jenkins.ADMINISTER)) {
                return FormValidation.ok();
            }
            String id = value.trimmed();
            if (id == null) {
                return FormValidation.warning(Messages.AmsAccount_credentialsId_missing());
            }
            return CredentialsListBox.isOffered(id, ACL.SYSTEM2, null, requirements(endpoint), credentials())
                    ? FormValidation.ok()
                    : FormValidation.error(unknownCredentials());
        }

        private static List<DomainRequirement> requirements(RawParameter endpoint) {
            return URIRequirementBuilder.fromUri(endpoint.text()).build();
        }

        /**
         * Returns the error message for a credentials ID that does not match any global credentials of a supported
         * type.
         */
        @NonNull
        final String unknownCredentials() {
            return credentials() == TokenOrigin.SECRET_TEXT
                    ? Messages.AmsAccount_credentialsId_noSecretText()
                    : Messages.AmsAccount_credentialsId_unknown();
        }

        /** Returns the placeholders that an account's job page URL can contain. */
        @NonNull
        Set<JobPageUrl.Placeholder> placeholders() {
            return EnumSet.of(JobPageUrl.Placeholder.ID);
        }

        /** Returns an error message if a template for job page URLs is invalid. Otherwise, returns empty. */
        @NonNull
        final Optional<String> jobPageProblem(@NonNull String template) {
            return JobPageUrl.problem(template, placeholders(), getDisplayName());
        }

        /** Validates the account's job page URL, whose placeholders depend on the API. */
        @POST
        public FormValidation doCheckJobPageUrl(@QueryParameter RawParameter value) {
            if (!Jenkins.get().hasPermission(Jenkins.ADMINISTER)) {
                return FormValidation.ok();
            }
            String template = value.trimmed();
            if (template == null) {
                return FormValidation.ok();
            }
            return jobPageProblem(template)
                    .map(FormValidation::error)
                    .orElseGet(() -> JobPageUrl.hasPlaceholder(template)
                            ? FormValidation.ok()
                            : FormValidation.warning(Messages.AmsAccount_jobPageUrl_samePage()));
        }

        /** Returns advice for responses that apparently do not come from this API. */
        @NonNull
        String notTheApi() {
            return Messages.AmsApi_notTheApi();
        }

        /** Creates an API from the submitted form fields. */
        @NonNull
        abstract AmsApi newApi(@NonNull RawParameters form);

        /** Tests the connection with the form's current values, even if they have not been saved. */
        @POST
        public FormValidation doTestConnection(RawParameters form) throws InterruptedException {
            Jenkins.get().checkPermission(Jenkins.ADMINISTER);
            AmsAccount account = AmsAccount.of(form);
            account.setApi(newApi(form));
            String additionalHosts = form.text("additionalHosts");
            EndpointPolicy policy = additionalHosts == null
                    ? AmsGlobalConfiguration.get().endpointPolicy(account.getApi())
                    : new EndpointPolicy(hosts(), HostsAndUris.hosts(additionalHosts));
            return new ConnectionTest(account, policy).run();
        }

        /**
         * Converts an optional error message to a form validation result. Users who are not administrators always
         * receive OK.
         */
        @NonNull
        static FormValidation toFormValidation(@NonNull Optional<String> problem) {
            return Jenkins.get().hasPermission(Jenkins.ADMINISTER)
                    ? problem.map(FormValidation::error).orElseGet(FormValidation::ok)
                    : FormValidation.ok();
        }
    }
}
