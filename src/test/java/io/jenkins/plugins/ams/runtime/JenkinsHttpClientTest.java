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

import com.sun.net.httpserver.HttpServer;
import io.jenkins.plugins.ams.http.HttpExchange;
import io.jenkins.plugins.ams.http.MonitoredHttpClient;
import io.jenkins.plugins.ams.testing.ExpectedLog;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
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
import org.junit.Rule;
import org.junit.Test;

/** Tests the client that uses no proxy, which needs no Jenkins. */
public class JenkinsHttpClientTest {

    private final Executor executor = Runnable::run;

    @Rule
    public final ExpectedLog expected = ExpectedLog.of(MonitoredHttpClient.class);

    @Test
    public void usesNoProxyAndFollowsNoRedirect() {
        JenkinsHttpClient direct = JenkinsHttpClient.direct(executor, Duration.ofSeconds(7));
        HttpClient client = direct.get();
        assertSame(client, direct.get());
        assertEquals(
                List.of(Proxy.NO_PROXY),
                client.proxy().orElseThrow().select(URI.create("http://169.254.169.254/metadata")));
        assertEquals(HttpClient.Redirect.NEVER, client.followRedirects());
        assertEquals(Optional.of(Duration.ofSeconds(7)), client.connectTimeout());
        assertEquals(Optional.of(executor), client.executor());
        assertEquals(HttpClient.Version.HTTP_1_1, client.version());
    }

    @Test
    public void replacesADeadClient() throws Exception {
        ExecutorService threads = Executors.newCachedThreadPool();
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        server.start();
        try {
            AtomicBoolean exhausted = new AtomicBoolean();
            JenkinsHttpClient direct = JenkinsHttpClient.direct(
                    task -> {
                        if (exhausted.get() && Thread.currentThread().getName().contains("SelectorManager")) {
                            throw new OutOfMemoryError("unable to create native thread");
                        }
                        threads.execute(task);
                    },
                    Duration.ofSeconds(7));
            HttpRequest request = HttpRequest.newBuilder(
                            URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/"))
                    .build();
            HttpClient first = direct.get();
            get(HttpExchange.send(first, request, Duration.ofSeconds(20), 1000));
            assertSame(first, direct.get());
            exhausted.set(true);
            failureOf(IOException.class, HttpExchange.send(first, request, Duration.ofMillis(300), 1000));
            exhausted.set(false);
            assertNotSame(first, direct.get());
            get(HttpExchange.send(direct.get(), request, Duration.ofSeconds(20), 1000));
        } finally {
            server.stop(0);
            threads.shutdownNow();
        }
    }
}
