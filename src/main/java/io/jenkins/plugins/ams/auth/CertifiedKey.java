/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.auth;

import io.jenkins.plugins.ams.auth.AuthenticationException.Kind;
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
 * A private key with its certificate, as they were read. The authority is sent an assertion that the key has signed, and
 * the certificates; the key stays here.
 */
public final class CertifiedKey {

    /** RFC 7518, 3.3; what MSAL4J signs with, and what Azure AD takes. */
    private static final String RS256 = "SHA256withRSA";

    private final PrivateKey key;
    private final List<X509Certificate> chain;
    private final String fingerprint;

    /**
     * Takes a key and its certificate if they belong together, which the key has to prove: the fingerprint that makes
     * two of these equal is of the certificates alone, and these are public.
     *
     * @param key an RSA key
     * @param chain the certificate of the key first, then those that vouch for it, if any
     * @throws AuthenticationException {@link Kind#BAD_CERTIFICATE}
     */
    public CertifiedKey(PrivateKey key, List<X509Certificate> chain) throws AuthenticationException {
        if (chain.isEmpty()) {
            throw bad("there is no certificate");
        }
        X509Certificate certificate = chain.get(0);
        if (!"RSA".equals(key.getAlgorithm())
                || !"RSA".equals(certificate.getPublicKey().getAlgorithm())) {
            throw bad("Azure AD takes RSA keys alone, and this is one of " + PlainText.line(key.getAlgorithm(), 20));
        }
        try {
            if (!match(key, certificate)) {
                throw bad("the private key is not that of the certificate");
            }
            this.fingerprint = fingerprint(chain);
        } catch (GeneralSecurityException e) {
            throw bad("the private key cannot sign (" + e.getClass().getSimpleName() + ")");
        }
        this.key = key;
        this.chain = List.copyOf(chain);
    }

    /**
     * Checks the certificate before it is sent, since what the authority says about an expired one differs from case to
     * case.
     *
     * @throws AuthenticationException {@link Kind#EXPIRED_CERTIFICATE}
     */
    void checkExpiry(Instant now) throws AuthenticationException {
        Instant expiry = chain.get(0).getNotAfter().toInstant();
        if (now.isAfter(expiry)) {
            throw AuthenticationException.of(
                    Kind.EXPIRED_CERTIFICATE, "it expired on " + LocalDate.ofInstant(expiry, ZoneOffset.UTC));
        }
    }

    /** The key, for the assertion alone. */
    PrivateKey key() {
        return key;
    }

    List<X509Certificate> chain() {
        return chain;
    }

    /** What is wrong with something that should be a certificate with its key. The text never quotes it. */
    static AuthenticationException bad(String text) {
        return AuthenticationException.of(Kind.BAD_CERTIFICATE, text);
    }

    private static boolean match(PrivateKey key, X509Certificate certificate) throws GeneralSecurityException {
        // goes nowhere, so anything will do
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
