/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.auth;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** A secret string: a client secret (application password), an API key, or an access token. */
public final class ClientSecret implements ClientCredential {

    private final String value;
    private final String fingerprint;

    /** @param value the secret in plain text */
    public ClientSecret(String value) {
        this.value = value;
        this.fingerprint = fingerprint(value);
    }

    /** Returns the secret in plain text, which must be used only in requests. */
    String value() {
        return value;
    }

    private static String fingerprint(String value) {
        try {
            MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
            return HexFormat.of().formatHex(sha256.digest(value.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform must support SHA-256", e);
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ClientSecret that && fingerprint.equals(that.fingerprint);
    }

    @Override
    public int hashCode() {
        return fingerprint.hashCode();
    }

    @Override
    public String toString() {
        return "ClientSecret[hidden]";
    }
}
