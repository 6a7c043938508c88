/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.auth;

import static org.junit.Assert.assertEquals;

import java.net.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.Test;

public class ClaimsChallengeTest {

    private static final String CLAIMS = "{\"access_token\":{\"acrs\":{\"essential\":true,\"value\":\"c1>?\"}}}";

    @Test
    public void readsClaimsInEveryBase64Variant() {
        byte[] bytes = CLAIMS.getBytes(StandardCharsets.UTF_8);
        for (Base64.Encoder encoder : List.of(
                Base64.getEncoder(),
                Base64.getUrlEncoder(),
                Base64.getEncoder().withoutPadding(),
                Base64.getUrlEncoder().withoutPadding())) {
            String header = "Bearer realm=\"\", authorization_uri=\"https://login.example/\","
                    + " error=\"insufficient_claims\", claims=\"" + encoder.encodeToString(bytes) + "\"";
            assertEquals(header, Optional.of(CLAIMS), claims(header));
        }
    }

    @Test
    public void findsTheChallengeAmongOthers() {
        String claims =
                "bearer claims=\"" + Base64.getEncoder().encodeToString("{}".getBytes(StandardCharsets.UTF_8)) + "\"";
        assertEquals(Optional.of("{}"), claims("Basic realm=\"x\"", claims, "PoP"));
        assertEquals(Optional.of("{}"), claims("Basic realm=\"x\", " + claims));
    }

    @Test
    public void ignoresOtherHeaders() {
        assertEquals(Optional.empty(), claims());
        for (String header : List.of(
                "",
                "Bearer",
                "Bearer error=\"invalid_token\"",
                "Bearer claims=\"\"",
                "Bearer claims=\"a\"",
                "Bearer claims=\"W10=\"",
                "Basic realm=\"claims=e30=\"")) {
            assertEquals(header, Optional.empty(), claims(header));
        }
    }

    private static Optional<String> claims(String... headers) {
        return ClaimsChallenge.of(HttpHeaders.of(
                headers.length == 0 ? Map.of() : Map.of("www-authenticate", List.of(headers)), (name, value) -> true));
    }
}
