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
 * Redirecting addresses, like {@code media.windows.net}, which sent clients on to the cluster of their account. Each
 * method makes another one, to be used as an endpoint; all requests below it are redirected, and are in the log.
 */
public final class Redirects {

    private static final String PREFIX = "/redirect/";

    /** Opens another port, served by the handler. */
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

    /** To the API's base whatever was asked for, as {@code media.windows.net} did with 301 (AMS REST reference). */
    public URI toApiBase(int status) {
        return rule(home, (request, rest) -> redirect(status, home + V2Api.BASE));
    }

    /** To the same resource, below the API's base. */
    public URI toApi(int status) {
        return to(status, home.resolve(V2Api.BASE));
    }

    /** To the same resource below another address, of this emulator or of any other host. */
    public URI to(int status, URI base) {
        return rule(home, (request, rest) -> redirect(status, base + rest));
    }

    /** To itself, for ever. */
    public URI loop(int status) {
        return rule(home, (request, rest) -> redirect(status, request.origin() + request.target()));
    }

    /** Without saying where to: a redirect with no Location. */
    public URI withoutLocation(int status) {
        return rule(home, (request, rest) -> Response.empty(status));
    }

    /** From another port of the same host to the same resource below the API's base. */
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

    /** The redirect for a request; null if it is not for a redirecting address. */
    Response respond(Request request) {
        String path = request.rawPath();
        int end = path.indexOf('/', PREFIX.length());
        if (!path.startsWith(PREFIX) || end < 0) {
            return null;
        }
        BiFunction<Request, String, Response> rule = rules.get(path.substring(0, end + 1));
        return rule == null ? null : rule.apply(request, request.target().substring(end + 1));
    }

    /** The answer of the service's web server, with its HTML body. */
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
