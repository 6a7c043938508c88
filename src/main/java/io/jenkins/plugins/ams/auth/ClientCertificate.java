/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.auth;

import io.jenkins.plugins.ams.auth.AuthenticationException.Kind;
import java.util.Objects;

/**
 * A certificate of the application. It is read for the token request and not before: a store can take long to be reached,
 * and the key store of a hostile user takes seconds to be decrypted.
 */
public final class ClientCertificate implements ClientCredential {

    private final Object source;
    private final Reader reader;

    /** Reads the certificate with its key. */
    @FunctionalInterface
    public interface Reader {
        /**
         * The certificate as it is now.
         *
         * @throws AuthenticationException {@link Kind#BAD_CERTIFICATE} if it cannot be used; the message quotes nothing of
         *     what was read
         */
        CertifiedKey read() throws AuthenticationException;
    }

    /**
     * @param source stands for the certificate and all that the reader depends on, and has equality: whoever comes with an
     *     equal one is given the tokens that this one got
     * @param reader called once per token request, one call at a time, on a thread that may be held for a while
     */
    public ClientCertificate(Object source, Reader reader) {
        this.source = Objects.requireNonNull(source);
        this.reader = Objects.requireNonNull(reader);
    }

    /**
     * The certificate, for one request.
     *
     * @throws AuthenticationException {@link Kind#BAD_CERTIFICATE} if there is none that can be used
     */
    CertifiedKey read() throws AuthenticationException {
        try {
            return reader.read();
        } catch (RuntimeException e) { // whose text may quote the key
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
