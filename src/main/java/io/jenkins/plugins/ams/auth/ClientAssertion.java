/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.auth;

import io.jenkins.plugins.ams.auth.AuthenticationException.Kind;
import java.io.IOException;
import java.util.Objects;
import java.util.regex.Pattern;

/**
 * A token of another issuer (OIDC) that a federated credential of the application trusts. Such tokens live for minutes,
 * so it is read anew for each request; what is equal is where it is read, not what is there now.
 */
public final class ClientAssertion implements ClientCredential {

    /** RFC 7515, 3.1: header, claims and signature. Whatever else a file or a secret holds goes to no authority. */
    private static final Pattern JWT = Pattern.compile("[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]+");

    private final Object source;
    private final Reader reader;

    /** Reads the token. */
    @FunctionalInterface
    public interface Reader {
        /**
         * The token as it is now; space around it does not matter.
         *
         * @throws IOException if it cannot be read; the message tells nothing of what was read
         */
        String read() throws IOException;
    }

    /**
     * @param source stands for all that the reader depends on, and has equality: whoever comes with an equal one is given
     *     the tokens that this one's assertions got
     * @param reader asked once per token request, on a thread that may be held for a while
     */
    public ClientAssertion(Object source, Reader reader) {
        this.source = Objects.requireNonNull(source);
        this.reader = Objects.requireNonNull(reader);
    }

    /**
     * The token, for one request.
     *
     * @throws AuthenticationException {@link Kind#NO_ASSERTION} if there is none
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
            throw noAssertion("there is nothing");
        }
        if (!JWT.matcher(trimmed).matches()) {
            throw noAssertion("what is there is no JWT");
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
