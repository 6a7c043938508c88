/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.auth;

import com.microsoft.aad.msal4j.IAuthenticationResult;
import com.microsoft.aad.msal4j.IHttpClient;
import com.microsoft.aad.msal4j.ManagedIdentityApplication;
import com.microsoft.aad.msal4j.ManagedIdentityId;
import com.microsoft.aad.msal4j.ManagedIdentityParameters;
import com.microsoft.aad.msal4j.ManagedIdentitySourceType;
import io.jenkins.plugins.ams.auth.AuthenticationException.Kind;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;

/** Asks for tokens of a managed identity where MSAL4J finds that this machine has one: IMDS, App Service, Azure Arc. */
final class ManagedIdentityClient implements MsalClient {

    private final ManagedIdentity identity;
    private final ManagedIdentityHttpClient transport;
    private final ExecutorService executor;
    private final MsalErrorTranslator errorTranslator;
    private final Duration timeout;

    /**
     * @param transport of this identity alone, since it remembers whether there ever was a token
     * @param timeout for one token request
     */
    ManagedIdentityClient(
            ManagedIdentity identity,
            ManagedIdentityHttpClient transport,
            ExecutorService executor,
            MsalErrorTranslator errorTranslator,
            Duration timeout) {
        this.identity = identity;
        this.transport = transport;
        this.executor = executor;
        this.errorTranslator = errorTranslator;
        this.timeout = timeout;
    }

    @Override
    public CompletableFuture<IAuthenticationResult> acquire(String claims) {
        // MSAL4J's cache of these tokens is one for all of the JVM, and not used
        ManagedIdentityParameters.ManagedIdentityParametersBuilder parameters =
                ManagedIdentityParameters.builder(identity.resource()).forceRefresh(true);
        if (claims != null) {
            parameters.claims(claims);
        }
        ManagedIdentityParameters built = parameters.build();
        return CompletableFuture.completedFuture(null)
                .thenComposeAsync(start -> MsalComputation.run(http -> send(built, http), transport, timeout), executor);
    }

    @Override
    public MsalErrorTranslator errorTranslator() {
        return errorTranslator;
    }

    private CompletableFuture<IAuthenticationResult> send(ManagedIdentityParameters parameters, IHttpClient http)
            throws AuthenticationException {
        if (ManagedIdentityApplication.getManagedIdentitySource() == ManagedIdentitySourceType.SERVICE_FABRIC) {
            // MSAL4J would ask it by a client of its own, without a time-out and with other rules of trust
            throw AuthenticationException.of(
                    Kind.NO_MANAGED_IDENTITY, "managed identities of Service Fabric are not supported");
        }
        try {
            return ManagedIdentityApplication.builder(id())
                    .httpClient(http)
                    .executorService(executor)
                    .disableInternalRetries() // for IMDS these would hold the thread for up to 70 seconds
                    .build()
                    .acquireTokenForManagedIdentity(parameters);
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw errorTranslator.unusable(e);
        }
    }

    private ManagedIdentityId id() {
        return switch (identity.idType()) {
            case SYSTEM_ASSIGNED -> ManagedIdentityId.systemAssigned();
            case CLIENT_ID -> ManagedIdentityId.userAssignedClientId(identity.id());
            case OBJECT_ID -> ManagedIdentityId.userAssignedObjectId(identity.id());
            case RESOURCE_ID -> ManagedIdentityId.userAssignedResourceId(identity.id());
        };
    }
}
