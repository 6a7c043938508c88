/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.testing;

import io.jenkins.plugins.ams.http.ForwardingHttpClient;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.util.concurrent.CompletableFuture;

/** Redirects requests for a host that tests must not reach to another address. */
public final class ReroutedHttpClient extends ForwardingHttpClient {

    /** The host of the metadata service in the environment variables that both builds set for tests. */
    public static final String METADATA_HOST = "127.0.0.1";

    private final String host;
    private final URI home;

    /**
     * Creates a client.
     *
     * @param client the client that sends the requests
     * @param host the host of the requests to redirect, for any scheme and port; other requests fail
     * @param home the scheme, host and port that replace those of the requests
     */
    public ReroutedHttpClient(HttpClient client, String host, URI home) {
        super(client);
        this.host = host;
        this.home = home;
    }

    @Override
    public <T> CompletableFuture<HttpResponse<T>> sendAsync(HttpRequest request, BodyHandler<T> handler) {
        if (!request.uri().getHost().equals(host)) {
            return CompletableFuture.failedFuture(new IOException("unexpected request to " + request.uri()));
        }
        String query = request.uri().getRawQuery();
        URI target = home.resolve(request.uri().getRawPath() + (query == null ? "" : "?" + query));
        HttpRequest.Builder rerouted = HttpRequest.newBuilder(target)
                .method(request.method(), request.bodyPublisher().orElse(HttpRequest.BodyPublishers.noBody()));
        request.headers().map().forEach((name, values) -> values.forEach(value -> rerouted.header(name, value)));
        return client().sendAsync(rerouted.build(), handler);
    }
}
