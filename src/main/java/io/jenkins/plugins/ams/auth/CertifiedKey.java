/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.auth;

import io.jenkins.plugins.ams.auth.AuthenticationException.Kind;
import io.jenkins.plugins.ams.http.PlainText;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.HexFormat;
import java.util.List;

/**
 * A private key with its certificates. The authority receives the certificates and an assertion that is signed with the
 * key, but never the key.
 */
public final class CertifiedKey {

    /** RS256 (RFC 7518, section 3.3), which MSAL4J signs with and Microsoft Entra ID accepts. */
    private static final String RS256 = "SHA256withRSA";

    private final PrivateKey key;
    private final List<X509Certificate> chain;
    private final String fingerprint;

    /**
     * Checks that a key and a certificate match. The check is needed because {@link #equals} compares only the
     * certificates, which are public.
     *
     * @param key an RSA key
     * @param chain the certificate of the key, followed by the certificates of its issuers, if any
     * @throws AuthenticationException {@link Kind#BAD_CERTIFICATE} if they do not match or cannot be used
     */
    public CertifiedKey(PrivateKey key, List<X509Certificate> chain) throws AuthenticationException {
        if (chain.isEmpty()) {
            throw bad("there is no certificate");
        }
        X509Certificate certificate = chain.get(0);
        if (!"RSA".equals(key.getAlgorithm())
                || !"RSA".equals(certificate.getPublicKey().getAlgorithm())) {
            throw bad("Microsoft Entra ID accepts only RSA keys, and this key is of type "
                    + PlainText.line(key.getAlgorithm(), 20));
        }
        try {
            if (!match(key, certificate)) {
                throw bad("the private key does not match the certificate");
            }
            this.fingerprint = fingerprint(chain);
        } catch (GeneralSecurityException e) {
            throw bad("the private key cannot sign (" + e.getClass().getSimpleName() + ")");
        }
        this.key = key;
        this.chain = List.copyOf(chain);
    }

    /**
     * Checks that the certificate has not expired. The authority reports expired certificates in different ways, so
     * this is checked before the request.
     *
     * @throws AuthenticationException {@link Kind#EXPIRED_CERTIFICATE} if it has expired
     */
    void checkExpiry(Instant now) throws AuthenticationException {
        Instant expiry = chain.get(0).getNotAfter().toInstant();
        if (now.isAfter(expiry)) {
            throw AuthenticationException.of(
                    Kind.EXPIRED_CERTIFICATE, "it expired on " + LocalDate.ofInstant(expiry, ZoneOffset.UTC));
        }
    }

    /** Returns the key, which must only be used to sign the assertion. */
    PrivateKey key() {
        return key;
    }

    List<X509Certificate> chain() {
        return chain;
    }

    /**
     * Creates an error for a certificate or key that cannot be used.
     *
     * @param text the reason; must not quote the certificate or the key
     */
    static AuthenticationException bad(String text) {
        return AuthenticationException.of(Kind.BAD_CERTIFICATE, text);
    }

    private static boolean match(PrivateKey key, X509Certificate certificate) throws GeneralSecurityException {
        // an arbitrary text, since the signature is discarded
        byte[] challenge = "do they belong together?".getBytes(StandardCharsets.UTF_8);
        Signature signer = Signature.getInstance(RS256);
        signer.initSign(key);
        signer.update(challenge);
        byte[] signature = signer.sign();
        Signature verifier = Signature.getInstance(RS256);
        verifier.initVerify(certificate.getPublicKey());
        verifier.update(challenge);
        return verifier.verify(signature);
    }

    private static String fingerprint(List<X509Certificate> chain) throws GeneralSecurityException {
        MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
        for (X509Certificate certificate : chain) {
            sha256.update(certificate.getEncoded());
        }
        return HexFormat.of().formatHex(sha256.digest());
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof CertifiedKey that && fingerprint.equals(that.fingerprint);
    }

    @Override
    public int hashCode() {
        return fingerprint.hashCode();
    }

    @Override
    public String toString() {
        return "CertifiedKey[" + fingerprint + "]";
    }
}
