package io.jenkins.plugins.ams.credentials;

import com.cloudbees.plugins.credentials.CredentialsNameProvider;
import com.cloudbees.plugins.credentials.NameWith;
import com.cloudbees.plugins.credentials.common.StandardCredentials;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Util;
import io.jenkins.plugins.ams.auth.Audience;
import io.jenkins.plugins.ams.auth.AuthenticationException;
import io.jenkins.plugins.ams.auth.Identity;

/**
 * An identity of Azure AD (Microsoft Entra ID) with the proof that it is itself. All lookups name this type, never an
 * implementation, so that another kind of proof is one more implementation and nothing else.
 *
 * <p>The cloud is no part of it: an authority that a job's owner could choose would be sent the secret. It comes from
 * the administrator's account.
 */
@NameWith(AzureAdCredentials.NameProvider.class)
public interface AzureAdCredentials extends StandardCredentials {

    /** What people know the identity by, such as the application (client) id. Never the tenant or a secret. */
    @NonNull
    String getIdentityName();

    /**
     * Who asks for tokens when these credentials are used. May be slow where a credentials provider keeps secrets
     * elsewhere; track the use of the credentials before.
     *
     * @param audience which authority is asked, for what
     * @param context who uses the credentials; what these name in turn by an id is looked up there
     * @throws UnusableCredentialsException if somebody has to set the credentials right
     * @throws AuthenticationException if the proof that they hold is none
     */
    @NonNull
    Identity identity(@NonNull Audience audience, @NonNull CredentialsContext context)
            throws UnusableCredentialsException, AuthenticationException;

    /**
     * Names credentials by their description, which their owner wrote for people, and by the identity where there is
     * none. Never shows the tenant or a secret.
     */
    class NameProvider extends CredentialsNameProvider<AzureAdCredentials> {

        @NonNull
        @Override
        public String getName(@NonNull AzureAdCredentials credentials) {
            String description = Util.fixEmptyAndTrim(credentials.getDescription());
            return credentials.getId() + " (" + (description != null ? description : credentials.getIdentityName())
                    + ")";
        }
    }
}
