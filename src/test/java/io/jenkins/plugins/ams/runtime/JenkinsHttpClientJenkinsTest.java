/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.runtime;

import static io.jenkins.plugins.ams.testing.TestHttp.failureOf;
import static io.jenkins.plugins.ams.testing.TestHttp.get;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNotSame;
import static org.junit.Assert.assertSame;

import hudson.ProxyConfiguration;
import io.jenkins.plugins.ams.http.HttpExchange;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.ClassRule;
import org.junit.Test;
import org.jvnet.hudson.test.JenkinsRule;

public class JenkinsHttpClientJenkinsTest {

    @ClassRule
    public static JenkinsRule j = new JenkinsRule();

    private final Executor executor = Runnable::run;
    private final JenkinsHttpClient clients = JenkinsHttpClient.proxied(executor, Duration.ofSeconds(7));

    @Test
    public void usesHttp1NoRedirectsAndTheGivenTimeout() {
        HttpClient client = clients.get();
        assertEquals(HttpClient.Redirect.NEVER, client.followRedirects());
        assertEquals(HttpClient.Version.HTTP_1_1, client.version());
        assertEquals(Optional.of(Duration.ofSeconds(7)), client.connectTimeout());
        assertEquals(Optional.of(executor), client.executor());
    }

    @Test
    public void replacesAClientThatHasDied() throws Exception {
        ExecutorService threads = Executors.newCachedThreadPool();
        AtomicBoolean exhausted = new AtomicBoolean();
        JenkinsHttpClient replaced = JenkinsHttpClient.proxied(
                task -> {
                    if (exhausted.get() && Thread.currentThread().getName().contains("SelectorManager")) {
                        throw new OutOfMemoryError("unable to create native thread");
                    }
                    threads.execute(task);
                },
                Duration.ofSeconds(7));
        HttpRequest request =
                HttpRequest.newBuilder(j.getURL().toURI().resolve("login")).build();
        try {
            HttpClient first = replaced.get();
            get(HttpExchange.send(first, request, Duration.ofSeconds(20), 1_000_000));
            assertSame(first, replaced.get());
            exhausted.set(true);
            failureOf(IOException.class, HttpExchange.send(first, request, Duration.ofMillis(300), 1_000_000));
            exhausted.set(false);
            assertNotSame(first, replaced.get());
            get(HttpExchange.send(replaced.get(), request, Duration.ofSeconds(20), 1_000_000));
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    public void usesTheCurrentProxyOfJenkins() throws Exception {
        URI ams = URI.create("https://prod.restv2.westeurope.media.azure.net/api/");
        URI inside = URI.create("https://media.inside.example/api/");
        HttpClient direct = clients.get();
        assertSame(direct, clients.get());
        try {
            j.jenkins.setProxy(new ProxyConfiguration("proxy.example", 3128, null, null, "*.inside.example"));
            HttpClient proxied = clients.get();
            assertNotSame(direct, proxied);
            assertSame(proxied, clients.get());
            ProxySelector selector = proxied.proxy().orElseThrow();
            assertEquals(
                    List.of("proxy.example:3128"),
                    selector.select(ams).stream()
                            .map(Proxy::address)
                            .map(InetSocketAddress.class::cast)
                            .map(address -> address.getHostString() + ":" + address.getPort())
                            .toList());
            assertEquals(List.of(Proxy.NO_PROXY), selector.select(inside));

            j.jenkins.setProxy(new ProxyConfiguration("proxy.example", 3128, "user", "password", "*.inside.example"));
            HttpClient named = clients.get();
            assertNotSame(proxied, named);
            assertSame(named, clients.get());
            assertEquals(Optional.empty(), named.authenticator());
            assertEquals(HttpClient.Redirect.NEVER, named.followRedirects());
            assertEquals(HttpClient.Version.HTTP_1_1, named.version());
            assertEquals(Optional.of(executor), named.executor());
            assertEquals(selector.select(ams), named.proxy().orElseThrow().select(ams));
            assertEquals(List.of(Proxy.NO_PROXY), named.proxy().orElseThrow().select(inside));

            j.jenkins.setProxy(new ProxyConfiguration("proxy.example", 3128, "user", "another", "*.inside.example"));
            assertNotSame(named, clients.get());
        } finally {
            j.jenkins.setProxy(null);
        }
        assertEquals(Optional.empty(), clients.get().proxy());
    }
}
