/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.auth;

import io.jenkins.plugins.ams.http.StrictJson;
import java.net.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Parses claims challenges. A service sends a claims challenge when it rejects a token that does not contain the
 * required claims. Only Microsoft Entra ID can issue a token with these claims. Azure Resource Manager sends claims
 * challenges for continuous access evaluation, for example after an application's sign-ins were revoked. See <a
 * href="https://learn.microsoft.com/entra/identity-platform/claims-challenge">Claims challenges, claims requests and
 * client capabilities</a>.
 */
public final class ClaimsChallenge {

    private static final Pattern CLAIMS =
            Pattern.compile("\\bBearer\\b.*\\bclaims\\s*=\\s*\"([A-Za-z0-9+/_-]+={0,2})\"", Pattern.CASE_INSENSITIVE);

    private ClaimsChallenge() {}

    /**
     * Returns the claims that a claims challenge requires, as a JSON object for the {@code claims} parameter of the
     * next token request. Returns empty if the response is not a claims challenge.
     */
    public static Optional<String> of(HttpHeaders headers) {
        return headers.allValues("WWW-Authenticate").stream()
                .map(CLAIMS::matcher)
                .filter(Matcher::find)
                .map(matcher -> matcher.group(1))
                .flatMap(encoded -> decode(encoded).stream())
                .findFirst();
    }

    private static Optional<String> decode(String encoded) {
        try {
            byte[] claims = Base64.getUrlDecoder()
                    .decode(encoded.replace('+', '-').replace('/', '_').replace("=", ""));
            return StrictJson.object(claims).map(json -> new String(claims, StandardCharsets.UTF_8));
        } catch (IllegalArgumentException notBase64) {
            return Optional.empty();
        }
    }
}
