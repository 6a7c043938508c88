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
 * An OIDC token that an application authenticates with. One of the application's federated credentials must trust the
 * token's issuer. OIDC tokens can expire within minutes, so the token is read again for each request. Assertions are
 * equal if they are read from the same source.
 */
public final class ClientAssertion implements ClientCredential {

    /**
     * Matches a JWT (RFC 7515, section 3.1): a header, claims, and a signature. If a file or secret has any other
     * content, that content is not sent to Microsoft Entra ID.
     */
    private static final Pattern JWT = Pattern.compile("[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]+");

    private final Object source;
    private final Reader reader;

    /** Reads the OIDC token from the place where it is stored. */
    @FunctionalInterface
    public interface Reader {
        /**
         * Returns the current token. Surrounding white space is ignored.
         *
         * @throws IOException if the token cannot be read; the message must not quote the content
         */
        String read() throws IOException;
    }

    /**
     * @param source identifies the place where the OIDC token is stored; must implement {@code equals}. Assertions with
     *     equal sources share access tokens
     * @param reader reads the OIDC token for each access token request. It may block the calling thread
     */
    public ClientAssertion(Object source, Reader reader) {
        this.source = Objects.requireNonNull(source);
        this.reader = Objects.requireNonNull(reader);
    }

    /**
     * Reads and validates the current OIDC token.
     *
     * @throws AuthenticationException {@link Kind#NO_ASSERTION} if the token cannot be read or is not a JWT
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
