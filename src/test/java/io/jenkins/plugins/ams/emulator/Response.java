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
 * An HTTP response and how it is delivered. Immutable: faults create modified copies.
 *
 * @param status the HTTP status
 * @param headers the header values by name
 * @param body the body, which may be empty
 * @param delivery how the response reaches the client
 */
record Response(int status, Map<String, String> headers, byte[] body, Delivery delivery) {

    /** How the connection is used. */
    enum DeliveryMode {
        /** The response is sent. */
        SENT,
        /** The connection is reset (TCP RST) instead of a response. */
        RESET,
        /** The connection is closed normally, without a response. */
        CLOSED,
        /** Nothing is sent, and the connection remains open until the emulator is closed. */
        HELD
    }

    /**
     * How a response is delivered.
     *
     * @param mode how the connection is used
     * @param latency the delay before the response
     * @param keepBytes the number of bytes of the body after which the connection is closed, although Content-Length is
     *     that of the whole body; negative to send everything
     * @param pieceBytes the maximum number of bytes that are sent at once, or 0 for no limit
     * @param pieceDelay the delay between two pieces
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
