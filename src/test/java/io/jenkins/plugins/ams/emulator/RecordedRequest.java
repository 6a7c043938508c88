/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.emulator;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A request that reached the emulator. Seen from its arrival on, also if it is never answered. */
public final class RecordedRequest {

    private final Instant time;
    private final String origin;
    private final String method;
    private final String target;
    private final Map<String, List<String>> headers;
    private final String body;
    private final RequestKind kind;
    private volatile int status;

    RecordedRequest(Instant time, Request request, RequestKind kind) {
        this.time = time;
        this.origin = request.origin();
        this.method = request.method();
        this.target = request.target();
        this.headers = request.headers();
        this.body = request.body();
        this.kind = kind;
    }

    /** When it arrived, by the emulator's clock. */
    public Instant time() {
        return time;
    }

    /** {@code https://host:port} as the client addressed it, in its Host header. */
    public String origin() {
        return origin;
    }

    public String method() {
        return method;
    }

    /** Path and query exactly as sent, percent-encodings untouched. */
    public String target() {
        return target;
    }

    /** All headers; names in any case. */
    public Map<String, List<String>> headers() {
        return headers;
    }

    /** The first value of a header. */
    public Optional<String> header(String name) {
        List<String> values = headers.get(name);
        return values == null || values.isEmpty() ? Optional.empty() : Optional.of(values.get(0));
    }

    /** The body as UTF-8 text, empty if there was none. */
    public String body() {
        return body;
    }

    public RequestKind kind() {
        return kind;
    }

    /** The status it was answered with; 0 while there is none and for a connection that was reset. */
    public int status() {
        return status;
    }

    void setStatus(int code) {
        status = code;
    }

    @Override
    public String toString() {
        return method + " " + target + " " + (status == 0 ? "unanswered" : status);
    }
}
