/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.credentials;

import com.cloudbees.plugins.credentials.Credentials;
import com.cloudbees.plugins.credentials.CredentialsProvider;
import com.cloudbees.plugins.credentials.CredentialsScope;
import com.cloudbees.plugins.credentials.common.StandardCredentials;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.model.Job;
import hudson.model.Queue;
import hudson.model.Run;
import hudson.model.queue.Tasks;
import hudson.security.ACL;
import java.util.List;
import java.util.Optional;
import jenkins.model.Jenkins;
import org.springframework.security.core.Authentication;

/**
 * Who uses credentials. Credentials that name others by an id, such as a certificate, find these where the user could:
 * for a build in the folders of its job and then among the global ones, so that nobody can reach by way of Azure AD
 * credentials what he could not reach without. Credentials of scope System are never found.
 */
public abstract class CredentialsContext {

    private CredentialsContext() {}

    /** A build. */
    @NonNull
    public static CredentialsContext of(@NonNull Run<?, ?> run) {
        return new OfRun(run);
    }

    /** No build in particular: what every build can use. */
    @NonNull
    public static CredentialsContext global() {
        return new Global();
    }

    /** Finds credentials; empty if the user may not use any such. Each call looks anew. */
    @NonNull
    abstract <C extends StandardCredentials> Optional<Found<C>> find(@NonNull String id, @NonNull Class<C> type);

    /** Leaves a trace of the use with the credentials. */
    abstract void track(@NonNull StandardCredentials credentials);

    /**
     * Credentials that were found.
     *
     * @param credentials the credentials; as they are for this user, if they are not the same for all
     * @param sharer who else finds the same under the same id: users with an equal sharer. By identity, since names of
     *     jobs are used again
     */
    record Found<C extends StandardCredentials>(C credentials, Object sharer) {}

    /**
     * Looks for what the job was configured with, as {@link CredentialsProvider#findCredentialById(String, Class, Run,
     * List)} does for an id that is no parameter: an id within credentials was chosen by their owner, and whoever starts
     * a build is not to replace it by a parameter of that name.
     */
    private static final class OfRun extends CredentialsContext {

        private final Run<?, ?> run;

        OfRun(Run<?, ?> run) {
            this.run = run;
        }

        @Override
        <C extends StandardCredentials> Optional<Found<C>> find(String id, Class<C> type) {
            Job<?, ?> job = run.getParent();
            Authentication ofJob = job instanceof Queue.Task task ? Tasks.getAuthenticationOf2(task) : ACL.SYSTEM2;
            C found = CredentialsProvider.findCredentialByIdInItem(id, type, job, ofJob, List.of());
            if (found == null && ofJob != ACL.SYSTEM2 && job.hasPermission2(ofJob, CredentialsProvider.USE_ITEM)) {
                found = CredentialsProvider.findCredentialByIdInItem(id, type, job, ACL.SYSTEM2, List.of());
            }
            if (found == null) {
                return Optional.empty();
            }
            // such as an OIDC token that is issued for this very build
            Credentials ofRun = found.forRun(run);
            return Optional.of(
                    ofRun != found && type.isInstance(ofRun)
                            ? new Found<>(type.cast(ofRun), run)
                            : new Found<>(found, job));
        }

        @Override
        void track(StandardCredentials credentials) {
            CredentialsProvider.track(run, credentials);
        }
    }

    private static final class Global extends CredentialsContext {

        @Override
        <C extends StandardCredentials> Optional<Found<C>> find(String id, Class<C> type) {
            Jenkins jenkins = Jenkins.get();
            C found = CredentialsProvider.findCredentialByIdInItemGroup(id, type, jenkins, ACL.SYSTEM2, List.of());
            return Optional.ofNullable(found)
                    .filter(credentials -> credentials.getScope() != CredentialsScope.SYSTEM)
                    .map(credentials -> new Found<>(credentials, jenkins));
        }

        @Override
        void track(StandardCredentials credentials) {
            // there is no build that a trace could point to
        }
    }
}
