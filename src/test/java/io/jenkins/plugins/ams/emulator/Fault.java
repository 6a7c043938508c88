/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.emulator;

import io.jenkins.plugins.ams.emulator.Response.Delivery;
import io.jenkins.plugins.ams.emulator.Response.DeliveryMode;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.UnaryOperator;

/**
 * Something that goes wrong with requests, and with which. Immutable; {@link Faults#inject} puts it to work. Without a
 * word about when, it befalls every request until it is cleared.
 *
 * <p>There are two sorts. A fault that replaces the answer keeps the request from being acted upon, and of several the
 * first that was injected wins. A fault that spoils the answer lets the request be acted upon, and all of them add up,
 * also on a replaced answer.
 *
 * <p>Latencies and pauses are in real time, whatever the emulator's clock says.
 */
public final class Fault {

    /** What a replacing fault may use: the way in which the service or the authority words an error. */
    interface ErrorFormat {

        /** @param code the error's code; null for the usual one of the status */
        Response error(int status, String code, String text);
    }

    private final String name;
    private final BiFunction<ErrorFormat, Clock, Response> replacement;
    private final UnaryOperator<Response> change;
    private final Set<RequestKind> kinds;
    private final String jobGuid;
    private final boolean batchOnly;
    private final int times;
    private final double probability;
    private final long seed;

    private Fault(Draft draft) {
        this.name = draft.name;
        this.replacement = draft.replacement;
        this.change = draft.change;
        this.kinds = draft.kinds;
        this.jobGuid = draft.jobGuid;
        this.batchOnly = draft.batchOnly;
        this.times = draft.times;
        this.probability = draft.probability;
        this.seed = draft.seed;
    }

    /**
     * Answers with a status, in the words and the form of the service or the authority. A 401 is what the service
     * answers to an expired token, a 503 what it answers when it is busy.
     */
    public static Fault status(int status) {
        return ofReplacement("status " + status, (format, clock) -> format.error(status, null, ErrorTexts.of(status)));
    }

    /** Answers with an error in the form of the service, such as Azure Resource Manager's SubscriptionNotFound. */
    public static Fault error(int status, String code, String message) {
        return ofReplacement("error " + code, (format, clock) -> format.error(status, code, message));
    }

    /** What stands in front of the service or the authority answers in its place. */
    public static Fault gateway(Gateway gateway) {
        return ofReplacement("gateway " + gateway, (format, clock) -> gateway.response());
    }

    /** The service refuses the token as if it had expired (401), though it is good. */
    public static Fault expiredToken() {
        return status(401);
    }

    /** Resets the connection (TCP RST) in place of an answer. */
    public static Fault reset() {
        return ofReplacement("reset", (format, clock) -> withMode(Response.empty(0), DeliveryMode.RESET));
    }

    /** Closes the connection in order, without an answer. */
    public static Fault closed() {
        return ofReplacement("closed", (format, clock) -> withMode(Response.empty(0), DeliveryMode.CLOSED));
    }

    /** Never answers; the connection stays open until the emulator is closed. */
    public static Fault hang() {
        return ofReplacement("hang", (format, clock) -> withMode(Response.empty(0), DeliveryMode.HELD));
    }

    /** Acts upon the request, but resets the connection in place of the answer. */
    public static Fault lostResponse() {
        return ofModification("lost answer", response -> withMode(response, DeliveryMode.RESET));
    }

    /** Status 200 and a proxy's HTML page. */
    public static Fault htmlPage() {
        return ofReplacement(
                "HTML page",
                (format, clock) -> Response.of(
                        200,
                        "text/html; charset=utf-8",
                        "<!DOCTYPE html><html><head><title>Sign in</title></head><body><form>Please sign in to the"
                                + " network.</form></body></html>"));
    }

    /** Status 200 and bytes that are neither text nor JSON, under the name of JSON. */
    public static Fault garbage() {
        byte[] bytes = new byte[257];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) (i * 149 + 128);
        }
        return ofReplacement("garbage", (format, clock) -> Response.of(200, "application/json", bytes));
    }

    /** Status 200 and an empty feed in well-formed JSON, with so many bytes of padding before its end. */
    public static Fault hugeBody(int bytes) {
        byte[] start = "{\"odata.metadata\":\"x\",\"value\":[],\"padding\":\"".getBytes(StandardCharsets.US_ASCII);
        byte[] body = Arrays.copyOf(start, start.length + bytes + 2);
        Arrays.fill(body, start.length, body.length - 2, (byte) 'x');
        body[body.length - 2] = '"';
        body[body.length - 1] = '}';
        return ofReplacement("huge body", (format, clock) -> Response.of(200, "application/json", body));
    }

    /** Sends the body in pieces, with a pause between two of them. */
    public static Fault slowBody(int pieceBytes, Duration pieceDelay) {
        return ofModification("slow body", response -> {
            Delivery old = response.delivery();
            return response.with(new Delivery(old.mode(), old.latency(), old.keepBytes(), pieceBytes, pieceDelay));
        });
    }

    /** Promises the whole body in Content-Length, sends its first bytes and closes the connection. */
    public static Fault truncatedBody(int keepBytes) {
        return ofModification("truncated body", response -> {
            Delivery old = response.delivery();
            return response.with(new Delivery(old.mode(), old.latency(), keepBytes, old.pieceBytes(), old.pieceDelay()));
        });
    }

    /** Holds the answer back. Of several latencies the sum. */
    public static Fault latency(Duration time) {
        return ofModification("latency " + time, response -> {
            Delivery old = response.delivery();
            Duration sum = old.latency().plus(time);
            return response.with(new Delivery(old.mode(), sum, old.keepBytes(), old.pieceBytes(), old.pieceDelay()));
        });
    }

    /** Says that the body is of another type than it is. */
    public static Fault contentType(String type) {
        return ofModification("content type " + type, response -> response.with("Content-Type", type));
    }

    /** Another body, after all, for a fault of any sort. */
    public Fault body(String contentType, String text) {
        return withChange(
                response -> response.with("Content-Type", contentType).withBody(text.getBytes(StandardCharsets.UTF_8)));
    }

    /** A header with it. */
    public Fault header(String header, String value) {
        return withChange(response -> response.with(header, value));
    }

    /** {@code Retry-After} in seconds. */
    public Fault retryAfter(Duration time) {
        return header("Retry-After", Long.toString(time.toSeconds()));
    }

    /** {@code Retry-After} as an HTTP-date, so long after the emulator's time of the request. */
    public Fault retryAfterDate(Duration time) {
        if (replacement == null) {
            throw new IllegalStateException("only a fault that replaces the answer knows the time");
        }
        Draft draft = draft();
        draft.replacement = (format, clock) -> replacement
                .apply(format, clock)
                .with("Retry-After", ErrorTexts.httpDate(clock.instant().plus(time)));
        return new Fault(draft);
    }

    /** Requests of these kinds only. */
    public Fault on(RequestKind first, RequestKind... additional) {
        Draft draft = draft();
        draft.kinds = EnumSet.of(first, additional);
        return new Fault(draft);
    }

    /** Requests that name this job only. */
    public Fault forJob(String jobId) {
        Draft draft = draft();
        draft.jobGuid = Ids.guid(jobId).toLowerCase(Locale.ROOT);
        return new Fault(draft);
    }

    /** Requests whose filter asks for several jobs only. */
    public Fault forBatches() {
        Draft draft = draft();
        draft.batchOnly = true;
        return new Fault(draft);
    }

    /** The next request only. */
    public Fault once() {
        return times(1);
    }

    /** The next so many requests only, of those that it may befall. */
    public Fault times(int count) {
        Draft draft = draft();
        draft.times = count;
        return new Fault(draft);
    }

    /** Each request with a probability, by a random sequence that the seed determines. */
    public Fault withProbability(double newProbability, long randomSeed) {
        Draft draft = draft();
        draft.probability = newProbability;
        draft.seed = randomSeed;
        return new Fault(draft);
    }

    boolean matches(Request request, RequestKind kind) {
        return kinds.contains(kind)
                && (!batchOnly || request.target().contains("%20or%20"))
                && (jobGuid == null || request.target().toLowerCase(Locale.ROOT).contains(jobGuid));
    }

    boolean replaces() {
        return replacement != null;
    }

    Response replacement(ErrorFormat format, Clock clock) {
        return change.apply(replacement.apply(format, clock));
    }

    Response modify(Response response) {
        return change.apply(response);
    }

    int times() {
        return times;
    }

    double probability() {
        return probability;
    }

    long seed() {
        return seed;
    }

    @Override
    public String toString() {
        return name;
    }

    private static Response withMode(Response response, DeliveryMode mode) {
        Delivery old = response.delivery();
        return response.with(new Delivery(mode, old.latency(), old.keepBytes(), old.pieceBytes(), old.pieceDelay()));
    }

    private static Fault ofReplacement(String name, BiFunction<ErrorFormat, Clock, Response> replacement) {
        Draft draft = new Draft();
        draft.name = name;
        draft.replacement = replacement;
        return new Fault(draft);
    }

    private static Fault ofModification(String name, UnaryOperator<Response> change) {
        Draft draft = new Draft();
        draft.name = name;
        draft.change = change;
        return new Fault(draft);
    }

    private Fault withChange(UnaryOperator<Response> additional) {
        Draft draft = draft();
        draft.change = response -> additional.apply(change.apply(response));
        return new Fault(draft);
    }

    private Draft draft() {
        Draft draft = new Draft();
        draft.name = name;
        draft.replacement = replacement;
        draft.change = change;
        draft.kinds = kinds;
        draft.jobGuid = jobGuid;
        draft.batchOnly = batchOnly;
        draft.times = times;
        draft.probability = probability;
        draft.seed = seed;
        return draft;
    }

    private static final class Draft {
        private String name;
        private BiFunction<ErrorFormat, Clock, Response> replacement;
        private UnaryOperator<Response> change = UnaryOperator.identity();
        private Set<RequestKind> kinds = EnumSet.allOf(RequestKind.class);
        private String jobGuid;
        private boolean batchOnly;
        private int times = Integer.MAX_VALUE;
        private double probability = 1;
        private long seed;
    }
}
