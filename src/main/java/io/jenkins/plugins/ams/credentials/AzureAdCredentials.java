package io.jenkins.plugins.ams.credentials;

import com.cloudbees.plugins.credentials.CredentialsNameProvider;
import com.cloudbees.plugins.credentials.NameWith;
import com.cloudbees.plugins.credentials.common.StandardCredentials;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Util;
import io.jenkins.plugins.ams.auth.ClientCredential;

/**
 * An application of an Azure AD (Microsoft Entra ID) tenant with the proof that it is itself. All lookups name this
 * type, never an implementation, so that another kind of proof is one more implementation and nothing else.
 *
 * <p>The cloud is no part of it: an authority that a job's owner could choose would be sent the secret. It comes from
 * the administrator's account.
 */
@NameWith(AzureAdCredentials.NameProvider.class)
public interface AzureAdCredentials extends StandardCredentials {

    /** Directory (tenant) id, or a domain of the directory. */
    @NonNull
    String getTenantId();

    /** Application (client) id. */
    @NonNull
    String getClientId();

    /**
     * What the authority takes as proof. May be slow where a credentials provider keeps secrets elsewhere; track the
     * use of the credentials before.
     */
    @NonNull
    ClientCredential clientCredential();

    /**
     * Names credentials by their description, which their owner wrote for people, and by the application where there is
     * none. Never shows the tenant or a secret.
     */
    class NameProvider extends CredentialsNameProvider<AzureAdCredentials> {

        @NonNull
        @Override
        public String getName(@NonNull AzureAdCredentials credentials) {
            String description = Util.fixEmptyAndTrim(credentials.getDescription());
            return credentials.getId() + " (" + (description != null ? description : credentials.getClientId()) + ")";
        }
    }
}
