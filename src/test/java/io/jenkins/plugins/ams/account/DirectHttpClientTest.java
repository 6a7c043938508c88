/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.account;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertSame;

import java.net.Proxy;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import org.junit.Test;

public class DirectHttpClientTest {

    private final Executor executor = Runnable::run;

    @Test
    public void goesThroughNoProxyAndFollowsNoRedirect() {
        DirectHttpClient direct = new DirectHttpClient(executor, Duration.ofSeconds(7));
        HttpClient client = direct.get();
        assertSame(client, direct.get());
        assertEquals(
                List.of(Proxy.NO_PROXY),
                client.proxy().orElseThrow().select(URI.create("http://169.254.169.254/metadata")));
        assertEquals(HttpClient.Redirect.NEVER, client.followRedirects());
        assertEquals(Optional.of(Duration.ofSeconds(7)), client.connectTimeout());
        assertEquals(Optional.of(executor), client.executor());
    }
}
