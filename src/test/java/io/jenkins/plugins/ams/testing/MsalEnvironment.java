/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.testing;

import com.microsoft.aad.msal4j.ManagedIdentityApplication;
import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Map;

/**
 * Replaces the environment variables that MSAL4J reads, which determine the endpoint of managed identities. Uses a
 * non-public method that MSAL4J has for its own tests.
 */
public final class MsalEnvironment implements AutoCloseable {

    private static final String PACKAGE = "com.microsoft.aad.msal4j.";

    private MsalEnvironment() {}

    /** Replaces all variables with the given ones until it is closed. */
    public static MsalEnvironment of(Map<String, String> variables) {
        try {
            Class<?> type = Class.forName(PACKAGE + "IEnvironmentVariables");
            set(Proxy.newProxyInstance(
                    type.getClassLoader(), new Class<?>[] {type}, (proxy, method, names) -> variables.get(names[0])));
            return new MsalEnvironment();
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("MSAL4J has changed", e);
        }
    }

    @Override
    public void close() {
        try {
            Constructor<?> real =
                    Class.forName(PACKAGE + "EnvironmentVariables").getDeclaredConstructor();
            real.setAccessible(true);
            set(real.newInstance());
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("MSAL4J has changed", e);
        }
    }

    private static void set(Object variables) throws ReflectiveOperationException {
        Class<?> type = Class.forName(PACKAGE + "IEnvironmentVariables");
        Method setter = ManagedIdentityApplication.class.getDeclaredMethod("setEnvironmentVariables", type);
        setter.setAccessible(true);
        setter.invoke(null, variables);
    }
}
