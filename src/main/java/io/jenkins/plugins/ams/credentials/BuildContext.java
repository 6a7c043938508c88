/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.credentials;

import com.cloudbees.plugins.credentials.Credentials;
import com.cloudbees.plugins.credentials.CredentialsProvider;
import com.cloudbees.plugins.credentials.builds.CredentialsParameterBinder;
import com.cloudbees.plugins.credentials.common.StandardCredentials;
import com.cloudbees.plugins.credentials.domains.DomainRequirement;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.model.Action;
import hudson.model.Job;
import hudson.model.ParametersAction;
import hudson.model.Run;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The context of a build. Records which credentials the build uses and whether other builds of the same job find the
 * same ones, so that builds can share a lookup.
 *
 * <p>Thread-safe. The object itself is the lock.
 */
public final class BuildContext extends CredentialsContext {

    private final Run<?, ?> run;
    private final List<StandardCredentials> used = new ArrayList<>();
    private boolean buildSpecific;

    BuildContext(Run<?, ?> run) {
        this.run = run;
    }

    /**
     * Returns the key that builds share if they find the same credentials by an ID: the job, or the build itself if it
     * does not share its credentials.
     *
     * <p>Builds with credentials parameters do not share, because the result depends on the user who started the build
     * or responded to one of its input steps. Once the credentials plugin has bound such parameters, it does not expose
     * their names, so every ID is treated as the name of a parameter. Performs no I/O.
     *
     * @param id the ID as given in the step
     */
    @NonNull
    public static Object sharer(@NonNull Run<?, ?> run, @NonNull String id) {
        String name = id.trim();
        return name.startsWith("${") && name.endsWith("}") || mayBeParameter(run, name) ? run : run.getParent();
    }

    @SuppressWarnings("deprecation") // only actions stored with the build: those of factories may be slow to create
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
     * Returns the key that builds share if they find the same credentials as this build has so far: the job, or the
     * build itself if it does not share its credentials.
     */
    @NonNull
    public synchronized Object sharer() {
        return buildSpecific ? run : run.getParent();
    }

    /** Returns the credentials that have been used so far. Their use has not been recorded in Jenkins yet. */
    @NonNull
    public synchronized List<StandardCredentials> used() {
        return List.copyOf(used);
    }

    /**
     * Finds the credentials that a step of the build refers to.
     *
     * @param id the ID, or an expression with the name of a parameter
     */
    @NonNull
    <C extends StandardCredentials> Optional<C> findNamed(
            String id, Class<C> type, List<DomainRequirement> requirements) {
        if (sharer(run, id) == run) {
            setBuildSpecific();
            return Optional.ofNullable(CredentialsProvider.findCredentialById(id, type, run, requirements));
        }
        return find(id.trim(), type, requirements).map(LookupResult::credentials);
    }

    /**
     * Finds credentials that other credentials refer to. Ignores the build's parameters: the owner of the credentials
     * chose the ID, and the user who starts the build must not replace it with a parameter of the same name.
     */
    @NonNull
    @Override
    <C extends StandardCredentials> Optional<LookupResult<C>> find(@NonNull String id, @NonNull Class<C> type) {
        return find(id, type, List.of());
    }

    private <C extends StandardCredentials> Optional<LookupResult<C>> find(
            String id, Class<C> type, List<DomainRequirement> requirements) {
        Job<?, ?> job = run.getParent();
        C found = findForBuildsOf(job, id, type, requirements);
        if (found == null) {
            return Optional.empty();
        }
        // credentials may be specific to the build, such as an OIDC token issued for it
        Credentials forRun = found.forRun(run);
        if (forRun == found || !type.isInstance(forRun)) {
            return Optional.of(new LookupResult<>(found, job));
        }
        setBuildSpecific();
        return Optional.of(new LookupResult<>(type.cast(forRun), run));
    }

    private synchronized void setBuildSpecific() {
        buildSpecific = true;
    }

    @Override
    synchronized void track(@NonNull StandardCredentials credentials) {
        if (used.stream().noneMatch(each -> each == credentials)) { // not equals: it only compares IDs
            used.add(credentials);
        }
    }
}
