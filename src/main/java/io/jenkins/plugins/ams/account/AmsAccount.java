package io.jenkins.plugins.ams.account;

import com.cloudbees.plugins.credentials.common.StandardListBoxModel;
import com.cloudbees.plugins.credentials.domains.DomainRequirement;
import com.cloudbees.plugins.credentials.domains.URIRequirementBuilder;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import hudson.RelativePath;
import hudson.Util;
import hudson.model.Describable;
import hudson.model.Descriptor;
import hudson.security.ACL;
import hudson.util.FormValidation;
import hudson.util.ListBoxModel;
import io.jenkins.plugins.ams.auth.Audience;
import io.jenkins.plugins.ams.credentials.AzureAdCredentials;
import io.jenkins.plugins.ams.credentials.OfferedCredentials;
import io.jenkins.plugins.ams.service.AmsV2Service;
import io.jenkins.plugins.ams.service.EndpointPolicy;
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
 * An AMS account: where its API is, which authority it trusts and which credentials builds use unless they name others.
 * Only administrators make these, so an address that secrets or tokens are sent to never comes from a job.
 */
public class AmsAccount implements Describable<AmsAccount> {

    private final String name;
    private final String endpoint;
    private final String credentialsId;
    private AzureCloud cloud = AzureCloud.PUBLIC;
    private String authority;
    private String resource;

    /**
     * @param name what jobs call the account
     * @param endpoint base address of the account's REST API v2,
     *     {@code https://<account>.restv2.<region>.media.azure.net/api/}
     * @param credentialsId id of {@link AzureAdCredentials} or others that can be used; empty if every job has to name its own
     */
    @DataBoundConstructor
    public AmsAccount(@CheckForNull String name, @CheckForNull String endpoint, @CheckForNull String credentialsId) {
        this.name = Util.fixNull(name).trim();
        this.endpoint = Util.fixNull(endpoint).trim();
        this.credentialsId = Util.fixEmptyAndTrim(credentialsId);
    }

    @NonNull
    public String getName() {
        return name;
    }

    @NonNull
    public String getEndpoint() {
        return endpoint;
    }

    /** Id of the credentials that builds use unless they name others; null if they have to. */
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

    /** {@code https://host[:port]} of the authority; counts in {@link AzureCloud#CUSTOM} alone. */
    @CheckForNull
    public String getAuthority() {
        return authority;
    }

    @DataBoundSetter
    public void setAuthority(@CheckForNull String authority) {
        this.authority = Util.fixEmptyAndTrim(authority);
    }

    /** What tokens are asked for; counts in {@link AzureCloud#CUSTOM} alone. Null for that of the public cloud. */
    @CheckForNull
    public String getResource() {
        return resource;
    }

    @DataBoundSetter
    public void setResource(@CheckForNull String resource) {
        this.resource = Util.fixEmptyAndTrim(resource);
    }

    /**
     * What credentials for this account have to be good for. The same in every list and lookup, or an id would find
     * other credentials than those that were chosen.
     */
    @NonNull
    public List<DomainRequirement> domainRequirements() {
        return URIRequirementBuilder.fromUri(endpoint).build();
    }

    /**
     * The base address of the API.
     *
     * @throws AmsConfigurationException if tokens may not be sent there
     */
    @NonNull
    public URI endpoint(@NonNull EndpointPolicy policy) throws AmsConfigurationException {
        Optional<String> problem = endpointProblem(endpoint, policy);
        if (problem.isPresent()) {
            throw new AmsConfigurationException(Messages.AmsAccount_endpoint_refused(name, problem.get()));
        }
        return URI.create(endpoint);
    }

    /**
     * Which authority gives out tokens for this account, and for what.
     *
     * @throws AmsConfigurationException if the account's authority is none
     */
    @NonNull
    public Audience audience() throws AmsConfigurationException {
        boolean custom = cloud == AzureCloud.CUSTOM;
        URI where = custom ? Addresses.authority(authority).orElse(null) : cloud.authority();
        if (where == null) {
            throw new AmsConfigurationException(Messages.AmsAccount_authority_refused(name));
        }
        return new Audience(where, !custom, custom && resource != null ? resource : cloud.resource());
    }

    /** Why no secret or token may be sent to where this account is, as its form says it; empty if they may. */
    Optional<String> addressProblem(EndpointPolicy policy) {
        return endpointProblem(endpoint, policy)
                .or(() -> cloud == AzureCloud.CUSTOM
                                && Addresses.authority(authority).isEmpty()
                        ? Optional.of(Messages.AmsAccount_authority_malformed())
                        : Optional.empty());
    }

    /** Why this cannot be an endpoint; empty if it can. */
    private static Optional<String> endpointProblem(String endpoint, EndpointPolicy policy) {
        Optional<URI> uri = Addresses.uri(endpoint);
        return uri.isEmpty()
                ? Optional.of(Messages.AmsAccount_endpoint_MALFORMED())
                : policy.refusalOfEndpoint(uri.get()).map(refusal -> switch (refusal) {
                    case MALFORMED -> Messages.AmsAccount_endpoint_MALFORMED();
                    case NOT_HTTPS -> Messages.AmsAccount_endpoint_NOT_HTTPS();
                    case USER_INFO -> Messages.AmsAccount_endpoint_USER_INFO();
                    case QUERY_OR_FRAGMENT -> Messages.AmsAccount_endpoint_QUERY_OR_FRAGMENT();
                    case IP_ADDRESS, UNKNOWN_HOST ->
                        Messages.AmsAccount_endpoint_UNKNOWN_HOST(uri.get().getHost());
                    case PORT -> Messages.AmsAccount_endpoint_PORT();
                });
    }

    /** Accounts are the administrator's alone: nobody else is told anything by the form's checks and lists. */
    @Extension
    @Symbol("amsAccount")
    public static class DescriptorImpl extends Descriptor<AmsAccount> {

        @NonNull
        @Override
        public String getDisplayName() {
            return Messages.AmsAccount_displayName();
        }

        @POST
        public ListBoxModel doFillCredentialsIdItems(
                @QueryParameter String credentialsId, @QueryParameter String endpoint) {
            if (!Jenkins.get().hasPermission(Jenkins.ADMINISTER)) {
                return new StandardListBoxModel().includeCurrentValue(credentialsId);
            }
            StandardListBoxModel items = new StandardListBoxModel();
            items.includeEmptyValue();
            OfferedCredentials.include(
                    items,
                    ACL.SYSTEM2,
                    null,
                    URIRequirementBuilder.fromUri(endpoint).build());
            return items.includeCurrentValue(credentialsId);
        }

        @POST
        public FormValidation doCheckCredentialsId(@QueryParameter String value, @QueryParameter String endpoint) {
            if (!Jenkins.get().hasPermission(Jenkins.ADMINISTER)) {
                return FormValidation.ok();
            }
            String id = Util.fixEmptyAndTrim(value);
            if (id == null) {
                return FormValidation.warning(Messages.AmsAccount_credentialsId_missing());
            }
            return OfferedCredentials.isOffered(
                            id,
                            ACL.SYSTEM2,
                            null,
                            URIRequirementBuilder.fromUri(endpoint).build())
                    ? FormValidation.ok()
                    : FormValidation.error(Messages.AmsAccount_credentialsId_unknown());
        }

        @POST
        public FormValidation doCheckName(@QueryParameter String value) {
            if (!Jenkins.get().hasPermission(Jenkins.ADMINISTER)) {
                return FormValidation.ok();
            }
            return Util.fixEmptyAndTrim(value) == null
                    ? FormValidation.error(Messages.AmsAccount_name_missing())
                    : FormValidation.ok();
        }

        @POST
        public FormValidation doCheckEndpoint(
                @QueryParameter String value, @QueryParameter @RelativePath("..") String additionalHosts) {
            if (!Jenkins.get().hasPermission(Jenkins.ADMINISTER)) {
                return FormValidation.ok();
            }
            return endpointProblem(value, policy(additionalHosts))
                    .map(FormValidation::error)
                    .orElseGet(FormValidation::ok);
        }

        @POST
        public FormValidation doCheckAuthority(@QueryParameter String value, @QueryParameter String cloud) {
            if (!Jenkins.get().hasPermission(Jenkins.ADMINISTER)) {
                return FormValidation.ok();
            }
            boolean given = Util.fixEmptyAndTrim(value) != null;
            if (!AzureCloud.CUSTOM.name().equals(cloud)) {
                return given ? FormValidation.warning(Messages.AmsAccount_onlyForCustom()) : FormValidation.ok();
            }
            return Addresses.authority(value).isPresent()
                    ? FormValidation.ok()
                    : FormValidation.error(Messages.AmsAccount_authority_malformed());
        }

        @POST
        public FormValidation doCheckResource(@QueryParameter String value, @QueryParameter String cloud) {
            if (!Jenkins.get().hasPermission(Jenkins.ADMINISTER) || Util.fixEmptyAndTrim(value) == null) {
                return FormValidation.ok();
            }
            if (!AzureCloud.CUSTOM.name().equals(cloud)) {
                return FormValidation.warning(Messages.AmsAccount_onlyForCustom());
            }
            return Addresses.uri(value).isPresent()
                    ? FormValidation.ok()
                    : FormValidation.error(Messages.AmsAccount_resource_malformed());
        }

        /**
         * The button «Test connection»: tries the account out as it is in the form, saved or not.
         *
         * @param cloud name of an {@link AzureCloud}
         * @param additionalHosts as in the same form; null for those that are saved
         */
        @POST
        public FormValidation doTestConnection(
                @QueryParameter String name,
                @QueryParameter String endpoint,
                @QueryParameter String credentialsId,
                @QueryParameter String cloud,
                @QueryParameter String authority,
                @QueryParameter String resource,
                @QueryParameter String additionalHosts)
                throws InterruptedException {
            Jenkins.get().checkPermission(Jenkins.ADMINISTER);
            AmsAccount account = new AmsAccount(name, endpoint, credentialsId);
            account.setCloud(AzureCloud.named(cloud));
            account.setAuthority(authority);
            account.setResource(resource);
            return new ConnectionCheck(account, policy(additionalHosts)).run();
        }

        private static EndpointPolicy policy(String additionalHosts) {
            return additionalHosts == null
                    ? AmsGlobalConfiguration.get().endpointPolicy()
                    : new EndpointPolicy(AmsV2Service.HOSTS, Addresses.hosts(additionalHosts));
        }
    }
}
