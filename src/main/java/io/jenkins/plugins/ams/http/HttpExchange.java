/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.http;

import java.io.IOException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodySubscriber;
import java.net.http.HttpTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Pattern;

/**
 * Sends an HTTP request and receives its response, with limits on time and size. {@link HttpRequest#timeout} covers
 * only the time until the headers arrive, so a server that sends the body very slowly could keep the exchange open
 * indefinitely. The timeout that this class enforces covers the entire exchange.
 */
public final class HttpExchange {

    /**
     * Maximum time that a client may take to report that {@link HttpRequest#timeout} has expired. If the client takes
     * longer, the plugin assumes that the client's selector thread has ended, and replaces the client.
     */
    private static final Duration GRACE = Duration.ofSeconds(2);

    /** Matches the JDK's messages for a connection that was closed by the remote host. */
    private static final Pattern CONNECTION_CLOSED = Pattern.compile(
            "received no bytes|connection (was )?(reset|closed)|closed, |EOF|Broken pipe|fixed content-length",
            Pattern.CASE_INSENSITIVE);

    /** Thrown when a response body exceeds the maximum size. */
    public static final class TooLongException extends IOException {

        private static final long serialVersionUID = 1L;

        TooLongException(int maxBytes) {
            super("the response is longer than " + maxBytes + " bytes");
        }
    }

    /**
     * Thrown when a proxy rejects a {@code CONNECT} request. Neither the service nor the token authority has received
     * the actual request, so the HTTP status reveals nothing about the credentials or the job.
     */
    public static final class ProxyRejectionException extends IOException {

        private static final long serialVersionUID = 1L;

        private final int status;

        ProxyRejectionException(int status) {
            super("the proxy responded with HTTP " + status + " and did not connect");
            this.status = status;
        }

        /** Returns the HTTP status code from the proxy, such as 407 if the proxy requires authentication. */
        public int status() {
            return status;
        }
    }

    private HttpExchange() {}

    /**
     * Sends a request without blocking a thread.
     *
     * @param client the client that sends the request. The client must not follow redirects, because it would send all
     *     headers, including the token, to the redirect target
     * @param timeout the maximum time from connecting to the end of the body, excluding the host name lookup by a
     *     {@link DeferredHttpClient}. If the client's selector thread has ended, the exchange may take two seconds
     *     longer
     * @param maxBytes the maximum size of the response body in bytes
     * @return a future that fails with an unwrapped {@link IOException}, such as {@link HttpTimeoutException}, {@link
     *     TooLongException}, or {@link ProxyRejectionException}. The future is completed on a thread of the client's
     *     executor. Canceling the future, or a future derived from it, closes the connection
     */
    public static CompletableFuture<HttpResponse<byte[]>> send(
            HttpClient client, HttpRequest request, Duration timeout, int maxBytes) {
        if (client.followRedirects() != HttpClient.Redirect.NEVER) {
            throw new IllegalArgumentException("the HTTP client must not follow redirects");
        }
        if (client instanceof DeferredHttpClient deferred) {
            CompletableFuture<HttpClient> ready = deferred.clientFor(request.uri())
                    .handle((readyClient, failure) -> {
                        if (failure != null) {
                            throw new CompletionException(transportError(Futures.unwrap(failure)));
                        }
                        return readyClient;
                    });
            return Futures.bare(CancellableFuture.after(ready)
                    .thenCompose(readyClient -> send(readyClient, request, timeout, maxBytes)));
        }
        HttpRequest timedRequest = HttpRequest.newBuilder(request, (name, value) -> true)
                .timeout(timeout)
                .build();
        AtomicBoolean headersReceived = new AtomicBoolean();
        CompletableFuture<HttpResponse<byte[]>> exchange;
        try {
            exchange = client.sendAsync(timedRequest, responseInfo -> {
                headersReceived.set(true);
                return new BoundedBodySubscriber(maxBytes);
            });
        } catch (RuntimeException | Error e) { // thrown, for example, if no thread can be created
            return CompletableFuture.failedFuture(transportError(e));
        }
        CompletableFuture<HttpResponse<byte[]>> result = Futures.bare(CancellableFuture.of(exchange)
                .handle((response, failure) -> checkResponse(response, failure, timeout)));
        Runnable expire = () -> {
            if (result.completeExceptionally(timeoutError(timeout))) {
                exchange.cancel(true); // closes the connection
            }
        };
        Executor executor = client.executor().orElseGet(ForkJoinPool::commonPool);
        runUnlessDone(result, timeout, executor, () -> {
            if (headersReceived.get()) {
                expire.run();
                return;
            }
            runUnlessDone(result, GRACE, executor, () -> {
                if (client instanceof MonitoredHttpClient monitored) {
                    monitored.onUnresponsive(request);
                }
                expire.run();
            });
        });
        return result;
    }

    /** Runs a task after a delay, unless the future has completed by then. */
    private static void runUnlessDone(CompletableFuture<?> future, Duration delay, Executor executor, Runnable task) {
        CompletableFuture<Void> delayed =
                new CompletableFuture<Void>().completeOnTimeout(null, delay.toMillis(), TimeUnit.MILLISECONDS);
        delayed.thenRunAsync(task, executor).exceptionally(failure -> {
            if (!delayed.isCancelled()) {
                task.run(); // the executor rejected the task, and nothing else would complete the future
            }
            return null;
        });
        future.whenComplete((value, failure) -> delayed.cancel(false));
    }

    /**
     * Returns the response, or throws the exception with which the exchange failed. The message for timeouts is
     * replaced with a clearer message. If a proxy rejected the {@code CONNECT} request, the JDK's response is converted
     * to an exception.
     */
    private static HttpResponse<byte[]> checkResponse(
            HttpResponse<byte[]> response, Throwable failure, Duration timeout) {
        if (failure != null) {
            Throwable cause = Futures.unwrap(failure);
            boolean timedOut = cause instanceof HttpTimeoutException && !(cause instanceof HttpConnectTimeoutException);
            throw new CompletionException(timedOut ? timeoutError(timeout) : transportError(cause));
        }
        if (response.body() == null) {
            // A proxy rejected CONNECT. The JDK returns the proxy's response without a body.
            throw new CompletionException(new ProxyRejectionException(response.statusCode()));
        }
        return response;
    }

    /**
     * Wraps failures other than I/O errors and cancellations in an {@link IOException}, so that they are treated as
     * transport errors. An example is a failure that occurs because the controller is short of threads or memory.
     */
    private static Throwable transportError(Throwable failure) {
        return failure instanceof IOException || failure instanceof CancellationException
                ? failure
                : new IOException(
                        "the request could not be sent (" + failure.getClass().getSimpleName() + ")", failure);
    }

    private static HttpTimeoutException timeoutError(Duration timeout) {
        long seconds = timeout.plusMillis(999).toSeconds(); // round up a remaining time such as 29.9 s
        return new HttpTimeoutException("no complete response within " + seconds + " s");
    }

    /** Returns a user-readable description of a transport error. The JDK's own message is often null. */
    public static String reasonOf(Throwable failure) {
        Throwable cause = Futures.unwrap(failure);
        for (Throwable t = cause; t != null; t = t.getCause()) {
            if (t instanceof UnresolvedAddressException || t instanceof UnknownHostException) {
                return "the host name is not known";
            }
        }
        if (cause instanceof IOException
                && CONNECTION_CLOSED.matcher(String.valueOf(cause.getMessage())).find()) {
            return "the connection was closed before the response was complete";
        }
        if (cause.getMessage() != null) {
            return PlainText.line(cause.getMessage(), 300);
        }
        return cause instanceof ConnectException
                ? "cannot connect"
                : cause.getClass().getSimpleName();
    }

    /**
     * Collects a response body, and cancels the transfer when the body exceeds the maximum size, regardless of the
     * {@code Content-Length} header.
     */
    private static final class BoundedBodySubscriber implements BodySubscriber<byte[]> {

        private final BodySubscriber<byte[]> delegate = HttpResponse.BodySubscribers.ofByteArray();
        private final CompletableFuture<byte[]> body = new CompletableFuture<>();
        private final int maxBytes;
        private Flow.Subscription subscription;
        private long bytes;

        BoundedBodySubscriber(int maxBytes) {
            this.maxBytes = maxBytes;
            delegate.getBody().whenComplete((collected, failure) -> Futures.complete(body, collected, failure));
        }

        @Override
        public CompletionStage<byte[]> getBody() {
            return body;
        }

        @Override
        public void onSubscribe(Flow.Subscription newSubscription) {
            subscription = newSubscription;
            delegate.onSubscribe(newSubscription);
        }

        @Override
        public void onNext(List<ByteBuffer> buffers) {
            for (ByteBuffer buffer : buffers) {
                bytes += buffer.remaining();
            }
            if (bytes <= maxBytes) {
                delegate.onNext(buffers);
                return;
            }
            subscription.cancel();
            body.completeExceptionally(new TooLongException(maxBytes));
        }

        @Override
        public void onError(Throwable failure) {
            delegate.onError(failure);
        }

        @Override
        public void onComplete() {
            delegate.onComplete();
        }
    }
}
