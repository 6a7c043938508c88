/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.config;

import com.cloudbees.plugins.credentials.domains.DomainRequirement;
import com.cloudbees.plugins.credentials.domains.URIRequirementBuilder;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import hudson.ExtensionList;
import hudson.RelativePath;
import hudson.Util;
import hudson.model.Describable;
import hudson.model.Descriptor;
import hudson.util.FormValidation;
import io.jenkins.plugins.ams.auth.TokenAudience;
import io.jenkins.plugins.ams.credentials.AzureAdCredentials;
import io.jenkins.plugins.ams.credentials.RawParameter;
import io.jenkins.plugins.ams.credentials.RawParameters;
import io.jenkins.plugins.ams.credentials.TokenOrigin;
import io.jenkins.plugins.ams.http.AmsException;
import io.jenkins.plugins.ams.http.PlainText;
import io.jenkins.plugins.ams.service.EndpointPolicy;
import io.jenkins.plugins.ams.service.JobId;
import io.jenkins.plugins.ams.service.TrustedHosts;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import jenkins.model.Jenkins;
import org.jenkinsci.Symbol;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.DataBoundSetter;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.verb.POST;

/**
 * An AMS account: its API endpoint, the token authority that issues its tokens, and the default credentials for builds.
 * Only administrators can create accounts, so a job cannot choose where secrets and tokens are sent.
 *
 * @since TODO
 */
public class AmsAccount implements Describable<AmsAccount> {

    private final String name;
    private final String endpoint;
    private final String credentialsId;
    private AzureCloud cloud = AzureCloud.PUBLIC;
    private String authority;
    private String resource;
    private String jobPageUrl;

    /** The selected API, or null for the default API, AMS v2. */
    @CheckForNull
    private AmsApi api;

    /**
     * @param name the name that jobs use to select the account
     * @param endpoint the base URL of the account's API, such as {@code
     *     https://<account>.restv2.<region>.media.azure.net/api/} for AMS v2. Null or empty for the API's default
     *     endpoint
     * @param credentialsId the ID of {@link AzureAdCredentials} or other supported credentials. Null or empty if each
     *     job must specify its own credentials
     */
    @DataBoundConstructor
    public AmsAccount(@CheckForNull String name, @CheckForNull String endpoint, @CheckForNull String credentialsId) {
        this.name = Util.fixNull(name).trim();
        this.endpoint = Util.fixNull(endpoint).trim();
        this.credentialsId = Util.fixEmptyAndTrim(credentialsId);
    }

    /**
     * Replaces missing values with the defaults that the setters use. Values can be missing if the configuration file
     * was edited manually.
     */
    private Object readResolve() {
        AmsAccount read = new AmsAccount(name, endpoint, credentialsId);
        read.setCloud(cloud);
        read.setAuthority(authority);
        read.setResource(resource);
        read.setJobPageUrl(jobPageUrl);
        read.setApi(api);
        return read;
    }

    /** Creates an account from the submitted form fields. Does not set the account's API. */
    static AmsAccount of(RawParameters form) {
        AmsAccount account = new AmsAccount(form.text("name"), form.text("endpoint"), form.text("credentialsId"));
        account.setCloud(AzureCloud.named(form.text("cloud")));
        account.setAuthority(form.text("authority"));
        account.setResource(form.text("resource"));
        return account;
    }

    @NonNull
    public String getName() {
        return name;
    }

    @NonNull
    public String getEndpoint() {
        return endpoint;
    }

    /** Returns the ID of the default credentials for builds, or null if each job must specify its own credentials. */
    @CheckForNull
    public String getCredentialsId() {
        return credentialsId;
    }

    @NonNull
    public AzureCloud getCloud() {
        return cloud;
    }

    @DataBoundSetter
    public void setCloud(@CheckForNull AzureCloud cloud) {
        this.cloud = cloud == null ? AzureCloud.PUBLIC : cloud;
    }

    /**
     * Returns the token authority's URL, {@code https://host[:port]}, or null if it is not set. Used only with {@link
     * AzureCloud#CUSTOM}.
     */
    @CheckForNull
    public String getAuthority() {
        return authority;
    }

    @DataBoundSetter
    public void setAuthority(@CheckForNull String authority) {
        this.authority = Util.fixEmptyAndTrim(authority);
    }

    /**
     * Returns the resource that tokens are requested for, or null for the default resource. Used only with {@link
     * AzureCloud#CUSTOM}.
     */
    @CheckForNull
    public String getResource() {
        return resource;
    }

    @DataBoundSetter
    public void setResource(@CheckForNull String resource) {
        this.resource = Util.fixEmptyAndTrim(resource);
    }

    /**
     * Returns the template for the URLs of web pages that show the account's jobs, or null if there are no such pages.
     */
    @CheckForNull
    public String getJobPageUrl() {
        return jobPageUrl;
    }

    /**
     * @param jobPageUrl an https URL with the placeholders <code>{id}</code> and, if the API supports them,
     *     <code>{transform}</code> and <code>{job}</code>. If null or empty, there are no links to jobs
     */
    @DataBoundSetter
    public void setJobPageUrl(@CheckForNull String jobPageUrl) {
        this.jobPageUrl = Util.fixEmptyAndTrim(jobPageUrl);
    }

    /** Returns an error message if the template for job page URLs is invalid. Otherwise, returns empty. */
    @NonNull
    Optional<String> jobPageProblem() {
        return Optional.ofNullable(jobPageUrl).flatMap(getApi().getDescriptor()::jobPageProblem);
    }

    /**
     * Returns the URL of the web page that shows a job. Returns empty if the account has no template for such URLs, if
     * the template is invalid because a configuration file was edited manually, or if the string is not a job ID of the
     * account's current API.
     */
    @NonNull
    public Optional<String> jobPage(@NonNull String jobId) {
        if (jobPageUrl == null || jobPageProblem().isPresent()) {
            return Optional.empty();
        }
        try {
            return Optional.of(JobPageUrl.of(jobPageUrl, jobId(jobId)));
        } catch (AmsException e) {
            return Optional.empty(); // the account has changed since the build waited for the job
        }
    }

    @NonNull
    public AmsApi getApi() {
        return api == null ? new AmsV2Api() : api;
    }

    @DataBoundSetter
    public void setApi(@CheckForNull AmsApi api) {
        this.api = api;
    }

    /**
     * Returns the origin of this account's access tokens, which determines the types of credentials that the account
     * supports.
     */
    @NonNull
    public TokenOrigin credentialsUse() {
        return getApi().getDescriptor().credentials();
    }

    /**
     * Parses a job ID in the format of the account's API.
     *
     * @throws AmsException if the string is not a job ID of this API; the message names the API
     */
    @NonNull
    public JobId jobId(@CheckForNull String text) throws AmsException {
        AmsApi validApi = validApi();
        try {
            return validApi.jobId(text);
        } catch (JobId.MalformedJobIdException e) {
            throw AmsException.configurationError(validApi.getDescriptor().notAJobId(e));
        }
    }

    private AmsApi validApi() throws AmsException {
        AmsApi validApi = getApi();
        Optional<String> problem = validApi.problem();
        if (problem.isPresent()) {
            throw AmsException.configurationError(
                    Messages.AmsAccount_api_rejected(PlainText.quoted(name), problem.get()));
        }
        return validApi;
    }

    /**
     * Returns the domain requirements for this account's credentials. All lists and lookups use the same requirements,
     * so an ID always refers to the credentials that were selected.
     */
    @NonNull
    public List<DomainRequirement> domainRequirements() {
        return URIRequirementBuilder.fromUri(address()).build();
    }

    private String address() {
        return endpoint.isEmpty() ? Util.fixNull(getApi().defaultEndpoint(this)) : endpoint;
    }

    /**
     * Returns the API's base URL.
     *
     * @throws AmsException if the API's settings are invalid, or if tokens must not be sent to the URL
     */
    @NonNull
    public URI endpoint(@NonNull EndpointPolicy policy) throws AmsException {
        validApi();
        Optional<String> problem = endpointProblem(address(), policy);
        if (problem.isPresent()) {
            throw AmsException.configurationError(
                    Messages.AmsAccount_endpoint_rejected(PlainText.quoted(name), problem.get()));
        }
        return URI.create(address());
    }

    /**
     * Returns the token authority that issues this account's tokens and the resource that the tokens are requested for.
     *
     * @param defaultResource the API's resource, which a custom cloud can override
     * @throws AmsException if the token authority's URL is missing or malformed
     */
    @NonNull
    TokenAudience audience(@NonNull String defaultResource) throws AmsException {
        boolean custom = cloud == AzureCloud.CUSTOM;
        URI authorityUri = custom ? HostsAndUris.authority(authority).orElse(null) : cloud.authority();
        if (authorityUri == null) {
            throw AmsException.configurationError(Messages.AmsAccount_authority_rejected(PlainText.quoted(name)));
        }
        return new TokenAudience(authorityUri, !custom, custom && resource != null ? resource : defaultResource);
    }

    /**
     * Returns an error message if this account's settings are invalid or refer to a host that must not receive secrets
     * and tokens. Otherwise, returns empty.
     */
    Optional<String> addressProblem(EndpointPolicy policy) {
        boolean azureAd = credentialsUse() == TokenOrigin.AZURE_AD;
        return getApi().problem()
                .or(() -> endpointProblem(address(), policy))
                .or(() -> azureAd
                                && cloud == AzureCloud.CUSTOM
                                && HostsAndUris.authority(authority).isEmpty()
                        ? Optional.of(Messages.AmsAccount_authority_malformed())
                        : Optional.empty());
    }

    /** Returns an error message if the string is not a permitted endpoint. Otherwise, returns empty. */
    private static Optional<String> endpointProblem(String endpoint, EndpointPolicy policy) {
        Optional<URI> uri = HostsAndUris.uri(endpoint);
        return uri.isEmpty()
                ? Optional.of(Messages.AmsAccount_endpoint_MALFORMED())
                : policy.endpointViolation(uri.get()).map(violation -> switch (violation) {
                    case MALFORMED -> Messages.AmsAccount_endpoint_MALFORMED();
                    case NOT_HTTPS -> Messages.AmsAccount_endpoint_NOT_HTTPS();
                    case USER_INFO -> Messages.AmsAccount_endpoint_USER_INFO();
                    case QUERY_OR_FRAGMENT -> Messages.AmsAccount_endpoint_QUERY_OR_FRAGMENT();
                    case IP_ADDRESS, UNKNOWN_HOST ->
                        Messages.AmsAccount_endpoint_UNKNOWN_HOST(
                                PlainText.quoted(uri.get().getHost()));
                    case PORT -> Messages.AmsAccount_endpoint_PORT();
                });
    }

    /** Validates the account form. Only administrators receive validation messages. */
    @Extension
    @Symbol("amsAccount")
    public static class DescriptorImpl extends Descriptor<AmsAccount> {

        @NonNull
        @Override
        public String getDisplayName() {
            return Messages.AmsAccount_displayName();
        }

        @POST
        public FormValidation doCheckName(@QueryParameter RawParameter value) {
            if (!Jenkins.get().hasPermission(Jenkins.ADMINISTER)) {
                return FormValidation.ok();
            }
            return value.trimmed() == null
                    ? FormValidation.error(Messages.AmsAccount_name_missing())
                    : FormValidation.ok();
        }

        @POST
        public FormValidation doCheckEndpoint(
                @QueryParameter RawParameter value, @QueryParameter @RelativePath("..") RawParameter additionalHosts) {
            if (!Jenkins.get().hasPermission(Jenkins.ADMINISTER)) {
                return FormValidation.ok();
            }
            if (value.trimmed() == null) {
                return FormValidation.ok(Messages.AmsAccount_endpoint_optional());
            }
            List<String> hosts = additionalHosts.text() == null
                    ? AmsGlobalConfiguration.get().getAdditionalHosts()
                    : HostsAndUris.hosts(additionalHosts.text());
            return endpointProblem(value.text(), new EndpointPolicy(hostsOfAllApis(), hosts))
                    .map(FormValidation::error)
                    .orElseGet(FormValidation::ok);
        }

        /** Returns the default API for new accounts. */
        @NonNull
        public Descriptor<AmsApi> getDefaultApi() {
            return Jenkins.get().getDescriptorOrDie(AmsV2Api.class);
        }

        /** Returns the trusted hosts of all APIs, because the validation request does not contain the selected API. */
        private static TrustedHosts hostsOfAllApis() {
            return new TrustedHosts(
                    ExtensionList.lookup(AmsApi.AmsApiDescriptor.class).stream()
                            .flatMap(each -> each.hosts().suffixes().stream())
                            .toList(),
                    null);
        }

        @POST
        public FormValidation doCheckAuthority(@QueryParameter RawParameter value, @QueryParameter RawParameter cloud) {
            if (!Jenkins.get().hasPermission(Jenkins.ADMINISTER)) {
                return FormValidation.ok();
            }
            boolean isSet = value.trimmed() != null;
            if (!AzureCloud.CUSTOM.name().equals(cloud.text())) {
                return isSet ? FormValidation.warning(Messages.AmsAccount_onlyForCustom()) : FormValidation.ok();
            }
            return HostsAndUris.authority(value.text()).isPresent()
                    ? FormValidation.ok()
                    : FormValidation.error(Messages.AmsAccount_authority_malformed());
        }

        @POST
        public FormValidation doCheckResource(@QueryParameter RawParameter value, @QueryParameter RawParameter cloud) {
            if (!Jenkins.get().hasPermission(Jenkins.ADMINISTER) || value.trimmed() == null) {
                return FormValidation.ok();
            }
            if (!AzureCloud.CUSTOM.name().equals(cloud.text())) {
                return FormValidation.warning(Messages.AmsAccount_onlyForCustom());
            }
            return HostsAndUris.uri(value.text()).isPresent()
                    ? FormValidation.ok()
                    : FormValidation.error(Messages.AmsAccount_resource_malformed());
        }
    }
}
