/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.auth;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.ams.auth.AuthenticationException.Kind;
import java.security.KeyStore;
import java.time.Instant;
import java.util.Arrays;
import java.util.Objects;
import java.util.function.Supplier;

/**
 * An application's certificate and private key, which are stored in a key store. The key store is not read until a
 * token is requested, because a credentials store may respond slowly, and decrypting a malicious user's key store may
 * take seconds. The key store is not decrypted again unless it or its password is replaced.
 *
 * <p>Thread-safe. The object's own lock guards the mutable fields.
 */
public final class ClientCertificate implements ClientCredential {

    private final Object source;
    private final Supplier<KeyStore> store;
    private final Supplier<char[]> password;

    /** The key store that was last decrypted, or null if the key store must be decrypted again. */
    @CheckForNull
    private KeyStore lastStore;

    /** The password that {@link #lastStore} was decrypted with. */
    private char[] lastPassword;

    /** The decrypted key and certificates, or null if decryption has not succeeded. */
    private CertifiedKey key;

    /**
     * The expiry time of the certificate that was last read. Null if it could not be read, or if none has been read
     * yet.
     */
    @CheckForNull
    private volatile Instant expiry;

    /** The error from the last attempt to decrypt the key store, or null if there was no error. */
    private AuthenticationException failure;

    /**
     * @param source the object that contains the certificate. Certificates share access tokens only if their sources
     *     are the same object, not merely equal
     * @param store supplies the key store. It must return the same object until the key store is replaced. It is called
     *     once for each token request, never concurrently, and may block the calling thread
     * @param password supplies the password for the key
     */
    public ClientCertificate(Object source, Supplier<KeyStore> store, Supplier<char[]> password) {
        this.source = Objects.requireNonNull(source);
        this.store = store;
        this.password = password;
    }

    /**
     * Reads the key and certificates, and decrypts the key store if necessary.
     *
     * @throws AuthenticationException {@link Kind#BAD_CERTIFICATE} if there is no usable certificate
     */
    synchronized CertifiedKey read() throws AuthenticationException {
        try {
            KeyStore currentStore = store.get();
            char[] currentPassword = password.get();
            if (currentStore != lastStore || !Arrays.equals(currentPassword, lastPassword)) {
                decrypt(currentStore, currentPassword);
                lastStore = currentStore;
                lastPassword = currentPassword;
            }
        } catch (RuntimeException e) { // omit the exception's message, which may quote the key
            throw CertifiedKey.bad("reading failed (" + e.getClass().getSimpleName() + ")");
        }
        if (failure != null) {
            throw failure;
        }
        return key;
    }

    /**
     * Returns the time when the certificate expires, or null if {@link #read} has not been called or has failed. Does
     * not read the key store.
     */
    @CheckForNull
    Instant expiry() {
        return expiry;
    }

    private void decrypt(KeyStore currentStore, char[] currentPassword) {
        lastStore = null; // decrypt again if this attempt ends with a RuntimeException
        key = null;
        expiry = null;
        failure = null;
        try {
            key = CertifiedKey.of(currentStore, currentPassword);
            expiry = key.expiry();
        } catch (AuthenticationException e) {
            failure = e;
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ClientCertificate that && source == that.source;
    }

    @Override
    public int hashCode() {
        return System.identityHashCode(source);
    }

    @Override
    public String toString() {
        return "ClientCertificate[hidden]";
    }
}
