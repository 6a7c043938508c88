/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.emulator;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A request in the log, from its arrival on, even if it never receives a response. */
public final class RecordedRequest {

    private final Instant time;
    private final String origin;
    private final String method;
    private final String target;
    private final Map<String, List<String>> headers;
    private final String body;
    private final RequestKind kind;
    private volatile int status;
    private volatile List<String> faults = List.of();

    RecordedRequest(Instant time, Request request, RequestKind kind) {
        this.time = time;
        this.origin = request.origin();
        this.method = request.method();
        this.target = request.target();
        this.headers = request.headers();
        this.body = request.body();
        this.kind = kind;
    }

    /** Returns when the request arrived, according to the emulator's clock. */
    public Instant time() {
        return time;
    }

    /** Returns {@code https://host:port} from the Host header. */
    public String origin() {
        return origin;
    }

    public String method() {
        return method;
    }

    /** Returns the path and query as sent, without decoding them. */
    public String target() {
        return target;
    }

    /** Returns the header values by case-insensitive name. */
    public Map<String, List<String>> headers() {
        return headers;
    }

    /** Returns the first value of a header. */
    public Optional<String> header(String name) {
        List<String> values = headers.get(name);
        return values == null || values.isEmpty() ? Optional.empty() : Optional.of(values.get(0));
    }

    /** Returns the body as UTF-8 text, which is empty if there was none. */
    public String body() {
        return body;
    }

    public RequestKind kind() {
        return kind;
    }

    /** Returns the status of the response, or 0 if there is none yet or the connection was reset. */
    public int status() {
        return status;
    }

    /** The names of the faults that befell it. */
    public List<String> faults() {
        return faults;
    }

    void setFaults(List<String> names) {
        faults = names;
    }

    void setStatus(int code) {
        status = code;
    }

    @Override
    public String toString() {
        return method + " " + target + " " + (status == 0 ? "no response" : status);
    }
}
