/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.auth;

import io.jenkins.plugins.ams.auth.AuthenticationException.Kind;
import java.util.Objects;

/**
 * A certificate of the application with its private key. It is read only when a token is requested: a credentials store
 * may respond slowly, and decrypting a key store that a malicious user created may take seconds.
 */
public final class ClientCertificate implements ClientCredential {

    private final Object source;
    private final Reader reader;

    /** Reads the certificate and its private key. */
    @FunctionalInterface
    public interface Reader {
        /**
         * Returns the current certificate with its key.
         *
         * @throws AuthenticationException {@link Kind#BAD_CERTIFICATE} if it cannot be used; the message must not quote
         *     what was read
         */
        CertifiedKey read() throws AuthenticationException;
    }

    /**
     * @param source identifies the certificate and what the reader depends on, and implements {@code equals}:
     *     certificates with equal sources share the access tokens that were issued for them
     * @param reader reads the certificate, once per token request and never concurrently, on a thread that it may block
     */
    public ClientCertificate(Object source, Reader reader) {
        this.source = Objects.requireNonNull(source);
        this.reader = Objects.requireNonNull(reader);
    }

    /**
     * Reads the certificate for one request.
     *
     * @throws AuthenticationException {@link Kind#BAD_CERTIFICATE} if there is no usable certificate
     */
    CertifiedKey read() throws AuthenticationException {
        try {
            return reader.read();
        } catch (RuntimeException e) { // its message may quote the key
            throw CertifiedKey.bad("reading failed (" + e.getClass().getSimpleName() + ")");
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ClientCertificate that && source.equals(that.source);
    }

    @Override
    public int hashCode() {
        return source.hashCode();
    }

    @Override
    public String toString() {
        return "ClientCertificate[hidden]";
    }
}
