/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.auth;

import io.jenkins.plugins.ams.auth.AuthenticationException.Kind;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.function.Supplier;

/** Takes the certificate of an application out of a key store, as PKCS#12 files (.pfx, .p12) are. */
public final class KeyStores {

    private KeyStores() {}

    /**
     * Reads the certificate of a key store that can be replaced. It is decrypted again only if it was, since that can take
     * seconds: whoever makes a key store chooses the number of iterations.
     *
     * @param store returns the same key store until it is replaced; may be slow
     * @param password of the key
     */
    public static ClientCertificate.Reader reader(Supplier<KeyStore> store, Supplier<char[]> password) {
        return new StoreReader(store, password);
    }

    /**
     * The one private key of a store with its certificates.
     *
     * @param password of the key
     * @throws AuthenticationException {@link Kind#BAD_CERTIFICATE}; the text quotes nothing of the store
     */
    public static CertifiedKey certificate(KeyStore store, char[] password) throws AuthenticationException {
        PrivateKey key = null;
        List<X509Certificate> chain = new ArrayList<>();
        try {
            for (String alias : Collections.list(store.aliases())) {
                if (!store.entryInstanceOf(alias, KeyStore.PrivateKeyEntry.class)) {
                    continue;
                }
                if (key != null) {
                    throw CertifiedKey.bad("the key store holds more than one private key");
                }
                Key found = store.getKey(alias, password);
                key = found instanceof PrivateKey itsKey ? itsKey : null;
                for (Certificate certificate : store.getCertificateChain(alias)) {
                    if (certificate instanceof X509Certificate x509) {
                        chain.add(x509);
                    }
                }
            }
        } catch (GeneralSecurityException e) {
            // also what the credentials plugin hands out in place of a store that it could not read: one never loaded
            throw CertifiedKey.bad("the key store cannot be read; is its password right?");
        }
        if (key == null) {
            throw CertifiedKey.bad("the key store holds no private key");
        }
        return new CertifiedKey(key, chain);
    }

    /**
     * Reads a PKCS#12 file.
     *
     * @param password of the file and of its key; may be empty
     * @throws AuthenticationException {@link Kind#BAD_CERTIFICATE}
     */
    public static CertifiedKey pkcs12(byte[] file, char[] password) throws AuthenticationException {
        KeyStore store;
        try {
            store = KeyStore.getInstance("PKCS12");
            store.load(new ByteArrayInputStream(file), password);
        } catch (GeneralSecurityException | IOException e) {
            throw CertifiedKey.bad("this is no PKCS#12 file, or its password is wrong");
        }
        return certificate(store, password);
    }

    private static final class StoreReader implements ClientCertificate.Reader {

        private final Supplier<KeyStore> store;
        private final Supplier<char[]> password;
        private KeyStore lastStore;
        private char[] lastPassword;
        private CertifiedKey key;
        private AuthenticationException failure;

        StoreReader(Supplier<KeyStore> store, Supplier<char[]> password) {
            this.store = store;
            this.password = password;
        }

        @Override
        public synchronized CertifiedKey read() throws AuthenticationException {
            KeyStore current = store.get();
            char[] currentPassword = password.get();
            if (current != lastStore || !Arrays.equals(currentPassword, lastPassword)) {
                key = null;
                failure = null;
                try {
                    key = certificate(current, currentPassword);
                } catch (AuthenticationException e) {
                    failure = e;
                }
                lastStore = current;
                lastPassword = currentPassword;
            }
            if (failure != null) {
                throw failure;
            }
            return key;
        }
    }
}
