/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.emulator;

import java.util.Map;

/**
 * Responses of gateways, proxies and similar systems in front of a service or an authority. None has the format of the
 * API's errors, so none is evidence about a job, a credential or an account.
 */
public enum Gateway {
    /** An ingress controller without a route, as during a deployment. */
    INGRESS(404, Type.TEXT, "default backend - 404"),
    /** A web server without the requested page. */
    NO_SUCH_PAGE(404, Type.HTML, page("404 - File or directory not found.", "The resource might have been removed.")),
    /** A stopped web app. */
    STOPPED_WEB_APP(403, Type.HTML, page("Web App - Unavailable", "Error 403 - This web app is stopped.")),
    /** A web application firewall that considers a request an attack. */
    FIREWALL(403, Type.HTML, page("Request Rejected", "The requested URL was rejected. Your support ID is: 4711")),
    /** An API gateway with its own JSON format of errors. */
    API_GATEWAY(403, Type.JSON, "{\"message\":\"Forbidden\"}"),
    /** A web server that rejects a request. */
    BAD_REQUEST(400, Type.HTML, page("400 Bad Request", "Request Header Or Cookie Too Large")),
    /** A web server that rejects a long URI. */
    ADDRESS_TOO_LONG(414, Type.HTML, page("414 Request-URI Too Large", "nginx")),
    /** A reverse proxy that requires users to log in. */
    LOGIN(401, Type.HTML, page("401 Authorization Required", "nginx"), "WWW-Authenticate", "Basic realm=\"staff\""),
    /** A proxy that requires a password. */
    PROXY_LOGIN(407, Type.HTML, page("Proxy Authentication Required", "")),
    /** A server that does not serve the requested host on this connection (RFC 9110). */
    MISDIRECTED(421, Type.TEXT, "Misdirected Request"),
    /** A server that rejects TLS early data, which might be a replay (RFC 8470). */
    TOO_EARLY(425, Type.TEXT, ""),
    /** A web server whose client, another proxy, closed the connection. */
    CLIENT_CLOSED(499, Type.TEXT, ""),
    /** A rate limiter that specifies the retry delay only in the message. */
    RATE_LIMIT(429, Type.JSON, "{\"statusCode\":429,\"message\":\"Rate limit is exceeded. Try again in 3 seconds.\"}"),
    /** A captive portal that leads every request to its own host. */
    SIGN_IN_REDIRECT(
            302, Type.HTML, page("Found", "Please sign in."), "Location", "https://portal.example.com/sign-in?to=x"),
    /** A captive portal (RFC 6585). */
    CAPTIVE_PORTAL(511, Type.HTML, page("Network Authentication Required", "Please sign in to the network.")),
    /** A load balancer whose back end returns an invalid response. */
    BAD_GATEWAY(502, Type.HTML, page("502 Bad Gateway", "nginx")),
    /** A service mesh whose back end resets connections. */
    NO_UPSTREAM(502, Type.TEXT, "upstream connect error or disconnect/reset before headers"),
    /** A content delivery network that cannot reach the server. */
    ORIGIN_UNREACHABLE(523, Type.HTML, page("523: Origin is unreachable", ""));

    /** Content types. */
    private static final class Type {
        private static final String TEXT = "text/plain; charset=utf-8";
        private static final String HTML = "text/html; charset=utf-8";
        private static final String JSON = "application/json";
    }

    private final int status;
    private final String contentType;
    private final String body;
    private final Map<String, String> headers;

    Gateway(int status, String contentType, String body) {
        this(status, contentType, body, Map.of());
    }

    Gateway(int status, String contentType, String body, String header, String value) {
        this(status, contentType, body, Map.of(header, value));
    }

    Gateway(int status, String contentType, String body, Map<String, String> headers) {
        this.status = status;
        this.contentType = contentType;
        this.body = body;
        this.headers = headers;
    }

    /** Returns the HTTP status. */
    public int status() {
        return status;
    }

    Response response() {
        Response result = Response.of(status, contentType, body).with("Via", "1.1 gateway");
        for (Map.Entry<String, String> header : headers.entrySet()) {
            result = result.with(header.getKey(), header.getValue());
        }
        return result;
    }

    private static String page(String title, String text) {
        return "<html>\r\n<head><title>" + title + "</title></head>\r\n<body>\r\n<h1>" + title + "</h1>\r\n<p>" + text
                + "</p>\r\n</body>\r\n</html>\r\n";
    }
}
