/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.runtime;

import static io.jenkins.plugins.ams.testing.TestHttp.failureOf;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;
import static org.junit.Assume.assumeTrue;

import io.jenkins.plugins.ams.auth.TokenCache;
import io.jenkins.plugins.ams.emulator.Emulator;
import io.jenkins.plugins.ams.emulator.RecordedRequest;
import io.jenkins.plugins.ams.http.AmsException;
import io.jenkins.plugins.ams.http.HttpExchange;
import io.jenkins.plugins.ams.http.HttpExchange.ProxyRejectionException;
import io.jenkins.plugins.ams.http.MonitoredHttpClient;
import io.jenkins.plugins.ams.service.AmsService;
import io.jenkins.plugins.ams.service.EmulatedService;
import java.io.IOException;
import java.net.Authenticator;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.PasswordAuthentication;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.After;
import org.junit.Test;

/** Tests requests to the emulator over TLS through a proxy that requires a password. */
public class ProxyAuthorizationTest {

    private final Emulator emulator = Emulator.start();
    private final TunnelProxy proxy = TunnelProxy.start("user", "pass:word");

    @After
    public void stop() {
        proxy.close();
        emulator.close();
    }

    @Test
    public void sendsTheTokenThroughAnAuthenticatedProxy() throws Exception {
        authorizing(through(proxy))
                .sendAsync(request(), HttpResponse.BodyHandlers.ofString())
                .join();

        assertEquals(Optional.of("Bearer token"), receivedRequest().header("Authorization"));
        assertEquals(1, proxy.tunnels());
    }

    @Test
    public void sendsNoProxyPasswordToTheService() throws Exception {
        authorizing(through(proxy))
                .sendAsync(request(), HttpResponse.BodyHandlers.ofString())
                .join();
        assertEquals(Optional.empty(), receivedRequest().header("Proxy-Authorization"));
    }

    @Test
    public void addsNoHeaderWithoutAProxy() throws Exception {
        authorizing(directly())
                .sendAsync(request(), HttpResponse.BodyHandlers.ofString())
                .join();
        assertEquals(Optional.empty(), receivedRequest().header("Proxy-Authorization"));
        assertEquals(0, proxy.tunnels());
    }

    /** The JDK returns the proxy's response as if it were that of the host. */
    @Test
    public void aRejectedConnectIsNoResponseOfTheHost() {
        ProxyRejectionException rejection = failureOf(
                ProxyRejectionException.class,
                HttpExchange.send(untrustedClient(), request(), Duration.ofSeconds(20), 1000));
        assertEquals(407, rejection.status());
        assertEquals("the proxy responded with HTTP 407 and did not connect", HttpExchange.reasonOf(rejection));
    }

    @Test
    public void aRejectedConnectIsATransientError() {
        HttpClient stranger = untrustedClient();
        ExecutorService executor = Executors.newSingleThreadExecutor();
        try {
            TokenCache tokens = new TokenCache(() -> stranger, executor, Clock.systemUTC());
            for (EmulatedService api : EmulatedService.values()) {
                AmsService service = api.service(
                        api.endpoint(emulator),
                        tokens.tokensOf(api.identity(emulator)),
                        () -> stranger,
                        Clock.systemUTC());
                AmsException e = failureOf(AmsException.class, service.ping());
                assertTrue(api.name(), e.isTransient());
                assertThat(api.name(), e.getMessage(), containsString("the proxy responded with HTTP 407"));
            }
        } finally {
            executor.shutdownNow();
        }
        assertEquals(0, proxy.tunnels());
    }

    /** Shows why the class is needed. It can be removed when all supported Java versions keep the header. */
    @Test
    public void aJdkAuthenticatorDropsTheToken() throws Exception {
        assumeTrue("JDK-8326949", Runtime.version().feature() < 24);
        HttpClient client = builder(through(proxy))
                .authenticator(new Authenticator() {
                    @Override
                    protected PasswordAuthentication getPasswordAuthentication() {
                        return new PasswordAuthentication("user", "pass:word".toCharArray());
                    }
                })
                .build();
        client.send(request(), HttpResponse.BodyHandlers.ofString());
        assertEquals(Optional.empty(), receivedRequest().header("Authorization"));
    }

    /** A JVM reads the system property only once, so each value needs another JVM. */
    @Test
    public void sendsNothingWithoutTheSystemProperty() throws Exception {
        assertThat(requestOfAnotherJvm(), containsString("HTTP 407 and did not connect"));
        assertEquals(0, proxy.tunnels());
        assertEquals(0, emulator.requests().count());

        assertEquals("", requestOfAnotherJvm("-Djdk.http.auth.tunneling.disabledSchemes=none"));
        assertEquals(1, proxy.tunnels());
        assertEquals(1, emulator.requests().count());
    }

    /** Returns the error of the request, or an empty text. */
    private String requestOfAnotherJvm(String... options) throws Exception {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of(options));
        command.add("-Djavax.net.ssl.trustStore=" + emulator.trustStore());
        command.add("-Djavax.net.ssl.trustStorePassword=" + emulator.trustStorePassword());
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), OneRequest.class.getName()));
        command.add(Integer.toString(proxy.address().getPort()));
        command.add(emulator.endpoint().toString());
        Process jvm = new ProcessBuilder(command).redirectErrorStream(true).start();
        try {
            String output = new String(jvm.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertEquals(output, 0, jvm.waitFor());
            return output.trim();
        } finally {
            jvm.destroyForcibly();
        }
    }

    /** Sends one request with the password of a proxy on loopback and prints its error. */
    public static final class OneRequest {

        private OneRequest() {}

        public static void main(String[] args) throws Exception {
            InetSocketAddress proxy =
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(args[0]));
            ProxySelector proxies = new FixedProxy(new Proxy(Proxy.Type.HTTP, proxy));
            HttpClient client = HttpClient.newBuilder().proxy(proxies).build();
            HttpRequest request = HttpRequest.newBuilder(URI.create(args[1])).build();
            try {
                HttpExchange.send(
                                new MonitoredHttpClient(client, new ProxyAuthorization(proxies, "user", "pass:word")),
                                request,
                                Duration.ofSeconds(20),
                                100_000)
                        .get();
            } catch (ExecutionException e) {
                System.out.println(HttpExchange.reasonOf(e));
            }
        }
    }

    private RecordedRequest receivedRequest() {
        List<RecordedRequest> all = emulator.requests().all();
        assertEquals(1, all.size());
        return all.get(0);
    }

    private HttpRequest request() {
        return HttpRequest.newBuilder(emulator.endpoint())
                .timeout(Duration.ofSeconds(20))
                .header("Authorization", "Bearer token")
                .build();
    }

    private HttpClient authorizing(ProxySelector proxies) {
        return new MonitoredHttpClient(builder(proxies).build(), new ProxyAuthorization(proxies, "user", "pass:word"));
    }

    private HttpClient.Builder builder(ProxySelector proxies) {
        return HttpClient.newBuilder().sslContext(emulator.sslContext()).proxy(proxies);
    }

    /** Returns a client without the proxy's password. */
    private HttpClient untrustedClient() {
        return builder(through(proxy)).build();
    }

    private static ProxySelector through(TunnelProxy proxy) {
        return new FixedProxy(new Proxy(Proxy.Type.HTTP, proxy.address()));
    }

    private static ProxySelector directly() {
        return new FixedProxy(Proxy.NO_PROXY);
    }

    private static final class FixedProxy extends ProxySelector {

        private final Proxy proxy;

        FixedProxy(Proxy proxy) {
            this.proxy = proxy;
        }

        @Override
        public List<Proxy> select(URI uri) {
            return List.of(proxy);
        }

        @Override
        public void connectFailed(URI uri, SocketAddress address, IOException e) {
            throw new AssertionError("no connection to the proxy " + address, e);
        }
    }
}
