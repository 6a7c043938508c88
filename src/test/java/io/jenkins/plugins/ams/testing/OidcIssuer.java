/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.testing;

import io.jenkins.plugins.ams.emulator.AzureAd;
import java.time.Instant;
import java.util.UUID;

/** An issuer of OIDC tokens, such as a Kubernetes cluster. */
public final class OidcIssuer {

    public static final String ISSUER = "https://oidc.example/cluster";
    public static final String SUBJECT = "system:serviceaccount:ci:jenkins";

    private final TestKey key;

    public OidcIssuer() {
        this("issuer");
    }

    /** @param name the name of the key; issuers with the same name have the same key */
    public OidcIssuer(String name) {
        key = TestKey.rsa(name);
    }

    /** Makes the application of an authority trust this issuer. */
    public void trustedBy(AzureAd azureAd) {
        azureAd.federate(ISSUER, SUBJECT, key.certificate().getPublicKey());
    }

    /** Returns a new valid token. */
    public String token() {
        return token(
                ISSUER, SUBJECT, "api://AzureADTokenExchange", Instant.now().plusSeconds(600));
    }

    /** Returns a token with the given claims. */
    public String token(String issuer, String subject, String audience, Instant expiry) {
        return key.jwt("{\"iss\":\"" + issuer + "\",\"sub\":\"" + subject + "\",\"aud\":\"" + audience + "\",\"exp\":"
                + expiry.getEpochSecond() + ",\"jti\":\"" + UUID.randomUUID() + "\"}");
    }
}
