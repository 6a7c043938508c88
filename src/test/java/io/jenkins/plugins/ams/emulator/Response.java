/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.emulator;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * An answer and the way it is to be delivered. Immutable: a fault makes another one of it.
 *
 * @param status HTTP status
 * @param headers by name
 * @param body may be empty
 * @param delivery how it reaches the client
 */
record Response(int status, Map<String, String> headers, byte[] body, Delivery delivery) {

    /** What happens to the connection. */
    enum DeliveryMode {
        /** The answer is sent. */
        SENT,
        /** The connection is reset (TCP RST) in place of an answer. */
        RESET,
        /** The connection is closed in order, without an answer. */
        CLOSED,
        /** Nothing is ever sent; the connection stays open until the emulator is closed. */
        HELD
    }

    /**
     * @param mode what happens to the connection
     * @param latency how long the answer is held back
     * @param keepBytes the body is cut after so many bytes and the connection closed, while Content-Length promises all
     *     of it; negative to send everything
     * @param pieceBytes the body goes out in pieces of so many bytes; 0 for all at once
     * @param pieceDelay between two pieces
     */
    record Delivery(DeliveryMode mode, Duration latency, long keepBytes, int pieceBytes, Duration pieceDelay) {
        static final Delivery PLAIN = new Delivery(DeliveryMode.SENT, Duration.ZERO, -1, 0, Duration.ZERO);
    }

    static Response of(int status, String contentType, byte[] body) {
        Map<String, String> headers = new LinkedHashMap<>();
        if (contentType != null) {
            headers.put("Content-Type", contentType);
        }
        return new Response(status, headers, body, Delivery.PLAIN);
    }

    static Response of(int status, String contentType, String body) {
        return of(status, contentType, body.getBytes(StandardCharsets.UTF_8));
    }

    static Response empty(int status) {
        return of(status, null, new byte[0]);
    }

    Response with(String header, String value) {
        Map<String, String> newHeaders = new LinkedHashMap<>(headers);
        newHeaders.put(header, value);
        return new Response(status, newHeaders, body, delivery);
    }

    Response with(Delivery other) {
        return new Response(status, headers, body, other);
    }

    Response withBody(byte[] other) {
        return new Response(status, headers, other, delivery);
    }
}
