/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.auth;

import com.microsoft.aad.msal4j.IClientCredential;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.ams.auth.AuthenticationException.Kind;
import io.jenkins.plugins.ams.http.AmsException;
import io.jenkins.plugins.ams.http.Futures;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Reads an application's credential when a token is requested. Certificates and client assertions are read on separate
 * threads, with at most one thread per application. If a credentials store does not respond, only requests that need
 * its credentials are delayed.
 */
final class CredentialReading {

    private final ClientCredential credential;
    private final TokenThreads threads;
    private final Clock clock;

    /** The latest read operation, which concurrent requests share. Null until the first read operation. */
    private CompletableFuture<IClientCredential> reading;

    CredentialReading(ClientCredential credential, TokenThreads threads, Clock clock) {
        this.credential = credential;
        this.threads = threads;
        this.clock = clock;
    }

    /**
     * Reads the credential.
     *
     * @param timeout maximum time until the future completes; the read operation itself cannot be interrupted
     * @return a future that fails with an {@link AuthenticationException}
     */
    CompletableFuture<IClientCredential> read(Duration timeout) {
        if (credential instanceof ClientSecret) {
            CompletableFuture<IClientCredential> read = new CompletableFuture<>();
            readInto(read);
            return read;
        }
        CompletableFuture<IClientCredential> copy = currentReading().copy();
        copy.orTimeout(timeout.toMillis(), TimeUnit.MILLISECONDS);
        // do not run the caller's code on the JDK's timeout thread
        return copy.handleAsync(
                (msalCredential, failure) -> {
                    if (failure == null) {
                        return msalCredential;
                    }
                    Throwable cause = Futures.unwrap(failure);
                    throw new CompletionException(
                            cause instanceof TimeoutException
                                    ? AuthenticationException.of(
                                            Kind.TRANSIENT,
                                            "the credentials could not be read within " + timeout.toSeconds() + " s")
                                    : AmsException.of(cause));
                },
                threads.computing());
    }

    private synchronized CompletableFuture<IClientCredential> currentReading() {
        if (reading == null || reading.isDone()) {
            CompletableFuture<IClientCredential> next = new CompletableFuture<>();
            reading = next;
            try {
                threads.reading().execute(() -> readInto(next));
            } catch (RuntimeException | Error e) { // for example, if no thread can be created
                next.completeExceptionally(readError(e, e));
            }
        }
        return reading;
    }

    private void readInto(CompletableFuture<IClientCredential> result) {
        try {
            result.complete(ApplicationClient.credential(credential, clock.instant()));
        } catch (AuthenticationException e) {
            result.completeExceptionally(e);
        } catch (RuntimeException | Error e) { // otherwise, the future would never complete
            result.completeExceptionally(readError(e, null)); // omit the cause, whose message may quote the credential
        }
    }

    private static AuthenticationException readError(Throwable e, @CheckForNull Throwable cause) {
        String text = "the credentials could not be read (" + e.getClass().getSimpleName() + ")";
        return AuthenticationException.causedBy(Kind.TRANSIENT, text, cause);
    }
}
