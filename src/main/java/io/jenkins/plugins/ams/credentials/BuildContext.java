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
 * A build that uses credentials. Notes which ones, and whether other builds of the same job find the same, so that one
 * lookup serves them all.
 *
 * <p>Safe for use by several threads.
 */
public final class BuildContext extends CredentialsContext {

    private final Run<?, ?> run;
    private final List<StandardCredentials> used = new ArrayList<>();
    private boolean ofThisBuild;

    BuildContext(Run<?, ?> run) {
        this.run = run;
    }

    /**
     * Returns what builds have in common that find the same credentials under an ID: the job, or only the build itself.
     * Builds with parameters for credentials do not share, since whose credentials these are depends on who started the
     * build, or who answered one of its input steps. The credentials plugin does not say which parameters those are once
     * it has bound them, so that then all IDs are taken for such names. Does no I/O.
     *
     * @param id as the build's step has it
     */
    @NonNull
    public static Object sharer(@NonNull Run<?, ?> run, @NonNull String id) {
        String name = id.trim();
        return name.startsWith("${") && name.endsWith("}") || mayBeParameter(run, name) ? run : run.getParent();
    }

    @SuppressWarnings("deprecation") // only actions that were added to the build: a factory's may take long to create
    private static boolean mayBeParameter(Run<?, ?> run, String name) {
        for (Action action : run.getActions()) {
            if (action instanceof CredentialsParameterBinder
                    || action instanceof ParametersAction parameters && parameters.getParameter(name) != null) {
                return true;
            }
        }
        return false;
    }

    /** Returns what builds have in common that found the same as this one so far: the job, or only the build itself. */
    @NonNull
    public synchronized Object sharer() {
        return ofThisBuild ? run : run.getParent();
    }

    /** Returns the credentials that were used so far. Their use has not been recorded in Jenkins yet. */
    @NonNull
    public synchronized List<StandardCredentials> used() {
        return List.copyOf(used);
    }

    /**
     * Finds the credentials that a step of the build names.
     *
     * @param id the ID, or an expression that names a parameter
     */
    @NonNull
    <C extends StandardCredentials> Optional<C> findNamed(
            String id, Class<C> type, List<DomainRequirement> requirements) {
        if (sharer(run, id) == run) {
            setOfThisBuild();
            return Optional.ofNullable(CredentialsProvider.findCredentialById(id, type, run, requirements));
        }
        return find(id.trim(), type, requirements).map(Found::credentials);
    }

    /**
     * Looks for what the job was configured with: an ID within credentials was chosen by their owner, and who starts a
     * build must not replace it by a parameter of that name.
     */
    @NonNull
    @Override
    <C extends StandardCredentials> Optional<Found<C>> find(@NonNull String id, @NonNull Class<C> type) {
        return find(id, type, List.of());
    }

    private <C extends StandardCredentials> Optional<Found<C>> find(
            String id, Class<C> type, List<DomainRequirement> requirements) {
        Job<?, ?> job = run.getParent();
        C found = findForBuildsOf(job, id, type, requirements);
        if (found == null) {
            return Optional.empty();
        }
        // such as an OIDC token that is issued for this very build
        Credentials ofRun = found.forRun(run);
        if (ofRun == found || !type.isInstance(ofRun)) {
            return Optional.of(new Found<>(found, job));
        }
        setOfThisBuild();
        return Optional.of(new Found<>(type.cast(ofRun), run));
    }

    private synchronized void setOfThisBuild() {
        ofThisBuild = true;
    }

    @Override
    synchronized void track(@NonNull StandardCredentials credentials) {
        if (used.stream().noneMatch(each -> each == credentials)) { // credentials of different stores may be equal
            used.add(credentials);
        }
    }
}
