/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.auth;

import io.jenkins.plugins.ams.auth.AuthenticationException.Kind;
import io.jenkins.plugins.ams.http.PlainText;
import java.io.IOException;
import java.util.Objects;
import java.util.regex.Pattern;

/**
 * A token of another issuer (OIDC) that a federated credential of the application trusts. Such tokens expire within
 * minutes, so the token is read for each request. Two assertions are equal if they are read from the same source.
 */
public final class ClientAssertion implements ClientCredential {

    /**
     * A JWT (RFC 7515, section 3.1): header, claims and signature. No other content of a file or secret is sent to the
     * authority.
     */
    private static final Pattern JWT = Pattern.compile("[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]+");

    private final Object source;
    private final Reader reader;

    /** Reads the token. */
    @FunctionalInterface
    public interface Reader {
        /**
         * Returns the current token; surrounding white space is ignored.
         *
         * @throws IOException if the token cannot be read; the message must not quote what was read
         */
        String read() throws IOException;
    }

    /**
     * @param source identifies what the reader depends on and implements {@code equals}: assertions with equal sources
     *     share the access tokens that were issued for them
     * @param reader reads the token, once per token request, on a thread that it may block
     */
    public ClientAssertion(Object source, Reader reader) {
        this.source = Objects.requireNonNull(source);
        this.reader = Objects.requireNonNull(reader);
    }

    /**
     * Reads the token for one request.
     *
     * @throws AuthenticationException {@link Kind#NO_ASSERTION} if there is no token
     */
    String read() throws AuthenticationException {
        String token;
        try {
            token = reader.read();
        } catch (IOException e) {
            throw noAssertion(PlainText.line(e.getMessage(), 300));
        } catch (RuntimeException e) {
            throw noAssertion("reading failed (" + e.getClass().getSimpleName() + ")");
        }
        String trimmed = token == null ? "" : token.strip();
        if (trimmed.isEmpty()) {
            throw noAssertion("the token is empty");
        }
        if (!JWT.matcher(trimmed).matches()) {
            throw noAssertion("the text is not a JWT");
        }
        return trimmed;
    }

    private static AuthenticationException noAssertion(String text) {
        return AuthenticationException.of(Kind.NO_ASSERTION, text);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ClientAssertion that && source.equals(that.source);
    }

    @Override
    public int hashCode() {
        return source.hashCode();
    }

    @Override
    public String toString() {
        return "ClientAssertion[hidden]";
    }
}
