/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.auth;

import io.jenkins.plugins.ams.auth.AuthenticationException.Kind;
import io.jenkins.plugins.ams.http.PlainText;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * A private key and its certificate chain. Microsoft Entra ID receives the certificates and an assertion that is signed
 * with the key, but never the key itself.
 */
final class CertifiedKey {

    /** The RS256 algorithm (RFC 7518, section 3.3), which MSAL4J uses and Microsoft Entra ID accepts. */
    private static final String RS256 = "SHA256withRSA";

    private final PrivateKey key;
    private final List<X509Certificate> chain;

    /** @param chain the key's certificate, followed by the certificates of its issuers, if any */
    private CertifiedKey(PrivateKey key, List<X509Certificate> chain) throws AuthenticationException {
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
        } catch (GeneralSecurityException e) {
            throw bad("the private key cannot sign (" + e.getClass().getSimpleName() + ")");
        }
        this.key = key;
        this.chain = List.copyOf(chain);
    }

    /**
     * Reads the private key and its certificates from a key store, which must contain exactly one private key. This may
     * take seconds, because the creator of a key store chooses how many iterations are needed to decrypt it.
     *
     * @param password the password for the key
     * @throws AuthenticationException {@link Kind#BAD_CERTIFICATE} if the key and its certificate cannot be read, do
     *     not match, or have the wrong type; the message does not quote the key store's content
     */
    static CertifiedKey of(KeyStore store, char[] password) throws AuthenticationException {
        PrivateKey key = null;
        List<X509Certificate> chain = new ArrayList<>();
        try {
            for (String alias : Collections.list(store.aliases())) {
                if (!store.entryInstanceOf(alias, KeyStore.PrivateKeyEntry.class)) {
                    continue;
                }
                if (key != null) {
                    throw bad("the key store contains more than one private key");
                }
                Key entry = store.getKey(alias, password);
                key = entry instanceof PrivateKey privateKey ? privateKey : null;
                for (Certificate certificate : store.getCertificateChain(alias)) {
                    if (certificate instanceof X509Certificate x509) {
                        chain.add(x509);
                    }
                }
            }
        } catch (GeneralSecurityException e) {
            // if a key store is unreadable, the Credentials plugin supplies an uninitialized key store instead
            throw bad("the key store cannot be read; check its password");
        }
        if (key == null) {
            throw bad("the key store contains no private key");
        }
        return new CertifiedKey(key, chain);
    }

    /**
     * Checks that the certificate has not expired. Microsoft Entra ID reports expired certificates in different ways,
     * so the expiry is checked before the request.
     *
     * @throws AuthenticationException {@link Kind#EXPIRED_CERTIFICATE} if the certificate has expired
     */
    void checkExpiry(Instant now) throws AuthenticationException {
        Instant expiry = expiry();
        if (now.isAfter(expiry)) {
            throw AuthenticationException.of(
                    Kind.EXPIRED_CERTIFICATE, "it expired on " + LocalDate.ofInstant(expiry, ZoneOffset.UTC));
        }
    }

    /** Returns the time when the certificate expires. */
    Instant expiry() {
        return chain.get(0).getNotAfter().toInstant();
    }

    /** Returns the key, which must be used only to sign assertions. */
    PrivateKey key() {
        return key;
    }

    List<X509Certificate> chain() {
        return chain;
    }

    /**
     * Creates the error for a certificate or key that cannot be used.
     *
     * @param text the reason; must not quote the certificate or the key
     */
    static AuthenticationException bad(String text) {
        return AuthenticationException.of(Kind.BAD_CERTIFICATE, text);
    }

    private static boolean match(PrivateKey key, X509Certificate certificate) throws GeneralSecurityException {
        // any string can be used, because the signature is discarded
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
}
