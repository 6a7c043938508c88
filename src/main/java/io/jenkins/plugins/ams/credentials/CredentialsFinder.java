/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.credentials;

import com.cloudbees.plugins.credentials.CredentialsMatchers;
import com.cloudbees.plugins.credentials.CredentialsProvider;
import com.cloudbees.plugins.credentials.common.StandardCredentials;
import com.cloudbees.plugins.credentials.domains.DomainRequirement;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.model.Job;
import hudson.security.ACL;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import jenkins.model.Jenkins;

/** Finds the credentials of an id among those of all kinds, by the same rules for each. */
public final class CredentialsFinder {

    private CredentialsFinder() {}

    /**
     * Those that a build may use, in the context of its job. The context notes the use.
     *
     * @param id the id, or an expression that names a credentials parameter of the build
     * @param requirements what they have to be good for
     * @param use of which kinds they are
     */
    @NonNull
    public static Optional<IdentitySource> ofBuild(
            @NonNull BuildContext build,
            @NonNull String id,
            @NonNull List<DomainRequirement> requirements,
            @NonNull TokenOrigin use) {
        return first(use, kind -> ofBuild(kind, build, id, requirements));
    }

    /**
     * Those that the builds of a project may use, for a build that was deleted; leaves a trace of the use with them. An
     * expression that names a parameter of a build finds nothing.
     *
     * @param requirements what they have to be good for
     * @param use of which kinds they are
     */
    @NonNull
    public static Optional<IdentitySource> ofProject(
            @NonNull Job<?, ?> project,
            @NonNull String id,
            @NonNull List<DomainRequirement> requirements,
            @NonNull TokenOrigin use) {
        return first(use, kind -> ofProject(kind, project, id, requirements));
    }

    /**
     * Those that a build right below Jenkins finds, which is where credentials for all of Jenkins are.
     *
     * @param requirements what they have to be good for
     * @param use of which kinds they are
     */
    @NonNull
    public static Optional<IdentitySource> global(
            @NonNull String id, @NonNull List<DomainRequirement> requirements, @NonNull TokenOrigin use) {
        return first(use, kind -> global(kind, id, requirements));
    }

    private static <C extends StandardCredentials> IdentitySource ofBuild(
            SupportedCredentials<C> kind, BuildContext build, String id, List<DomainRequirement> requirements) {
        C found = build.findNamed(id, kind.type(), requirements).orElse(null);
        if (found == null) {
            return null;
        }
        build.track(found);
        return kind.source().apply(found);
    }

    private static <C extends StandardCredentials> IdentitySource ofProject(
            SupportedCredentials<C> kind, Job<?, ?> project, String id, List<DomainRequirement> requirements) {
        C found = CredentialsContext.findForBuildsOf(project, id, kind.type(), requirements);
        return found == null ? null : kind.source().apply(CredentialsProvider.track(project, found));
    }

    private static <C extends StandardCredentials> IdentitySource global(
            SupportedCredentials<C> kind, String id, List<DomainRequirement> requirements) {
        C found = CredentialsMatchers.firstOrNull(
                CredentialsProvider.lookupCredentialsInItemGroup(kind.type(), Jenkins.get(), ACL.SYSTEM2, requirements),
                CredentialsMatchers.allOf(CredentialsListBox.VISIBLE_TO_BUILDS, CredentialsMatchers.withId(id)));
        return found == null ? null : kind.source().apply(found);
    }

    private static Optional<IdentitySource> first(TokenOrigin use, LookUp lookUp) {
        return use.kinds().stream().map(lookUp::find).filter(Objects::nonNull).findFirst();
    }

    /** Looks for credentials of one kind; null if there are none. */
    private interface LookUp {
        IdentitySource find(SupportedCredentials<?> kind);
    }
}
