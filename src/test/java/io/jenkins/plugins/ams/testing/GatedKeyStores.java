/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyStore;
import java.security.KeyStoreException;
import java.security.KeyStoreSpi;
import java.security.NoSuchAlgorithmException;
import java.security.Provider;
import java.security.Security;
import java.security.UnrecoverableKeyException;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.util.ArrayList;
import java.util.Date;
import java.util.Enumeration;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Controls how long decryption of the JDK's PKCS#12 key stores takes: while the gate is shut, it blocks. A hostile
 * number of iterations has the same effect, for as many seconds as the machine needs.
 */
public final class GatedKeyStores implements AutoCloseable {

    private static final String TYPE = "PKCS12";

    private final Provider provider = new GatedProvider();
    private final Provider original = Security.getProvider("SUN");
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition opened = lock.newCondition();
    private final List<String> waiting = new ArrayList<>();
    private boolean closed;
    private int decryptedKeys;

    /** Installs an open gate in this JVM. Existing key stores are not affected. */
    public static GatedKeyStores install() {
        GatedKeyStores gate = new GatedKeyStores();
        Security.insertProviderAt(gate.provider, 1);
        return gate;
    }

    /** Blocks all decryption from now on. */
    public void shut() {
        lock.lock();
        try {
            closed = true;
        } finally {
            lock.unlock();
        }
    }

    /** Continues all blocked decryption. */
    public void open() {
        lock.lock();
        try {
            closed = false;
            opened.signalAll();
        } finally {
            lock.unlock();
        }
    }

    public boolean isShut() {
        lock.lock();
        try {
            return closed;
        } finally {
            lock.unlock();
        }
    }

    /** Returns the names of the blocked threads. */
    public List<String> waiting() {
        lock.lock();
        try {
            return List.copyOf(waiting);
        } finally {
            lock.unlock();
        }
    }

    /** Returns how many times a private key was decrypted, which is what takes long with many iterations. */
    public int decryptedKeys() {
        lock.lock();
        try {
            return decryptedKeys;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        Security.removeProvider(provider.getName());
        open();
    }

    private void pass() {
        lock.lock();
        try {
            waiting.add(Thread.currentThread().getName());
            while (closed) {
                opened.awaitUninterruptibly();
            }
            waiting.remove(Thread.currentThread().getName());
        } finally {
            lock.unlock();
        }
    }

    private void countKey() {
        lock.lock();
        try {
            decryptedKeys++;
        } finally {
            lock.unlock();
        }
    }

    private final class GatedProvider extends Provider {

        private static final long serialVersionUID = 1L;

        GatedProvider() {
            super("GatedKeyStores", "1", "PKCS#12 behind a gate");
            putService(new Service(this, "KeyStore", TYPE, GatedStore.class.getName(), null, null) {
                @Override
                public Object newInstance(Object parameter) throws NoSuchAlgorithmException {
                    try {
                        return new GatedStore(KeyStore.getInstance(TYPE, original));
                    } catch (KeyStoreException e) {
                        throw new NoSuchAlgorithmException(e);
                    }
                }
            });
        }
    }

    /** Delegates to a key store of the JDK, once the gate is open. */
    private final class GatedStore extends KeyStoreSpi {

        private final KeyStore store;

        GatedStore(KeyStore store) {
            this.store = store;
        }

        @Override
        public void engineLoad(InputStream file, char[] password)
                throws IOException, NoSuchAlgorithmException, CertificateException {
            if (file != null) {
                pass();
            }
            store.load(file, password);
        }

        @Override
        public Key engineGetKey(String alias, char[] password)
                throws NoSuchAlgorithmException, UnrecoverableKeyException {
            pass();
            countKey();
            try {
                return store.getKey(alias, password);
            } catch (KeyStoreException e) {
                throw new IllegalStateException(e);
            }
        }

        @Override
        public void engineStore(OutputStream file, char[] password)
                throws IOException, NoSuchAlgorithmException, CertificateException {
            try {
                store.store(file, password);
            } catch (KeyStoreException e) {
                throw new IOException(e);
            }
        }

        @Override
        public void engineSetKeyEntry(String alias, Key key, char[] password, Certificate[] chain)
                throws KeyStoreException {
            store.setKeyEntry(alias, key, password, chain);
        }

        @Override
        public void engineSetKeyEntry(String alias, byte[] key, Certificate[] chain) throws KeyStoreException {
            store.setKeyEntry(alias, key, chain);
        }

        @Override
        public void engineSetCertificateEntry(String alias, Certificate certificate) throws KeyStoreException {
            store.setCertificateEntry(alias, certificate);
        }

        @Override
        public void engineDeleteEntry(String alias) throws KeyStoreException {
            store.deleteEntry(alias);
        }

        @Override
        public Certificate[] engineGetCertificateChain(String alias) {
            return read(() -> store.getCertificateChain(alias));
        }

        @Override
        public Certificate engineGetCertificate(String alias) {
            return read(() -> store.getCertificate(alias));
        }

        @Override
        public Date engineGetCreationDate(String alias) {
            return read(() -> store.getCreationDate(alias));
        }

        @Override
        public Enumeration<String> engineAliases() {
            return read(store::aliases);
        }

        @Override
        public boolean engineContainsAlias(String alias) {
            return read(() -> store.containsAlias(alias));
        }

        @Override
        public int engineSize() {
            return read(store::size);
        }

        @Override
        public boolean engineIsKeyEntry(String alias) {
            return read(() -> store.isKeyEntry(alias));
        }

        @Override
        public boolean engineIsCertificateEntry(String alias) {
            return read(() -> store.isCertificateEntry(alias));
        }

        @Override
        public String engineGetCertificateAlias(Certificate certificate) {
            return read(() -> store.getCertificateAlias(certificate));
        }
    }

    private interface Reading<T> {
        T read() throws GeneralSecurityException;
    }

    private static <T> T read(Reading<T> reading) {
        try {
            return reading.read();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
