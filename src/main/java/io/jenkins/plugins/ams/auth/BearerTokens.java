/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.auth;

import java.util.regex.Pattern;

/** What can be a token. One with a line break would fail as a header, whose exception shows it. */
final class BearerTokens {

    /** RFC 6750, 2.1, widened to all visible ASCII: what can stand in a header without being taken apart. */
    private static final Pattern TOKEN = Pattern.compile("[\\x21-\\x7e]+");

    private BearerTokens() {}

    static boolean isToken(String text) {
        return text != null && TOKEN.matcher(text).matches();
    }
}
