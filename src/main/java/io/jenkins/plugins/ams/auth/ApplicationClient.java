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
import io.jenkins.plugins.ams.auth.AuthenticationException.Kind;
import java.net.MalformedURLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;

/** Asks for tokens of an application, by the client credentials flow of OAuth 2. */
final class ApplicationClient implements MsalClient {

    private final ApplicationIdentity identity;
    private final CredentialReading credential;
    private final MsalHttpClient transport;
    private final TokenThreads threads;
    private final MsalErrorTranslator errorTranslator;
    private final Duration timeout;

    /** @param timeout for one token request, from the call of {@link #acquire} on */
    ApplicationClient(
            ApplicationIdentity identity,
            CredentialReading credential,
            MsalHttpClient transport,
            TokenThreads threads,
            MsalErrorTranslator errorTranslator,
            Duration timeout) {
        this.identity = identity;
        this.credential = credential;
        this.transport = transport;
        this.threads = threads;
        this.errorTranslator = errorTranslator;
        this.timeout = timeout;
    }

    @Override
    public CompletableFuture<IAuthenticationResult> acquire(String claims) {
        long start = System.nanoTime();
        ClientCredentialParameters parameters;
        try {
            parameters = ClientCredentialParameters.builder(Set.of(identity.scope()))
                    .claims(claims == null ? null : claimsRequest(claims))
                    .build();
        } catch (AuthenticationException e) {
            return CompletableFuture.failedFuture(e);
        }
        // MSAL4J compares it with the one that the authority returns, and computes more than once
        String correlationId = UUID.randomUUID().toString();
        return credential
                .read(timeout)
                .thenComposeAsync(
                        msalCredential -> MsalComputation.run(
                                http -> application(msalCredential, http, correlationId).acquireToken(parameters),
                                transport,
                                timeout.minusNanos(System.nanoTime() - start)),
                        threads.computing());
    }

    @Override
    public MsalErrorTranslator errorTranslator() {
        return errorTranslator;
    }

    private static ClaimsRequest claimsRequest(String claims) throws AuthenticationException {
        try {
            return ClaimsRequest.formatAsClaimsRequest(claims);
        } catch (RuntimeException e) { // MSAL4J names none, and throws whatever its parser does
            throw AuthenticationException.of(
                    Kind.INSUFFICIENT_CLAIMS, "the service demands claims that cannot be read");
        }
    }

    /** One for each computation, as the transport is; the application itself keeps nothing that would be missed. */
    private ConfidentialClientApplication application(IClientCredential msalCredential, IHttpClient http, String correlationId)
            throws AuthenticationException {
        String base = identity.authority().toString();
        String authority = base + (base.endsWith("/") ? "" : "/") + identity.tenant() + "/";
        try {
            return ConfidentialClientApplication.builder(identity.clientId(), msalCredential)
                    .authority(authority)
                    .instanceDiscovery(identity.instanceDiscovery())
                    .correlationId(correlationId)
                    .httpClient(http)
                    .executorService(threads.computing())
                    .disableInternalRetries() // patience is the caller's, who can be aborted
                    .build();
        } catch (MalformedURLException | RuntimeException e) {
            throw errorTranslator.unusable(e);
        }
    }

    /** Turns a credential into MSAL4J's. */
    static IClientCredential credential(ClientCredential credential, Instant now) throws AuthenticationException {
        if (credential instanceof ClientSecret secret) {
            return ClientCredentialFactory.createFromSecret(secret.value());
        }
        if (credential instanceof ClientCertificate certificate) {
            CertifiedKey key = certificate.read();
            key.checkExpiry(now);
            return ClientCredentialFactory.createFromCertificateChain(key.key(), key.chain());
        }
        if (credential instanceof ClientAssertion assertion) {
            return ClientCredentialFactory.createFromClientAssertion(assertion.read());
        }
        throw new IllegalStateException("not a kind of credential that is known: " + credential);
    }
}
