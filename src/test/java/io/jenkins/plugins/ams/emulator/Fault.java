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
 * A simulated error and the requests that it affects. By default it affects all requests until it is cleared.
 * Immutable; {@link Faults#inject} activates it.
 *
 * <p>A replacing fault determines the response, and the request is not processed. If there are several, the first one
 * that was injected applies. A modifying fault changes the response after the request was processed. All modifying
 * faults apply, also to the response of a replacing one.
 *
 * <p>Delays are in real time, independent of the emulator's clock.
 */
public final class Fault {

    /** Creates errors in the format of the service or authority that a request is for. */
    interface ErrorFormat {

        /** @param code the error code, or null for the usual code of the status */
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
     * Responds with a status and an error in the format of the service or the authority. 401 means an expired token,
     * and 503 a busy service.
     */
    public static Fault status(int status) {
        return ofReplacement("status " + status, (format, clock) -> format.error(status, null, ErrorTexts.of(status)));
    }

    /** Responds with an error in the format of the service, such as Azure Resource Manager's SubscriptionNotFound. */
    public static Fault error(int status, String code, String message) {
        return ofReplacement("error " + code, (format, clock) -> format.error(status, code, message));
    }

    /** Responds as a gateway in front of the service or the authority. */
    public static Fault gateway(Gateway gateway) {
        return ofReplacement("gateway " + gateway, (format, clock) -> gateway.response());
    }

    /** Rejects a valid token with 401, as if it had expired. */
    public static Fault expiredToken() {
        return status(401);
    }

    /** Resets the connection (TCP RST) without responding. */
    public static Fault reset() {
        return ofReplacement("reset", (format, clock) -> withMode(Response.empty(0), DeliveryMode.RESET));
    }

    /** Closes the connection normally, without responding. */
    public static Fault closed() {
        return ofReplacement("closed", (format, clock) -> withMode(Response.empty(0), DeliveryMode.CLOSED));
    }

    /** Does not respond, and keeps the connection open until the emulator is closed. */
    public static Fault hang() {
        return ofReplacement("hang", (format, clock) -> withMode(Response.empty(0), DeliveryMode.HELD));
    }

    /** Processes the request, but resets the connection instead of responding. */
    public static Fault lostResponse() {
        return ofModification("lost response", response -> withMode(response, DeliveryMode.RESET));
    }

    /** Responds with status 200 and a proxy's HTML page. */
    public static Fault htmlPage() {
        return ofReplacement(
                "HTML page",
                (format, clock) -> Response.of(
                        200,
                        "text/html; charset=utf-8",
                        "<!DOCTYPE html><html><head><title>Sign in</title></head><body><form>Please sign in to the"
                                + " network.</form></body></html>"));
    }

    /** Responds with status 200 and the content type JSON, but with binary data. */
    public static Fault garbage() {
        byte[] bytes = new byte[257];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) (i * 149 + 128);
        }
        return ofReplacement("garbage", (format, clock) -> Response.of(200, "application/json", bytes));
    }

    /** Responds with status 200 and an empty feed in valid JSON, with the given number of padding bytes. */
    public static Fault hugeBody(int bytes) {
        byte[] start = "{\"odata.metadata\":\"x\",\"value\":[],\"padding\":\"".getBytes(StandardCharsets.US_ASCII);
        byte[] body = Arrays.copyOf(start, start.length + bytes + 2);
        Arrays.fill(body, start.length, body.length - 2, (byte) 'x');
        body[body.length - 2] = '"';
        body[body.length - 1] = '}';
        return ofReplacement("huge body", (format, clock) -> Response.of(200, "application/json", body));
    }

    /** Sends the body in pieces with a delay between them. */
    public static Fault slowBody(int pieceBytes, Duration pieceDelay) {
        return ofModification("slow body", response -> {
            Delivery old = response.delivery();
            return response.with(new Delivery(old.mode(), old.latency(), old.keepBytes(), pieceBytes, pieceDelay));
        });
    }

    /** Sends the Content-Length of the whole body, but closes the connection after its first bytes. */
    public static Fault truncatedBody(int keepBytes) {
        return ofModification("truncated body", response -> {
            Delivery old = response.delivery();
            return response.with(
                    new Delivery(old.mode(), old.latency(), keepBytes, old.pieceBytes(), old.pieceDelay()));
        });
    }

    /** Delays the response. Several latencies add up. */
    public static Fault latency(Duration time) {
        return ofModification("latency " + time, response -> {
            Delivery old = response.delivery();
            Duration sum = old.latency().plus(time);
            return response.with(new Delivery(old.mode(), sum, old.keepBytes(), old.pieceBytes(), old.pieceDelay()));
        });
    }

    /** Sends a wrong Content-Type. */
    public static Fault contentType(String type) {
        return ofModification("content type " + type, response -> response.with("Content-Type", type));
    }

    /** Also replaces the body. */
    public Fault body(String contentType, String text) {
        return withChange(
                response -> response.with("Content-Type", contentType).withBody(text.getBytes(StandardCharsets.UTF_8)));
    }

    /** Also adds a header. */
    public Fault header(String header, String value) {
        return withChange(response -> response.with(header, value));
    }

    /** Also adds {@code Retry-After} in seconds. */
    public Fault retryAfter(Duration time) {
        return header("Retry-After", Long.toString(time.toSeconds()));
    }

    /** Also adds {@code Retry-After} as an HTTP date, relative to the emulator's clock. */
    public Fault retryAfterDate(Duration time) {
        if (replacement == null) {
            throw new IllegalStateException("only a replacing fault has access to the clock");
        }
        Draft draft = draft();
        draft.replacement = (format, clock) -> replacement
                .apply(format, clock)
                .with("Retry-After", ErrorTexts.httpDate(clock.instant().plus(time)));
        return new Fault(draft);
    }

    /** Returns the fault with another name, see {@link RecordedRequest#faults}. */
    public Fault named(String other) {
        Draft draft = draft();
        draft.name = other;
        return new Fault(draft);
    }

    /** Limits the fault to requests of these kinds. */
    public Fault on(RequestKind first, RequestKind... additional) {
        Draft draft = draft();
        draft.kinds = EnumSet.of(first, additional);
        return new Fault(draft);
    }

    /** Limits the fault to requests with this job's ID in the URI. */
    public Fault forJob(String jobId) {
        Draft draft = draft();
        draft.jobGuid = Ids.guid(jobId).toLowerCase(Locale.ROOT);
        return new Fault(draft);
    }

    /** Limits the fault to requests with several jobs in the filter. */
    public Fault forBatches() {
        Draft draft = draft();
        draft.batchOnly = true;
        return new Fault(draft);
    }

    /** Limits the fault to the next matching request. */
    public Fault once() {
        return times(1);
    }

    /** Limits the fault to the given number of matching requests. */
    public Fault times(int count) {
        Draft draft = draft();
        draft.times = count;
        return new Fault(draft);
    }

    /** Makes the fault affect each matching request with a probability, reproducibly for the same seed. */
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

    /** Returns the fault and the requests that it affects. */
    String description() {
        return name
                + (kinds.size() == RequestKind.values().length ? "" : ", requests " + kinds)
                + (jobGuid == null ? "" : ", job " + jobGuid)
                + (times == Integer.MAX_VALUE ? ", until the faults are cleared" : ", times " + times)
                + (probability < 1 ? ", probability " + probability + ", seed " + seed : "");
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
