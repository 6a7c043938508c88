/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.account;

import hudson.ProxyConfiguration;
import hudson.util.FormValidation;
import io.jenkins.plugins.ams.auth.AccessToken;
import io.jenkins.plugins.ams.auth.Audience;
import io.jenkins.plugins.ams.auth.AuthenticationException;
import io.jenkins.plugins.ams.auth.Futures;
import io.jenkins.plugins.ams.auth.Identity;
import io.jenkins.plugins.ams.auth.ManagedIdentity;
import io.jenkins.plugins.ams.auth.TokenSource;
import io.jenkins.plugins.ams.credentials.CredentialsContext;
import io.jenkins.plugins.ams.credentials.CredentialsUse;
import io.jenkins.plugins.ams.credentials.IdentitySource;
import io.jenkins.plugins.ams.credentials.UnusableCredentialsException;
import io.jenkins.plugins.ams.credentials.UsableCredentials;
import io.jenkins.plugins.ams.service.AmsService;
import io.jenkins.plugins.ams.service.EndpointPolicy;
import io.jenkins.plugins.ams.service.ServiceException;
import io.jenkins.plugins.ams.service.ServiceException.Kind;
import java.net.ConnectException;
import java.net.Proxy;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpConnectTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;
import jenkins.model.Jenkins;

/**
 * Tries out an account as its form shows it: does the authority give a token, and does the service take it? For
 * administrators alone; whoever makes one has checked that.
 */
final class ConnectionCheck {

    /** For as long at most the form is kept waiting, and with it a thread of Jenkins' web server. */
    private static final Duration PATIENCE = Duration.ofSeconds(15);

    private static final int PROXY_AUTHENTICATION_REQUIRED = 407;

    private final AmsAccount account;
    private final EndpointPolicy policy;
    private final Duration patience;

    ConnectionCheck(AmsAccount account, EndpointPolicy policy) {
        this(account, policy, PATIENCE);
    }

    ConnectionCheck(AmsAccount account, EndpointPolicy policy, Duration patience) {
        this.account = account;
        this.policy = policy;
        this.patience = patience;
    }

    /** Asks both; says in any case how it went. */
    FormValidation run() throws InterruptedException {
        Optional<String> problem = account.addressProblem(policy); // before any secret is read
        if (problem.isPresent()) {
            return FormValidation.error(problem.get());
        }
        String credentialsId = account.getCredentialsId();
        if (credentialsId == null) {
            return FormValidation.error(Messages.ConnectionCheck_noCredentials());
        }
        Optional<IdentitySource> credentials =
                UsableCredentials.global(credentialsId, account.domainRequirements(), account.credentialsUse());
        if (credentials.isEmpty()) {
            return FormValidation.error(account.getApi().getDescriptor().unknownCredentials());
        }
        try {
            URI endpoint = account.endpoint(policy);
            Audience audience = account.getApi().audience(account, endpoint);
            Identity identity = account.getApi()
                    .identity(credentials.get().identity(audience, CredentialsContext.global()), endpoint);
            return connect(endpoint, audience.authority(), identity);
        } catch (AuthenticationException | AmsConfigurationException | UnusableCredentialsException e) {
            return FormValidation.error(FaultText.of(e));
        }
    }

    private FormValidation connect(URI endpoint, URI authority, Identity identity) throws InterruptedException {
        AmsEngine engine = AmsEngine.get();
        TokenSource tokens = engine.freshTokens(identity);
        AmsService service = engine.service(account.getApi(), endpoint, tokens, policy);
        CompletableFuture<AccessToken> token = tokens.token();
        try {
            token.thenCompose(given -> service.ping()).get(patience.toMillis(), TimeUnit.MILLISECONDS);
            String name = account.getName().isEmpty() ? endpoint.getHost() : account.getName();
            return FormValidation.ok(
                    ofAzureAd()
                            ? Messages.ConnectionCheck_connected(name)
                            : Messages.ConnectionCheck_connectedWithSecretText(name));
        } catch (ExecutionException e) {
            Exception fault = Futures.exception(e);
            return isGiven(token) && ofAzureAd()
                    ? FormValidation.error(Messages.ConnectionCheck_tokenOnly(explained(fault, endpoint)))
                    : FormValidation.error(
                            // the machine itself was asked, which is behind no proxy
                            identity instanceof ManagedIdentity ? FaultText.of(fault) : explained(fault, authority));
        } catch (TimeoutException e) {
            URI silent = isGiven(token) ? endpoint : authority;
            return FormValidation.error(withProxy(
                    Messages.ConnectionCheck_silent(silent.getHost(), Long.toString(patience.toSeconds())), silent));
        }
    }

    private boolean ofAzureAd() {
        return account.credentialsUse() == CredentialsUse.AZURE_AD;
    }

    private static boolean isGiven(CompletableFuture<AccessToken> token) {
        return token.isDone() && !token.isCompletedExceptionally();
    }

    /** The fault in words, what to look at, and the proxy in between where that may be the reason. */
    private String explained(Exception fault, URI where) {
        String text = FaultText.of(fault);
        String advice = advice(fault, where.getHost());
        String advised = advice == null ? text : Messages.ConnectionCheck_advised(text, advice);
        return mayBeTheProxy(fault) ? withProxy(advised, where) : advised;
    }

    /** What {@link FaultText} leaves out, since a build has only to know whether it may ask again; null for nothing. */
    private String advice(Exception fault, String host) {
        if (isCausedBy(fault, UnresolvedAddressException.class) || isCausedBy(fault, UnknownHostException.class)) {
            return Messages.ConnectionCheck_unknownHost(host);
        }
        if (isCausedBy(fault, SSLException.class)) {
            return isCausedBy(fault, GeneralSecurityException.class)
                    ? Messages.ConnectionCheck_untrusted(host)
                    : Messages.ConnectionCheck_noTls(host);
        }
        if (isCausedBy(fault, ConnectException.class) || isCausedBy(fault, HttpConnectTimeoutException.class)) {
            return Messages.ConnectionCheck_noConnection(host);
        }
        if (fault instanceof ServiceException service
                && (service.kind() == Kind.NOT_FOUND || service.kind() == Kind.UNREADABLE)) {
            return account.getApi().getDescriptor().notTheApi();
        }
        return null;
    }

    private static boolean isCausedBy(Throwable fault, Class<? extends Throwable> type) {
        return Stream.iterate(fault, cause -> cause != null, Throwable::getCause)
                .anyMatch(type::isInstance);
    }

    /** A refusal by the authority or the service itself is none of the proxy's. */
    private static boolean mayBeTheProxy(Exception fault) {
        return fault instanceof AuthenticationException authentication && authentication.isTransient()
                || fault instanceof ServiceException service
                        && (service.isTransient() || service.status() == PROXY_AUTHENTICATION_REQUIRED);
    }

    private static String withProxy(String text, URI where) {
        ProxyConfiguration proxy = Jenkins.get().getProxy();
        boolean proxied = proxy != null && proxy.createProxy(where.getHost()).type() != Proxy.Type.DIRECT;
        return proxied
                ? Messages.ConnectionCheck_advised(
                        text, Messages.ConnectionCheck_proxy(where.getHost(), proxy.getName() + ':' + proxy.getPort()))
                : text;
    }
}
