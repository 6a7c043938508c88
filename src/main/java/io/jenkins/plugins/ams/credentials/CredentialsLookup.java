/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.credentials;

import com.cloudbees.plugins.credentials.Credentials;
import com.cloudbees.plugins.credentials.CredentialsMatchers;
import com.cloudbees.plugins.credentials.CredentialsProvider;
import com.cloudbees.plugins.credentials.builds.CredentialsParameterBinder;
import com.cloudbees.plugins.credentials.common.StandardCredentials;
import com.cloudbees.plugins.credentials.domains.DomainRequirement;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.model.Action;
import hudson.model.Job;
import hudson.model.ParametersAction;
import hudson.model.Queue;
import hudson.model.Run;
import hudson.model.queue.Tasks;
import hudson.security.ACL;
import io.jenkins.plugins.ams.auth.Identity;
import io.jenkins.plugins.ams.auth.TokenAudience;
import io.jenkins.plugins.ams.http.AmsException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import jenkins.model.Jenkins;
import org.springframework.security.core.Authentication;

/**
 * Finds credentials by ID. The context of a lookup determines whether it finds the credentials that are available to a
 * build, to a project's builds, or to all builds. Credentials that other credentials refer to, such as a certificate,
 * are found in the same context, so a reference does not give access to credentials that the build could not use
 * directly. Credentials with the System scope are never found. Results are not cached.
 *
 * <p>A lookup records which credentials a build uses, and whether other builds of the same job would find the same
 * credentials, so that builds can share lookups.
 *
 * <p>Thread-safe. The object's own lock guards its state.
 */
public final class CredentialsLookup {

    /** The build, or null if the lookup is not for a build. */
    @CheckForNull
    private final Run<?, ?> run;

    /** The project in whose context credentials are looked up, or null in the global context. */
    @CheckForNull
    private final Job<?, ?> job;

    private final List<StandardCredentials> used = new ArrayList<>();
    private boolean buildSpecific;

    private CredentialsLookup(@CheckForNull Run<?, ?> run, @CheckForNull Job<?, ?> job) {
        this.run = run;
        this.job = job;
    }

    /** Creates a lookup for a build. */
    @NonNull
    public static CredentialsLookup ofBuild(@NonNull Run<?, ?> run) {
        return new CredentialsLookup(run, run.getParent());
    }

    /**
     * Creates a lookup for a project, on behalf of a deleted build. The lookup does not resolve expressions that refer
     * to credentials parameters.
     */
    @NonNull
    public static CredentialsLookup ofProject(@NonNull Job<?, ?> project) {
        return new CredentialsLookup(null, project);
    }

    /** Creates a lookup for global credentials, which builds of all jobs may use. */
    @NonNull
    public static CredentialsLookup global() {
        return new CredentialsLookup(null, null);
    }

    /**
     * Returns an object that is the same for all builds that find the same credentials for an ID. The object is the
     * job, or the build itself if its credentials may differ from those of other builds.
     *
     * <p>Builds with credentials parameters do not share lookups, because the credentials depend on the user who
     * started the build or responded to one of its input steps. After the Credentials plugin has recorded the values of
     * these parameters, it no longer exposes the parameter names. Therefore, every ID in such a build is treated as a
     * parameter name. This method does not perform I/O.
     *
     * @param id the credentials ID as specified in the step
     */
    @NonNull
    public static Object sharingScope(@NonNull Run<?, ?> run, @NonNull String id) {
        String name = id.trim();
        return name.startsWith("${") && name.endsWith("}") || mayBeParameter(run, name) ? run : run.getParent();
    }

    @SuppressWarnings("deprecation") // check only stored actions, because action factories may be slow
    private static boolean mayBeParameter(Run<?, ?> run, String name) {
        for (Action action : run.getActions()) {
            if (action instanceof CredentialsParameterBinder
                    || action instanceof ParametersAction parameters && parameters.getParameter(name) != null) {
                return true;
            }
        }
        return false;
    }

    /**
     * Returns an object that is the same for all builds that find the same credentials as this lookup. The object is
     * the job, or the build itself if any of the credentials are specific to the build.
     */
    @NonNull
    public synchronized Object sharingScope() {
        return key(buildSpecific);
    }

    private Object key(boolean ofBuild) {
        return ofBuild ? run : job != null ? job : Jenkins.get();
    }

    /** Returns the credentials that the build has used so far. The caller must record their use in Jenkins. */
    @NonNull
    public synchronized List<StandardCredentials> used() {
        return List.copyOf(used);
    }

    /**
     * Returns the identity that the specified credentials authenticate, or empty if the credentials do not exist.
     * Records the use of the credentials. This method may be slow if a credentials provider stores secrets remotely.
     *
     * @param id the credentials ID or, for a build, an expression that refers to a credentials parameter
     * @param requirements the domain requirements for the credentials
     * @param origin the origin of the tokens, which determines the types of credentials
     * @param audience the token authority, and the resource that tokens are requested for
     * @throws AmsException if a user must correct the credentials, or if the client credential is invalid
     */
    @NonNull
    public Optional<Identity> identity(
            @NonNull String id,
            @NonNull List<DomainRequirement> requirements,
            @NonNull TokenOrigin origin,
            @NonNull TokenAudience audience)
            throws AmsException {
        for (SupportedCredentials<?> supported : SupportedCredentials.of(origin)) {
            Optional<Identity> identity = identity(supported, id, requirements, audience);
            if (identity.isPresent()) {
                return identity;
            }
        }
        return Optional.empty();
    }

    private <C extends StandardCredentials> Optional<Identity> identity(
            SupportedCredentials<C> supported, String id, List<DomainRequirement> requirements, TokenAudience audience)
            throws AmsException {
        C credentials;
        if (run != null && sharingScope(run, id) == run) {
            setBuildSpecific();
            credentials = CredentialsProvider.findCredentialById(id, supported.type(), run, requirements);
        } else {
            credentials = find(id.trim(), supported.type(), requirements)
                    .map(Found::credentials)
                    .orElse(null);
        }
        if (credentials == null) {
            return Optional.empty();
        }
        track(credentials);
        return Optional.of(supported.identity(credentials, audience, this));
    }

    /**
     * Finds credentials that other credentials refer to. Ignores the build's parameters, because the owner of the
     * referring credentials chose the ID. The user who starts the build must not be able to override that ID with a
     * parameter of the same name.
     */
    @NonNull
    <C extends StandardCredentials> Optional<Found<C>> find(@NonNull String id, @NonNull Class<C> type) {
        return find(id, type, List.of());
    }

    private <C extends StandardCredentials> Optional<Found<C>> find(
            String id, Class<C> type, List<DomainRequirement> requirements) {
        C found = job == null ? findGlobal(id, type, requirements) : findForBuilds(job, id, type, requirements);
        if (found == null) {
            return Optional.empty();
        }
        // credentials may be specific to the build, such as an OIDC token that is issued for a single build
        Credentials forRun = run == null ? found : found.forRun(run);
        if (forRun == found || !type.isInstance(forRun)) {
            return Optional.of(new Found<>(found, key(false)));
        }
        setBuildSpecific();
        return Optional.of(new Found<>(type.cast(forRun), key(true)));
    }

    /**
     * Returns the credentials that a job's builds may use, or null if there are no such credentials. For an ID that is
     * not a parameter name, these are the credentials that {@link CredentialsProvider#findCredentialById(String, Class,
     * Run, List)} finds before it applies {@link Credentials#forRun}.
     */
    @CheckForNull
    private static <C extends StandardCredentials> C findForBuilds(
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

    @CheckForNull
    private static <C extends StandardCredentials> C findGlobal(
            String id, Class<C> type, List<DomainRequirement> requirements) {
        return CredentialsMatchers.firstOrNull(
                CredentialsProvider.lookupCredentialsInItemGroup(type, Jenkins.get(), ACL.SYSTEM2, requirements),
                CredentialsMatchers.allOf(CredentialsListBox.VISIBLE_TO_BUILDS, CredentialsMatchers.withId(id)));
    }

    private synchronized void setBuildSpecific() {
        buildSpecific = true;
    }

    /** Records that credentials are used. Does nothing in the global context, which has no build or project. */
    void track(@NonNull StandardCredentials credentials) {
        if (run != null) {
            addUsed(credentials);
        } else if (job != null) {
            CredentialsProvider.track(job, credentials);
        }
    }

    private synchronized void addUsed(StandardCredentials credentials) {
        if (used.stream().noneMatch(each -> each == credentials)) { // equals() would compare only IDs
            used.add(credentials);
        }
    }

    /**
     * The credentials that a lookup has found.
     *
     * @param credentials the credentials; if they are specific to a build, the credentials for this build
     * @param sharingScope an object that is the same for all builds that find the same credentials for this ID. It is
     *     not a name, because the names of deleted jobs can be reused
     */
    record Found<C extends StandardCredentials>(C credentials, Object sharingScope) {}
}
