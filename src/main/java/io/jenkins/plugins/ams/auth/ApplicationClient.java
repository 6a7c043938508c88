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
import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.ams.auth.AuthenticationException.Kind;
import java.net.MalformedURLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;

/** Requests tokens for an app registration with the OAuth 2 client credentials flow. */
final class ApplicationClient implements MsalClient {

    private final ApplicationIdentity identity;
    private final CredentialReading credential;
    private final MsalHttpClient transport;
    private final TokenThreads threads;
    private final Duration timeout;

    /** @param timeout maximum time for a token request, including the time to read the credential */
    ApplicationClient(
            ApplicationIdentity identity,
            CredentialReading credential,
            MsalHttpClient transport,
            TokenThreads threads,
            Duration timeout) {
        this.identity = identity;
        this.credential = credential;
        this.transport = transport;
        this.threads = threads;
        this.timeout = timeout;
    }

    @Override
    public CompletableFuture<IAuthenticationResult> acquire(@CheckForNull String claims) {
        long start = System.nanoTime();
        ClientCredentialParameters parameters;
        try {
            parameters = ClientCredentialParameters.builder(Set.of(identity.scope()))
                    .claims(claims == null ? null : claimsRequest(claims))
                    .build();
        } catch (AuthenticationException e) {
            return CompletableFuture.failedFuture(e);
        }
        // use the same correlation ID when the MSAL4J call is repeated, because MSAL4J compares this ID with the ID in
        // the response
        String correlationId = UUID.randomUUID().toString();
        return credential
                .read(timeout)
                .thenComposeAsync(
                        msalCredential -> MsalComputation.run(
                                http -> application(msalCredential, http, correlationId)
                                        .acquireToken(parameters),
                                transport,
                                timeout.minusNanos(System.nanoTime() - start)),
                        threads.computing());
    }

    @CheckForNull
    @Override
    public Instant certificateExpiry() {
        return identity.credential() instanceof ClientCertificate certificate ? certificate.expiry() : null;
    }

    private static ClaimsRequest claimsRequest(String claims) throws AuthenticationException {
        try {
            return ClaimsRequest.formatAsClaimsRequest(claims);
        } catch (RuntimeException e) { // MSAL4J does not document the exception type
            throw AuthenticationException.of(
                    Kind.INSUFFICIENT_CLAIMS, "the service requires claims that cannot be parsed");
        }
    }

    /**
     * Creates an MSAL client for a single MSAL4J call. The client is not reused, because each call needs its own HTTP
     * client.
     */
    private ConfidentialClientApplication application(
            IClientCredential msalCredential, IHttpClient http, String correlationId) throws AuthenticationException {
        String base = identity.authority().toString();
        String authority = base + (base.endsWith("/") ? "" : "/") + identity.tenant() + "/";
        try {
            return ConfidentialClientApplication.builder(identity.clientId(), msalCredential)
                    .authority(authority)
                    .instanceDiscovery(identity.instanceDiscovery())
                    .correlationId(correlationId)
                    .httpClient(http)
                    .executorService(threads.computing())
                    .disableInternalRetries() // the caller retries, and can stop retrying at any time
                    .build();
        } catch (MalformedURLException | RuntimeException e) {
            throw MsalErrorTranslator.unusable(e);
        }
    }

    /**
     * Converts a credential to its MSAL4J type. This method may block while it reads the credential.
     *
     * @throws AuthenticationException if the credential cannot be read or has expired
     */
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
        throw new IllegalStateException("unknown credential type: " + credential);
    }
}
