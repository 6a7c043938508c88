/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.credentials;

import com.cloudbees.plugins.credentials.Credentials;
import com.cloudbees.plugins.credentials.CredentialsProvider;
import com.cloudbees.plugins.credentials.CredentialsScope;
import com.cloudbees.plugins.credentials.common.StandardCredentials;
import com.cloudbees.plugins.credentials.domains.DomainRequirement;
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

    CredentialsContext() {}

    /** A build. */
    @NonNull
    public static BuildContext of(@NonNull Run<?, ?> run) {
        return new BuildContext(run);
    }

    /** A project whose build was deleted. */
    @NonNull
    public static CredentialsContext of(@NonNull Job<?, ?> project) {
        return new OfProject(project);
    }

    /** No build in particular: what every build can use. */
    @NonNull
    public static CredentialsContext global() {
        return new Global();
    }

    /** Finds credentials; empty if the user may not use any such. Each call looks anew. */
    @NonNull
    abstract <C extends StandardCredentials> Optional<Found<C>> find(@NonNull String id, @NonNull Class<C> type);

    /** Takes note that credentials are used. */
    abstract void track(@NonNull StandardCredentials credentials);

    /**
     * Finds what the builds of a job may use; null if there is nothing. Does what {@link
     * CredentialsProvider#findCredentialById(String, Class, Run, List)} does for an id that is no parameter, up to {@link
     * Credentials#forRun}.
     */
    static <C extends StandardCredentials> C findForBuildsOf(
            Job<?, ?> job, String id, Class<C> type, List<DomainRequirement> requirements) {
        Authentication ofJob = job instanceof Queue.Task task ? Tasks.getAuthenticationOf2(task) : ACL.SYSTEM2;
        C found = CredentialsProvider.findCredentialByIdInItem(id, type, job, ofJob, requirements);
        if (found == null && ofJob != ACL.SYSTEM2 && job.hasPermission2(ofJob, CredentialsProvider.USE_ITEM)) {
            found = CredentialsProvider.findCredentialByIdInItem(id, type, job, ACL.SYSTEM2, requirements);
        }
        return found;
    }

    /**
     * Credentials that were found.
     *
     * @param credentials the credentials; as they are for this user, if they are not the same for all
     * @param sharer who else finds the same under the same id: users with an equal sharer. By identity, since names of
     *     jobs are used again
     */
    record Found<C extends StandardCredentials>(C credentials, Object sharer) {}

    private static final class OfProject extends CredentialsContext {

        private final Job<?, ?> project;

        OfProject(Job<?, ?> project) {
            this.project = project;
        }

        @Override
        <C extends StandardCredentials> Optional<Found<C>> find(String id, Class<C> type) {
            return Optional.ofNullable(findForBuildsOf(project, id, type, List.of()))
                    .map(credentials -> new Found<>(credentials, project));
        }

        @Override
        void track(StandardCredentials credentials) {
            CredentialsProvider.track(project, credentials);
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
