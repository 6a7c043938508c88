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
import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.ams.auth.AuthenticationException.Kind;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;

/**
 * Requests tokens for a managed identity from the source that MSAL4J detects on this machine: IMDS, App Service, or
 * Azure Arc.
 */
final class ManagedIdentityClient implements MsalClient {

    private final ManagedIdentity identity;
    private final ManagedIdentityHttpClient transport;
    private final ExecutorService executor;
    private final Duration timeout;

    /**
     * @param transport the transport, which must not be shared with other identities because it records whether the
     *     identity has ever received a token
     * @param timeout maximum time for a token request
     */
    ManagedIdentityClient(
            ManagedIdentity identity, ManagedIdentityHttpClient transport, ExecutorService executor, Duration timeout) {
        this.identity = identity;
        this.transport = transport;
        this.executor = executor;
        this.timeout = timeout;
    }

    @Override
    public CompletableFuture<IAuthenticationResult> acquire(@CheckForNull String claims) {
        // bypass MSAL4J's managed identity token cache, because the entire JVM shares it
        ManagedIdentityParameters.ManagedIdentityParametersBuilder parameters =
                ManagedIdentityParameters.builder(identity.resource()).forceRefresh(true);
        if (claims != null) {
            parameters.claims(claims);
        }
        ManagedIdentityParameters built = parameters.build();
        return CompletableFuture.completedFuture(null)
                .thenComposeAsync(
                        start -> MsalComputation.run(http -> send(built, http), transport, timeout), executor);
    }

    private CompletableFuture<IAuthenticationResult> send(ManagedIdentityParameters parameters, IHttpClient http)
            throws AuthenticationException {
        if (ManagedIdentityApplication.getManagedIdentitySource() == ManagedIdentitySourceType.SERVICE_FABRIC) {
            // MSAL4J would use its own HTTP client, which has no timeout and validates certificates differently
            throw AuthenticationException.of(
                    Kind.NO_MANAGED_IDENTITY, "managed identities of Service Fabric are not supported");
        }
        try {
            return ManagedIdentityApplication.builder(id())
                    .httpClient(http)
                    .executorService(executor)
                    .disableInternalRetries() // IMDS retries would block the thread for up to 70 seconds
                    .build()
                    .acquireTokenForManagedIdentity(parameters);
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw MsalErrorTranslator.unusable(e);
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
