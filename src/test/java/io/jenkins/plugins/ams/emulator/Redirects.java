/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.emulator;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiFunction;
import java.util.function.Function;

/**
 * Creates addresses that redirect, like {@code media.windows.net}, which redirected clients to the cluster of their
 * account. Each method creates an endpoint that redirects and logs all requests to paths below it.
 */
public final class Redirects {

    private static final String PREFIX = "/redirect/";

    /** Opens additional ports. */
    interface Ports {
        TlsServer open(Function<Request, Response> handler) throws IOException;
    }

    private final Ports ports;
    private final Function<Request, Response> router;
    private final List<TlsServer> servers = new ArrayList<>();
    private final Map<String, BiFunction<Request, String, Response>> rules = new ConcurrentHashMap<>();
    private URI home;

    Redirects(Ports ports, Function<Request, Response> router) {
        this.ports = ports;
        this.router = router;
    }

    void home(URI authority) {
        home = authority;
    }

    /**
     * Redirects all requests to the API's base address, as {@code media.windows.net} did with 301 (AMS REST reference).
     */
    public URI toApiBase(int status) {
        return rule(home, (request, rest) -> redirect(status, home + V2Api.BASE));
    }

    /** Redirects to the same resource below the API's base address. */
    public URI toApi(int status) {
        return to(status, home.resolve(V2Api.BASE));
    }

    /** Redirects to the same resource below the given address. */
    public URI to(int status, URI base) {
        return rule(home, (request, rest) -> redirect(status, base + rest));
    }

    /** Redirects to the same address in an endless loop. */
    public URI loop(int status) {
        return rule(home, (request, rest) -> redirect(status, request.origin() + request.target()));
    }

    /** Redirects without a Location header. */
    public URI withoutLocation(int status) {
        return rule(home, (request, rest) -> Response.empty(status));
    }

    /** Redirects from another port of the same host to the same resource below the API's base address. */
    public synchronized URI toApiFromOtherPort(int status) {
        try {
            TlsServer server = ports.open(router);
            servers.add(server);
            URI other = URI.create("https://localhost:" + server.port());
            return rule(other, (request, rest) -> redirect(status, home + V2Api.BASE + rest));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private URI rule(URI authority, BiFunction<Request, String, Response> rule) {
        String path = PREFIX + (rules.size() + 1) + "/";
        rules.put(path, rule);
        return authority.resolve(path);
    }

    /** Returns the redirect for a request, or null if there is none. */
    Response respond(Request request) {
        String path = request.rawPath();
        int end = path.indexOf('/', PREFIX.length());
        if (!path.startsWith(PREFIX) || end < 0) {
            return null;
        }
        BiFunction<Request, String, Response> rule = rules.get(path.substring(0, end + 1));
        return rule == null ? null : rule.apply(request, request.target().substring(end + 1));
    }

    /** Returns a redirect with an HTML body like that of the service's web server. */
    static Response redirect(int status, String location) {
        return Response.of(
                        status,
                        "text/html; charset=utf-8",
                        "<html><head><title>Object moved</title></head><body>\r\n<h2>Object moved to <a href=\""
                                + location.replace("&", "&amp;").replace("\"", "&quot;")
                                + "\">here</a>.</h2>\r\n</body></html>\r\n")
                .with("Location", location);
    }

    synchronized void close() {
        servers.forEach(TlsServer::close);
        servers.clear();
    }
}
