/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.auth;

import io.jenkins.plugins.ams.auth.AuthenticationException.Kind;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Cipher;
import javax.crypto.EncryptedPrivateKeyInfo;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.PBEParameterSpec;

/**
 * Reads the certificate of an application in the text form of RFC 7468: one private key (PKCS#8, encrypted or not, or
 * the older PKCS#1 that OpenSSL wrote) and certificates, that of the key first.
 */
public final class Pem {

    private static final Pattern BLOCK =
            Pattern.compile("-----BEGIN ([A-Z0-9 ]{1,40})-----([A-Za-z0-9+/=\\s]*)-----END \\1-----");

    /** DER: version 0 and AlgorithmIdentifier rsaEncryption, with which PKCS#8 (RFC 5208) begins. */
    private static final byte[] PKCS8_OF_RSA = {
        2, 1, 0, 0x30, 13, 6, 9, 0x2a, (byte) 0x86, 0x48, (byte) 0x86, (byte) 0xf7, 13, 1, 1, 1, 5, 0
    };

    /** The JDK's own limit for PKCS#12, which takes seconds. For PEM it has none: a small text could ask for an hour. */
    private static final int MAX_ITERATIONS = 5_000_000;

    private static final int SEQUENCE = 0x30;
    private static final int OCTET_STRING = 4;

    private Pem() {}

    /** Whether a text is meant to be of this form. */
    public static boolean isPem(String text) {
        return text.contains("-----BEGIN ");
    }

    /**
     * Reads a key with its certificates.
     *
     * @param password of the key if that is encrypted
     * @throws AuthenticationException {@link Kind#BAD_CERTIFICATE}; the message quotes nothing of the text
     */
    public static CertifiedKey certificate(String text, char[] password) throws AuthenticationException {
        PrivateKey key = null;
        List<X509Certificate> chain = new ArrayList<>();
        Matcher block = BLOCK.matcher(text);
        while (block.find()) {
            String label = block.group(1);
            try {
                byte[] content = Base64.getMimeDecoder().decode(block.group(2));
                if (label.equals("CERTIFICATE")) {
                    chain.add((X509Certificate) CertificateFactory.getInstance("X.509")
                            .generateCertificate(new ByteArrayInputStream(content)));
                } else if (label.endsWith("PRIVATE KEY")) {
                    if (key != null) {
                        throw CertifiedKey.bad("there is more than one private key");
                    }
                    key = key(label, content, password);
                }
            } catch (GeneralSecurityException | IOException | IllegalArgumentException e) {
                if (e instanceof AuthenticationException ours) {
                    throw ours;
                }
                boolean encrypted = label.startsWith("ENCRYPTED");
                throw CertifiedKey.bad("the part '" + label + "' cannot be read"
                        + (encrypted ? "; is the password right, and the cipher AES?" : ""));
            }
        }
        if (key == null) {
            throw CertifiedKey.bad("there is no part 'PRIVATE KEY'");
        }
        return new CertifiedKey(key, chain);
    }

    private static PrivateKey key(String label, byte[] content, char[] password)
            throws GeneralSecurityException, IOException {
        return switch (label) {
            case "PRIVATE KEY" -> rsa(new PKCS8EncodedKeySpec(content));
            case "RSA PRIVATE KEY" -> rsa(new PKCS8EncodedKeySpec(pkcs8(content)));
            case "ENCRYPTED PRIVATE KEY" -> rsa(decrypted(content, password));
            default -> throw CertifiedKey.bad("Azure AD takes RSA keys alone, and there is one in '" + label + "'");
        };
    }

    private static PrivateKey rsa(PKCS8EncodedKeySpec key) throws GeneralSecurityException {
        return KeyFactory.getInstance("RSA").generatePrivate(key);
    }

    private static PKCS8EncodedKeySpec decrypted(byte[] content, char[] password)
            throws GeneralSecurityException, IOException {
        EncryptedPrivateKeyInfo encrypted = new EncryptedPrivateKeyInfo(content);
        int iterations = encrypted
                .getAlgParameters()
                .getParameterSpec(PBEParameterSpec.class)
                .getIterationCount();
        if (iterations > MAX_ITERATIONS) {
            throw CertifiedKey.bad(
                    "its encryption takes " + iterations + " iterations; " + MAX_ITERATIONS + " are the limit");
        }
        // PBES2 (RFC 8018) as such names no cipher; the JDK's text of its parameters does
        String algorithm = encrypted.getAlgName().equals("PBES2")
                ? encrypted.getAlgParameters().toString()
                : encrypted.getAlgName();
        Cipher cipher = Cipher.getInstance(algorithm);
        cipher.init(
                Cipher.DECRYPT_MODE,
                SecretKeyFactory.getInstance(algorithm).generateSecret(new PBEKeySpec(password)),
                encrypted.getAlgParameters());
        return encrypted.getKeySpec(cipher);
    }

    /** Wraps an RSAPrivateKey of PKCS#1 as the PrivateKeyInfo of PKCS#8, the one form that the JDK reads. */
    private static byte[] pkcs8(byte[] pkcs1) {
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        content.writeBytes(PKCS8_OF_RSA);
        content.writeBytes(der(OCTET_STRING, pkcs1));
        return der(SEQUENCE, content.toByteArray());
    }

    private static byte[] der(int tag, byte[] content) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(tag);
        if (content.length < 0x80) {
            out.write(content.length);
        } else {
            int bytes = (Integer.SIZE - Integer.numberOfLeadingZeros(content.length) + 7) / 8;
            out.write(0x80 | bytes);
            for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8) {
                out.write(content.length >> shift);
            }
        }
        out.writeBytes(content);
        return out.toByteArray();
    }
}
