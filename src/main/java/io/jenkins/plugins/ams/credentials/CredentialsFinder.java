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

/** Finds credentials by ID among all supported types. */
public final class CredentialsFinder {

    private CredentialsFinder() {}

    /**
     * Finds credentials that a build may use, in the context of its job. The context records the use.
     *
     * @param id the ID, or an expression with the name of a credentials parameter of the build
     * @param requirements the domain requirements of the credentials
     * @param origin the origin of the tokens, which determines the types of credentials
     */
    @NonNull
    public static Optional<IdentitySource> ofBuild(
            @NonNull BuildContext build,
            @NonNull String id,
            @NonNull List<DomainRequirement> requirements,
            @NonNull TokenOrigin origin) {
        return first(origin, type -> ofBuild(type, build, id, requirements));
    }

    /**
     * Finds credentials that the builds of a project may use, on behalf of a deleted build, and records their use. Does
     * not resolve expressions with the name of a parameter.
     *
     * @param requirements the domain requirements of the credentials
     * @param origin the origin of the tokens, which determines the types of credentials
     */
    @NonNull
    public static Optional<IdentitySource> ofProject(
            @NonNull Job<?, ?> project,
            @NonNull String id,
            @NonNull List<DomainRequirement> requirements,
            @NonNull TokenOrigin origin) {
        return first(origin, type -> ofProject(type, project, id, requirements));
    }

    /**
     * Finds global credentials, which builds of all jobs may use.
     *
     * @param requirements the domain requirements of the credentials
     * @param origin the origin of the tokens, which determines the types of credentials
     */
    @NonNull
    public static Optional<IdentitySource> global(
            @NonNull String id, @NonNull List<DomainRequirement> requirements, @NonNull TokenOrigin origin) {
        return first(origin, type -> global(type, id, requirements));
    }

    private static <C extends StandardCredentials> IdentitySource ofBuild(
            SupportedCredentials<C> supported, BuildContext build, String id, List<DomainRequirement> requirements) {
        C found = build.findNamed(id, supported.type(), requirements).orElse(null);
        if (found == null) {
            return null;
        }
        build.track(found);
        return supported.source().apply(found);
    }

    private static <C extends StandardCredentials> IdentitySource ofProject(
            SupportedCredentials<C> supported, Job<?, ?> project, String id, List<DomainRequirement> requirements) {
        C found = CredentialsContext.findForBuildsOf(project, id, supported.type(), requirements);
        return found == null ? null : supported.source().apply(CredentialsProvider.track(project, found));
    }

    private static <C extends StandardCredentials> IdentitySource global(
            SupportedCredentials<C> supported, String id, List<DomainRequirement> requirements) {
        C found = CredentialsMatchers.firstOrNull(
                CredentialsProvider.lookupCredentialsInItemGroup(
                        supported.type(), Jenkins.get(), ACL.SYSTEM2, requirements),
                CredentialsMatchers.allOf(CredentialsListBox.VISIBLE_TO_BUILDS, CredentialsMatchers.withId(id)));
        return found == null ? null : supported.source().apply(found);
    }

    private static Optional<IdentitySource> first(TokenOrigin origin, Lookup lookup) {
        return origin.credentialsTypes().stream()
                .map(lookup::find)
                .filter(Objects::nonNull)
                .findFirst();
    }

    /** Finds credentials of one type, or returns null. */
    private interface Lookup {
        IdentitySource find(SupportedCredentials<?> type);
    }
}
