/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.auth;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.util.regex.Pattern;

/**
 * Validates access tokens before they are sent in a request header. If a token contained a line break, the HTTP client
 * would throw an exception that quotes the token.
 */
final class BearerTokens {

    /**
     * Matches tokens that consist of visible ASCII characters. RFC 6750, section 2.1, permits only some of these
     * characters.
     */
    private static final Pattern TOKEN = Pattern.compile("[\\x21-\\x7e]+");

    private BearerTokens() {}

    static boolean isToken(@CheckForNull String text) {
        return text != null && TOKEN.matcher(text).matches();
    }
}
