/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.emulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.Base64;
import java.util.Optional;

/**
 * Validates client assertions (RFC 7523) as Microsoft Entra ID does. They are either signed by a certificate of the
 * application or tokens of an issuer that a federated credential of the application trusts.
 */
final class ClientAssertions {

    static final String TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

    private static final JsonMapper JSON = new JsonMapper();

    private final AzureAd azureAd;
    private final Clock clock;

    ClientAssertions(AzureAd azureAd, Clock clock) {
        this.azureAd = azureAd;
        this.clock = clock;
    }

    /** The reason for rejecting an assertion: the number of the AADSTS code and the message. */
    record Rejection(int number, String text) {}

    /** Returns why an assertion is rejected, or empty if it is valid. */
    Optional<Rejection> validate(String type, String assertion) {
        String[] parts = assertion.split("\\.", -1);
        if (!TYPE.equals(type) || parts.length != 3) {
            return malformed();
        }
        try {
            JsonNode header = JSON.readTree(Base64.getUrlDecoder().decode(parts[0]));
            JsonNode claims = JSON.readTree(Base64.getUrlDecoder().decode(parts[1]));
            return header.has("x5t#S256")
                    ? validateCertificateAssertion(parts, header, claims)
                    : validateFederatedToken(parts, claims);
        } catch (IOException | GeneralSecurityException | IllegalArgumentException e) {
            return malformed();
        }
    }

    private Optional<Rejection> validateCertificateAssertion(String[] parts, JsonNode header, JsonNode claims)
            throws GeneralSecurityException {
        if (!claims.path("sub").asText().equalsIgnoreCase(azureAd.clientId())) {
            return rejected(700021, "Client assertion application identifier doesn't match 'client_id' parameter.");
        }
        if (!claims.path("aud").asText().endsWith("/" + azureAd.tenant() + "/oauth2/v2.0/token")) {
            return rejected(700023, "Client assertion audience claim does not match Realm issuer.");
        }
        Optional<Rejection> time = checkValidity(claims);
        if (time.isPresent()) {
            return time;
        }
        String thumbprint = header.path("x5t#S256").asText();
        for (X509Certificate certificate : azureAd.certificates()) {
            if (thumbprint(certificate).equals(unpadded(thumbprint))) {
                return isSigned(parts, certificate.getPublicKey())
                        ? Optional.empty()
                        : rejected(700027, "Client assertion failed signature validation.");
            }
        }
        return rejected(
                700027,
                "The certificate with identifier used to sign the client assertion is not registered on application."
                        + " [Reason - The key was not found., Thumbprint of key used by client: '" + thumbprint + "']");
    }

    private Optional<Rejection> validateFederatedToken(String[] parts, JsonNode claims)
            throws GeneralSecurityException {
        AzureAd.FederatedCredential trusted = azureAd.federatedCredential();
        String issuer = claims.path("iss").asText();
        String subject = claims.path("sub").asText();
        if (trusted == null) {
            return rejected(70021, "No matching federated identity record found for presented assertion.");
        }
        if (!trusted.issuer().equals(issuer)) {
            return rejected(
                    700211,
                    "No matching federated identity record found for presented assertion issuer '" + issuer + "'.");
        }
        if (!trusted.subject().equals(subject)) {
            return rejected(
                    700213,
                    "No matching federated identity record found for presented assertion subject '" + subject + "'.");
        }
        if (!claims.path("aud").asText().equals("api://AzureADTokenExchange")) {
            return rejected(
                    700212,
                    "No matching federated identity record found for presented assertion audience '"
                            + claims.path("aud").asText() + "'.");
        }
        Optional<Rejection> time = checkValidity(claims);
        if (time.isPresent()) {
            return time;
        }
        return isSigned(parts, trusted.key())
                ? Optional.empty()
                : rejected(50013, "Assertion failed signature validation.");
    }

    private Optional<Rejection> checkValidity(JsonNode claims) {
        long now = clock.instant().getEpochSecond();
        boolean inTime = claims.path("exp").asLong() > now && claims.path("nbf").asLong() <= now + 300;
        return inTime ? Optional.empty() : rejected(700024, "Client assertion is not within its valid time range.");
    }

    private static boolean isSigned(String[] parts, PublicKey key) throws GeneralSecurityException {
        Signature signature = Signature.getInstance("SHA256withRSA");
        signature.initVerify(key);
        signature.update((parts[0] + "." + parts[1]).getBytes(StandardCharsets.US_ASCII));
        return signature.verify(Base64.getUrlDecoder().decode(parts[2]));
    }

    private static String thumbprint(X509Certificate certificate) throws GeneralSecurityException {
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(MessageDigest.getInstance("SHA-256").digest(certificate.getEncoded()));
    }

    /** Converts a thumbprint from padded standard Base64, which MSAL4J sends and Microsoft Entra ID accepts. */
    private static String unpadded(String thumbprint) {
        return thumbprint.replace('+', '-').replace('/', '_').replace("=", "");
    }

    private static Optional<Rejection> malformed() {
        return rejected(50027, "JWT token is invalid or malformed.");
    }

    private static Optional<Rejection> rejected(int number, String text) {
        return Optional.of(new Rejection(number, text));
    }
}
