/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.config;

import hudson.util.FormValidation;
import io.jenkins.plugins.ams.auth.AccessToken;
import io.jenkins.plugins.ams.auth.Identity;
import io.jenkins.plugins.ams.auth.ManagedIdentity;
import io.jenkins.plugins.ams.auth.TokenAudience;
import io.jenkins.plugins.ams.auth.TokenSource;
import io.jenkins.plugins.ams.console.ErrorMessages;
import io.jenkins.plugins.ams.credentials.CredentialsLookup;
import io.jenkins.plugins.ams.credentials.TokenOrigin;
import io.jenkins.plugins.ams.http.AmsException;
import io.jenkins.plugins.ams.http.PlainText;
import io.jenkins.plugins.ams.polling.PollTarget;
import io.jenkins.plugins.ams.runtime.AmsRuntime;
import io.jenkins.plugins.ams.service.AmsService;
import io.jenkins.plugins.ams.service.EndpointPolicy;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Tests the connection to an account's service, using the current values in the account form. Checks that the token
 * authority issues a token and that the service accepts the token. Callers must check that the user is an
 * administrator.
 */
final class ConnectionTest {

    /** Maximum time that the test may block a web server thread. */
    private static final Duration TIMEOUT = Duration.ofSeconds(15);

    private final AmsAccount account;
    private final EndpointPolicy policy;
    private final Duration timeout;
    private final ConnectionErrors errors;

    ConnectionTest(AmsAccount account, EndpointPolicy policy) {
        this(account, policy, TIMEOUT);
    }

    ConnectionTest(AmsAccount account, EndpointPolicy policy, Duration timeout) {
        this.account = account;
        this.policy = policy;
        this.timeout = timeout;
        this.errors = new ConnectionErrors(account);
    }

    /** Runs the test and returns the result for the form. */
    FormValidation run() throws InterruptedException {
        Optional<String> problem = account.addressProblem(policy); // check the hosts before reading any secret
        if (problem.isPresent()) {
            return FormValidation.error(problem.get());
        }
        String credentialsId = account.getCredentialsId();
        if (credentialsId == null) {
            return FormValidation.error(Messages.ConnectionTest_noCredentials());
        }
        try {
            URI endpoint = account.endpoint(policy);
            TokenAudience audience = account.getApi().audience(account, endpoint);
            Optional<Identity> identity = CredentialsLookup.global()
                    .identity(credentialsId, account.domainRequirements(), account.credentialsUse(), audience);
            return identity.isPresent()
                    ? connect(endpoint, audience.authority(), account.getApi().identity(identity.get(), endpoint))
                    : FormValidation.error(account.getApi().getDescriptor().unknownCredentials());
        } catch (AmsException e) {
            return FormValidation.error(ErrorMessages.of(e));
        }
    }

    private FormValidation connect(URI endpoint, URI authority, Identity identity) throws InterruptedException {
        AmsRuntime runtime = AmsRuntime.get();
        // request a new token, because a cached token can remain valid after its client secret has expired
        TokenSource tokens = runtime.tokens().fresh().tokensOf(identity);
        AmsService service = account.getApi().service(endpoint, tokens, runtime::http, policy, runtime.clock());
        CompletableFuture<AccessToken> token = tokens.token();
        try {
            token.thenCompose(issued -> service.ping()).get(timeout.toMillis(), TimeUnit.MILLISECONDS);
            PollTarget.Origin origin =
                    new ServiceSettings(endpoint, account.getApi()).origin(account.getCredentialsId());
            runtime.poller().onTested(origin, tokens.status());
            String name = PlainText.quoted(account.getName().isEmpty() ? endpoint.getHost() : account.getName());
            return FormValidation.ok(
                    usesAzureAd()
                            ? Messages.ConnectionTest_connected(name)
                            : Messages.ConnectionTest_connectedWithSecretText(name));
        } catch (ExecutionException e) {
            AmsException error = AmsException.of(e);
            return isIssued(token) && usesAzureAd()
                    ? FormValidation.error(Messages.ConnectionTest_tokenOnly(errors.explain(error, endpoint)))
                    : FormValidation.error(
                            // do not mention the proxy: a managed identity's endpoint is on the controller's machine
                            identity instanceof ManagedIdentity
                                    ? ErrorMessages.of(error)
                                    : errors.explain(error, authority));
        } catch (TimeoutException e) {
            URI unresponsive = isIssued(token) ? endpoint : authority;
            return FormValidation.error(ConnectionErrors.withProxy(
                    Messages.ConnectionTest_noResponse(unresponsive.getHost(), Long.toString(timeout.toSeconds())),
                    unresponsive));
        }
    }

    private boolean usesAzureAd() {
        return account.credentialsUse() == TokenOrigin.AZURE_AD;
    }

    private static boolean isIssued(CompletableFuture<AccessToken> token) {
        return token.isDone() && !token.isCompletedExceptionally();
    }
}
