/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.auth;

import com.microsoft.aad.msal4j.ClaimsRequest;
import com.microsoft.aad.msal4j.ClientCredentialFactory;
import com.microsoft.aad.msal4j.ClientCredentialParameters;
import com.microsoft.aad.msal4j.ConfidentialClientApplication;
import com.microsoft.aad.msal4j.IAuthenticationResult;
import com.microsoft.aad.msal4j.IClientCredential;
import com.microsoft.aad.msal4j.IHttpClient;
import java.net.MalformedURLException;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;

/** Asks for tokens of an application, by the client credentials flow of OAuth 2. */
final class ApplicationClient implements MsalClient {

    private final Principal principal;
    private final IHttpClient transport;
    private final ExecutorService executor;
    private final MsalFailures failures;

    private ConfidentialClientApplication application;

    ApplicationClient(Principal principal, IHttpClient transport, ExecutorService executor, MsalFailures failures) {
        this.principal = principal;
        this.transport = transport;
        this.executor = executor;
        this.failures = failures;
    }

    @Override
    public CompletableFuture<IAuthenticationResult> acquire(boolean skipCache, String claims)
            throws AuthenticationException {
        ClientCredentialParameters parameters = ClientCredentialParameters.builder(Set.of(principal.scope()))
                .skipCache(skipCache)
                .claims(claims == null ? null : claimsRequest(claims))
                .build();
        return application().acquireToken(parameters);
    }

    private static ClaimsRequest claimsRequest(String claims) throws AuthenticationException {
        try {
            return ClaimsRequest.formatAsClaimsRequest(claims);
        } catch (RuntimeException e) { // MSAL4J names none, and throws whatever its parser does
            throw new AuthenticationException(
                    AuthenticationException.Kind.INSUFFICIENT_CLAIMS,
                    null,
                    "the service demands claims that cannot be read",
                    null,
                    null,
                    null);
        }
    }

    @Override
    public MsalFailures failures() {
        return failures;
    }

    private ConfidentialClientApplication application() throws AuthenticationException {
        if (application == null) {
            try {
                application = build();
            } catch (MalformedURLException | RuntimeException e) {
                throw failures.unusable(e);
            }
        }
        return application;
    }

    private ConfidentialClientApplication build() throws MalformedURLException {
        String base = principal.authority().toString();
        String authority = base + (base.endsWith("/") ? "" : "/") + principal.tenant() + "/";
        return ConfidentialClientApplication.builder(principal.clientId(), proof(principal.credential()))
                .authority(authority)
                .instanceDiscovery(principal.instanceDiscovery())
                .httpClient(transport)
                .executorService(executor)
                .disableInternalRetries() // patience is the caller's, who can be aborted
                .build();
    }

    private static IClientCredential proof(ClientCredential credential) {
        if (credential instanceof ClientSecret secret) {
            return ClientCredentialFactory.createFromSecret(secret.value());
        }
        if (credential instanceof ClientCertificate certificate) {
            return ClientCredentialFactory.createFromCertificateChain(certificate.key(), certificate.chain());
        }
        if (credential instanceof ClientAssertion assertion) {
            return ClientCredentialFactory.createFromCallback((Callable<String>) assertion::read);
        }
        throw new IllegalStateException("not a kind of credential that is known: " + credential);
    }
}
