/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.account;

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
import io.jenkins.plugins.ams.auth.PlainText;
import io.jenkins.plugins.ams.auth.TokenAudience;
import io.jenkins.plugins.ams.auth.TokenSource;
import io.jenkins.plugins.ams.credentials.CredentialsListBox;
import io.jenkins.plugins.ams.credentials.RawParameter;
import io.jenkins.plugins.ams.credentials.TokenOrigin;
import io.jenkins.plugins.ams.service.AmsService;
import io.jenkins.plugins.ams.service.EndpointPolicy;
import io.jenkins.plugins.ams.service.JobId;
import io.jenkins.plugins.ams.service.TrustedHosts;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import jenkins.model.Jenkins;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.verb.POST;

/**
 * Which API an account speaks, with what that needs besides an address and credentials. All that differs from API to API
 * is asked of this; nobody else knows which it is. Another API is another of these, its form, and an implementation of
 * {@link AmsService} if none of those that there are will do.
 */
public abstract class AmsApi implements Describable<AmsApi> {

    /** What the account's own address stands for if it is empty; null if every account has to have one. */
    @CheckForNull
    abstract String defaultEndpoint(@NonNull AmsAccount account);

    /** What is wrong with the fields of this API, as its form says it; empty if nothing is. */
    @NonNull
    abstract Optional<String> problem();

    /**
     * Reads what somebody wrote for a job.
     *
     * @throws JobId.MalformedJobIdException if this API has no such ids
     */
    @NonNull
    abstract JobId jobId(@CheckForNull String text);

    /** Which authority gives out tokens, and for what; the service itself if there is no other. */
    @NonNull
    TokenAudience audience(@NonNull AmsAccount account, @NonNull URI endpoint) throws AmsConfigurationException {
        return new TokenAudience(endpoint, false, "");
    }

    /** Who asks for tokens, if the credentials alone do not say all of it. */
    @NonNull
    Identity identity(@NonNull Identity credentialsIdentity, @NonNull URI endpoint) {
        return credentialsIdentity;
    }

    /** A client of the service; only if there is no {@link #problem}. */
    @NonNull
    abstract AmsService service(
            @NonNull URI endpoint,
            @NonNull TokenSource tokens,
            @NonNull Supplier<HttpClient> http,
            @NonNull EndpointPolicy policy,
            @NonNull Clock clock);

    /** All that makes two of the same class differ: accounts share a connection only if there is nothing. */
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

    /** Describes an API to Jenkins. */
    public abstract static class AmsApiDescriptor extends hudson.model.Descriptor<AmsApi> {

        private static final int MAX_ID_LENGTH = 2000;

        /** The hosts that tokens may go to without an administrator's word. */
        @NonNull
        abstract TrustedHosts hosts();

        /** Of which kinds the credentials are. */
        @NonNull
        abstract TokenOrigin credentials();

        /** Whether a text can be the id of a job of some account with this API. */
        abstract boolean isJobId(@CheckForNull String text);

        /** Why a text is no id of a job of this API, with an example of one; the text may be empty. */
        @NonNull
        abstract String notAJobId(@NonNull JobId.MalformedJobIdException problem);

        /**
         * The account's credentials, in the part of its form that is the API's: what fits differs from API to API, and the
         * rest of the form does not tell which is chosen. Users who may only read the form see the current value.
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

        /** That there are no such credentials for all of Jenkins, of the kinds that this API takes. */
        @NonNull
        final String unknownCredentials() {
            return credentials() == TokenOrigin.SECRET_TEXT
                    ? Messages.AmsAccount_credentialsId_noSecretText()
                    : Messages.AmsAccount_credentialsId_unknown();
        }

        /** What to look at where something else answers than this API. */
        @NonNull
        String notTheApi() {
            return Messages.AmsApi_notTheApi();
        }

        /** Tries an account out as its form shows it; for whoever has checked that an administrator asks. */
        @NonNull
        FormValidation test(@NonNull AmsAccount account, @CheckForNull String additionalHosts)
                throws InterruptedException {
            EndpointPolicy policy = additionalHosts == null
                    ? AmsGlobalConfiguration.get().endpointPolicy(account.getApi())
                    : new EndpointPolicy(hosts(), HostsAndUris.hosts(additionalHosts));
            return new ConnectionTest(account, policy).run();
        }

        /** What somebody wrote in place of a job's id, as a message can show it. */
        @NonNull
        static String displayText(@NonNull JobId.MalformedJobIdException problem) {
            return PlainText.line(problem.text(), MAX_ID_LENGTH);
        }

        /** What is wrong with a field, for an administrator's eyes alone. */
        @NonNull
        static FormValidation toFormValidation(@NonNull Optional<String> problem) {
            return Jenkins.get().hasPermission(Jenkins.ADMINISTER)
                    ? problem.map(FormValidation::error).orElseGet(FormValidation::ok)
                    : FormValidation.ok();
        }

        static boolean parses(Supplier<JobId> parser) {
            try {
                parser.get();
                return true;
            } catch (JobId.MalformedJobIdException e) {
                return false;
            }
        }
    }
}
