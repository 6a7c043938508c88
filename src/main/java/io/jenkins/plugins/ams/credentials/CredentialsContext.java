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
 * The context in which credentials are used and in which other credentials that they refer to, such as a certificate,
 * are looked up. For a build, these are the folders of its job and then the global store. Referenced credentials thus
 * give no access to credentials that the build could not use directly. Credentials with scope System are never found.
 */
public abstract class CredentialsContext {

    CredentialsContext() {}

    /** Returns the context of a build. */
    @NonNull
    public static BuildContext of(@NonNull Run<?, ?> run) {
        return new BuildContext(run);
    }

    /** Returns the context of a project whose build has been deleted. */
    @NonNull
    public static CredentialsContext of(@NonNull Job<?, ?> project) {
        return new ProjectContext(project);
    }

    /** Returns the global context, with the credentials that every build can use. */
    @NonNull
    public static CredentialsContext global() {
        return new GlobalContext();
    }

    /**
     * Finds the credentials of an ID and type, if they exist and may be used in this context. Results are not cached.
     */
    @NonNull
    abstract <C extends StandardCredentials> Optional<LookupResult<C>> find(@NonNull String id, @NonNull Class<C> type);

    /** Records that credentials are used. */
    abstract void track(@NonNull StandardCredentials credentials);

    /**
     * Finds the credentials that the builds of a job may use; returns null if there are none. Has the same result as
     * {@link CredentialsProvider#findCredentialById(String, Class, Run, List)} for an ID that is not the name of a
     * parameter, before {@link Credentials#forRun} is applied.
     */
    static <C extends StandardCredentials> C findForBuildsOf(
            Job<?, ?> job, String id, Class<C> type, List<DomainRequirement> requirements) {
        Authentication authentication = job instanceof Queue.Task task ? Tasks.getAuthenticationOf2(task) : ACL.SYSTEM2;
        C found = CredentialsProvider.findCredentialByIdInItem(id, type, job, authentication, requirements);
        if (found == null
                && authentication != ACL.SYSTEM2
                && job.hasPermission2(authentication, CredentialsProvider.USE_ITEM)) {
            found = CredentialsProvider.findCredentialByIdInItem(id, type, job, ACL.SYSTEM2, requirements);
        }
        return found;
    }

    /**
     * The result of a lookup.
     *
     * @param credentials the credentials; if they depend on the build, those of this build
     * @param sharer the key of the contexts that find the same credentials by this ID. It is an object, not a name,
     *     because names of deleted jobs can be reused
     */
    record LookupResult<C extends StandardCredentials>(C credentials, Object sharer) {}

    private static final class ProjectContext extends CredentialsContext {

        private final Job<?, ?> project;

        ProjectContext(Job<?, ?> project) {
            this.project = project;
        }

        @Override
        <C extends StandardCredentials> Optional<LookupResult<C>> find(String id, Class<C> type) {
            return Optional.ofNullable(findForBuildsOf(project, id, type, List.of()))
                    .map(credentials -> new LookupResult<>(credentials, project));
        }

        @Override
        void track(StandardCredentials credentials) {
            CredentialsProvider.track(project, credentials);
        }
    }

    private static final class GlobalContext extends CredentialsContext {

        @Override
        <C extends StandardCredentials> Optional<LookupResult<C>> find(String id, Class<C> type) {
            Jenkins jenkins = Jenkins.get();
            C found = CredentialsProvider.findCredentialByIdInItemGroup(id, type, jenkins, ACL.SYSTEM2, List.of());
            return Optional.ofNullable(found)
                    .filter(credentials -> credentials.getScope() != CredentialsScope.SYSTEM)
                    .map(credentials -> new LookupResult<>(credentials, jenkins));
        }

        @Override
        void track(StandardCredentials credentials) {
            // there is no build or project to record the use for
        }
    }
}
