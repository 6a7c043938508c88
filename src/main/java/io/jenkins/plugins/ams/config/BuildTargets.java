/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.config;

import com.cloudbees.plugins.credentials.CredentialsProvider;
import com.cloudbees.plugins.credentials.common.StandardCredentials;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.Extension;
import hudson.ExtensionList;
import hudson.model.Fingerprint;
import hudson.model.Job;
import hudson.model.Run;
import io.jenkins.plugins.ams.auth.AuthenticationException;
import io.jenkins.plugins.ams.auth.Identity;
import io.jenkins.plugins.ams.auth.TokenAudience;
import io.jenkins.plugins.ams.config.TargetLookups.Found;
import io.jenkins.plugins.ams.config.TargetLookups.Request;
import io.jenkins.plugins.ams.credentials.CredentialsLookup;
import io.jenkins.plugins.ams.credentials.CredentialsUsageTracker;
import io.jenkins.plugins.ams.credentials.TokenOrigin;
import io.jenkins.plugins.ams.http.AmsException;
import io.jenkins.plugins.ams.http.Futures;
import io.jenkins.plugins.ams.http.PlainText;
import io.jenkins.plugins.ams.polling.PollTarget;
import io.jenkins.plugins.ams.runtime.AmsRuntime;
import io.jenkins.plugins.ams.service.EndpointPolicy;
import io.jenkins.plugins.ams.service.JobId;
import java.io.IOException;
import java.net.URI;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.springframework.security.access.AccessDeniedException;

/**
 * Finds the service that a build polls, based on the account's configuration and the credentials that are available to
 * the build.
 */
@Extension
@Restricted(NoExternalUse.class)
public final class BuildTargets {

    private final AmsRuntime runtime = AmsRuntime.get();
    private final TargetLookups<Run<?, ?>, StandardCredentials> lookups;

    /** Runs lookups for deleted builds separately, so that a hung credentials store does not delay other lookups. */
    private final Executor projectLookups;

    public BuildTargets() {
        CredentialsUsageTracker<Run<?, ?>, StandardCredentials> tracker =
                new CredentialsUsageTracker<>(runtime.fingerprintsExecutor()::serial, new Fingerprints());
        this.lookups = new TargetLookups<>(runtime.credentialsExecutor(), runtime.timer(), tracker);
        this.projectLookups = runtime.credentialsExecutor().of(BuildTargets.class);
    }

    /** Returns the instance that Jenkins has created. */
    public static BuildTargets get() {
        return ExtensionList.lookupSingleton(BuildTargets.class);
    }

    /**
     * Returns the source that finds a build's poll target. Targets are not cached, because accounts can be renamed and
     * secrets rotated while builds wait. Credentials are looked up in the build's context, so the build cannot use
     * credentials that are not available to its project.
     *
     * @param job the job ID, as parsed by the account's API when the wait started
     * @param accountName the account name, or null for the default account
     * @param credentialsId the credentials ID, or null for the account's default credentials
     */
    public PollTarget.Source source(
            Run<?, ?> run, JobId job, @CheckForNull String accountName, @CheckForNull String credentialsId) {
        return new BuildSource(run, () -> subject(job, accountName, credentialsId));
    }

    /**
     * Returns the source that finds the target for canceling a job whose build was deleted. Credentials are looked up
     * in the project's context.
     *
     * @param job the job ID, as parsed by the account's API when the wait started
     * @param accountName the account name, or null for the default account
     * @param credentialsId the credentials ID, or null for the account's default credentials
     */
    public PollTarget.Source source(
            Job<?, ?> project, JobId job, @CheckForNull String accountName, @CheckForNull String credentialsId) {
        return new ProjectSource(project, () -> subject(job, accountName, credentialsId));
    }

    /**
     * Finds the target of one wait. The first call may join a lookup that is already in progress. Each later call uses
     * only a lookup that starts after that call.
     */
    private final class BuildSource implements PollTarget.Source {

        private final Run<?, ?> run;
        private final CurrentSubject currentSubject;
        private final AtomicBoolean calledBefore = new AtomicBoolean();

        BuildSource(Run<?, ?> run, CurrentSubject currentSubject) {
            this.run = run;
            this.currentSubject = currentSubject;
        }

        @Override
        public Object owner() {
            return run;
        }

        @Override
        public PollTarget find() throws Exception {
            try {
                return lookUp().get();
            } catch (ExecutionException e) {
                throw Futures.exception(e);
            }
        }

        @Override
        public CompletableFuture<PollTarget> lookUp() {
            try {
                return lookups.find(request(), calledBefore.getAndSet(true));
            } catch (AmsException e) {
                return CompletableFuture.failedFuture(e);
            }
        }

        private Request<Run<?, ?>, StandardCredentials> request() throws AmsException {
            Subject subject = currentSubject.get();
            return new Request<>(
                    run,
                    CredentialsLookup.sharingScope(run, subject.credentialsId()),
                    subject,
                    new Store(run.getParent().getParent(), subject.credentialsId()),
                    () -> lookUp(subject));
        }

        private Found<StandardCredentials> lookUp(Subject subject) throws AmsException {
            CredentialsLookup lookup = CredentialsLookup.ofBuild(run);
            PollTarget target = target(subject, lookup);
            return new Found<>(target, lookup.used(), lookup.sharingScope());
        }
    }

    /**
     * Finds the target for canceling a job whose build was deleted. Such cancellations are rare, so their lookups are
     * not shared.
     */
    private final class ProjectSource implements PollTarget.Source {

        private final Job<?, ?> project;
        private final CurrentSubject currentSubject;

        ProjectSource(Job<?, ?> project, CurrentSubject currentSubject) {
            this.project = project;
            this.currentSubject = currentSubject;
        }

        @Override
        public PollTarget find() throws AmsException {
            return target(currentSubject.get(), CredentialsLookup.ofProject(project));
        }

        @Override
        public CompletableFuture<PollTarget> lookUp() {
            CompletableFuture<PollTarget> found = new CompletableFuture<>();
            projectLookups.execute(() -> {
                try {
                    found.complete(find());
                } catch (Throwable e) { // catch Errors too, such as NoClassDefFoundError: the future must complete
                    found.completeExceptionally(e);
                }
            });
            return found;
        }
    }

    private static Subject subject(JobId job, @CheckForNull String accountName, @CheckForNull String credentialsId)
            throws AmsException {
        AmsGlobalConfiguration configuration = AmsGlobalConfiguration.get();
        AmsAccount account = configuration.account(accountName);
        account.jobId(job.value()); // check again: the account's API may have changed since the wait started
        String id = credentialsId == null ? account.getCredentialsId() : credentialsId;
        if (id == null) {
            throw AmsException.configurationError(
                    Messages.BuildTargets_noCredentials(PlainText.quoted(account.getName())));
        }
        return new Subject(account, configuration.endpointPolicy(account.getApi()), id);
    }

    private PollTarget target(Subject subject, CredentialsLookup lookup) throws AmsException {
        AmsAccount account = subject.account();
        AmsApi api = account.getApi();
        URI endpoint = account.endpoint(subject.policy()); // rejects an untrusted endpoint before any secret is read
        TokenAudience audience = api.audience(account, endpoint);
        Identity identity = api.identity(identity(subject, audience, lookup), endpoint);
        return new PollTarget(
                new Key(endpoint, api, identity, subject.policy()),
                endpoint,
                () -> api.service(
                        endpoint,
                        runtime.tokens().tokensOf(identity),
                        runtime::http,
                        subject.policy(),
                        runtime.clock()),
                error -> new ConnectionErrors(account)
                        .explain(error, error.concernsCredentials() ? audience.authority() : endpoint),
                new ServiceSettings(endpoint, api).origin(subject.credentialsId()));
    }

    /**
     * Returns the identity that tokens are requested for. Exceptions from a credentials store are reported as
     * transient, because they do not mean that the credentials are missing.
     */
    private static Identity identity(Subject subject, TokenAudience audience, CredentialsLookup lookup)
            throws AmsException {
        AmsAccount account = subject.account();
        String id = subject.credentialsId();
        TokenOrigin origin = account.credentialsUse();
        try {
            return lookup.identity(id, account.domainRequirements(), origin, audience)
                    .orElseThrow(() -> AmsException.configurationError(
                            origin == TokenOrigin.SECRET_TEXT
                                    ? Messages.BuildTargets_secretTextNotFound(PlainText.quoted(id))
                                    : Messages.BuildTargets_credentialsNotFound(PlainText.quoted(id))));
        } catch (AccessDeniedException e) {
            throw e;
        } catch (RuntimeException e) {
            String reason = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
            throw AuthenticationException.causedBy(AuthenticationException.Kind.CREDENTIALS_UNAVAILABLE, reason, e);
        }
    }

    /**
     * Records which builds use which credentials. Jenkins shows these records, called fingerprints, on the credentials'
     * pages.
     */
    private static final class Fingerprints implements CredentialsUsageTracker.Records<Run<?, ?>, StandardCredentials> {

        @Override
        public boolean contains(Run<?, ?> run, StandardCredentials credentials) throws IOException {
            Fingerprint fingerprint = CredentialsProvider.getFingerprintOf(credentials);
            return fingerprint != null
                    && fingerprint.getRangeSet(run.getParent()).includes(run.getNumber());
        }

        @Override
        public void add(Run<?, ?> run, StandardCredentials credentials) {
            CredentialsProvider.track(run, credentials);
        }
    }

    /**
     * The account and credentials to look up. Accounts are compared by identity, so a lookup that starts after the
     * configuration is saved never joins an earlier lookup.
     */
    private record Subject(AmsAccount account, EndpointPolicy policy, String credentialsId) {}

    /** Finds a wait's account and credentials in the current configuration. */
    private interface CurrentSubject {
        Subject get() throws AmsException;
    }

    /**
     * Identifies a credentials store. Each combination of a folder and a credentials ID is treated as a separate store,
     * because only the lookup itself determines which credentials provider contains the credentials.
     */
    private record Store(Object folder, String credentialsId) {}

    /** Identifies waits that share a poll queue, access tokens, and backoff. */
    private record Key(URI endpoint, AmsApi api, Identity identity, EndpointPolicy policy) {}
}
