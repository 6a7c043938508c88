/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.auth;

import static io.jenkins.plugins.ams.testing.TestHttp.failureOf;
import static io.jenkins.plugins.ams.testing.TestHttp.get;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertSame;
import static org.junit.Assert.assertTrue;

import com.microsoft.aad.msal4j.HttpMethod;
import com.microsoft.aad.msal4j.HttpRequest;
import com.microsoft.aad.msal4j.HttpResponse;
import com.microsoft.aad.msal4j.IAuthenticationResult;
import com.microsoft.aad.msal4j.IHttpClient;
import com.microsoft.aad.msal4j.IHttpResponse;
import io.jenkins.plugins.ams.auth.AuthenticationException.Kind;
import io.jenkins.plugins.ams.http.Futures;
import java.lang.reflect.Constructor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import org.junit.Test;

/** Tests that a computation that sends its requests synchronously blocks no thread. */
public class MsalComputationTest {

    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    private final List<String> sent = new ArrayList<>();
    private final CompletableFuture<IHttpResponse> slow = new CompletableFuture<>();
    private int computations;

    @Test
    public void repeatsTheComputationWithEachResponse() throws Exception {
        run(http -> {
            assertEquals(201, send(http, "/discovery"));
            assertEquals(202, send(http, "/token"));
            return null;
        });
        assertEquals(List.of("/discovery", "/token"), sent);
        assertEquals(3, computations);
    }

    @Test
    public void blocksNoThread() throws Exception {
        CompletableFuture<IAuthenticationResult> result = start(http -> {
            send(http, "/slow");
            return null;
        });
        assertEquals(1, computations);
        slow.complete(new HttpResponse().statusCode(200));
        assertNull(get(result));
        assertEquals(2, computations);
    }

    /**
     * MSAL4J caches the result of instance discovery for the entire JVM, so the second computation omits this request.
     */
    @Test
    public void findsAResponseWhenAnEarlierRequestIsOmitted() throws Exception {
        boolean[] discovered = {false};
        run(http -> {
            if (!discovered[0]) {
                assertEquals(201, send(http, "/discovery"));
                discovered[0] = true;
            }
            assertEquals(202, send(http, "/token"));
            return null;
        });
        assertEquals(List.of("/discovery", "/token"), sent);
    }

    @Test
    public void distinguishesEqualRequestsByOrder() throws Exception {
        run(http -> {
            assertEquals(201, send(http, "/challenge"));
            assertEquals(202, send(http, "/challenge"));
            return null;
        });
        assertEquals(2, sent.size());
    }

    @Test
    public void continuesWithoutAResponse() throws Exception {
        run(http -> {
            try {
                send(http, "/broken");
                throw new AssertionError("the request must fail");
            } catch (AuthenticationException e) {
                assertEquals("broken", e.getMessage());
            }
            assertEquals(202, send(http, "/token"));
            return null;
        });
    }

    @Test
    public void failsLikeTheComputation() {
        IllegalStateException failure = new IllegalStateException();
        assertSame(failure, Futures.unwrap(failureOf(Throwable.class, start(http -> {
            send(http, "/token");
            throw failure;
        }))));
        AuthenticationException rejected = AuthenticationException.of(Kind.REJECTED, "no such tenant");
        assertSame(
                rejected,
                failureOf(
                        AuthenticationException.class,
                        MsalComputation.run(
                                http -> {
                                    throw rejected;
                                },
                                this::respond,
                                TIMEOUT)));
    }

    @Test
    public void endsAnEndlessComputation() {
        AuthenticationException e = failureOf(AuthenticationException.class, start(http -> {
            while (true) {
                send(http, "/again");
            }
        }));
        assertTrue(e.isTransient());
        assertEquals("no token from login.example within 4 requests", e.getMessage());
    }

    @Test
    public void rejectsRequestsAfterTheTimeout() {
        AuthenticationException e = failureOf(
                AuthenticationException.class,
                MsalComputation.run(
                        http -> {
                            send(http, "/token");
                            return CompletableFuture.completedFuture(null);
                        },
                        this::respond,
                        Duration.ofSeconds(-1)));
        assertTrue(e.isTransient());
        assertEquals(List.of(), sent);
    }

    private interface Computation {
        IAuthenticationResult with(IHttpClient http) throws Exception;
    }

    private void run(Computation computation) throws Exception {
        assertNull(get(start(computation)));
    }

    private CompletableFuture<IAuthenticationResult> start(Computation computation) {
        return MsalComputation.run(
                http -> {
                    computations++;
                    return computed(() -> computation.with(http));
                },
                this::respond,
                TIMEOUT);
    }

    /** Returns a future with the result or exception of a computation, as MSAL4J does. */
    private static CompletableFuture<IAuthenticationResult> computed(Callable<IAuthenticationResult> computation) {
        try {
            return CompletableFuture.completedFuture(computation.call());
        } catch (Exception | Error e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private CompletableFuture<IHttpResponse> respond(HttpRequest request, Duration timeout) {
        String path = request.url().getPath();
        sent.add(path);
        if (path.equals("/broken")) {
            return CompletableFuture.failedFuture(AuthenticationException.of(Kind.TRANSIENT, "broken"));
        }
        return path.equals("/slow")
                ? slow
                : CompletableFuture.completedFuture(new HttpResponse().statusCode(200 + sent.size()));
    }

    private static int send(IHttpClient http, String path) throws AuthenticationException {
        try {
            return http.send(request("https://login.example" + path)).statusCode();
        } catch (AuthenticationException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /** Creates a request of MSAL4J, whose constructor is not public. */
    private static HttpRequest request(String url) throws ReflectiveOperationException {
        Constructor<HttpRequest> constructor = HttpRequest.class.getDeclaredConstructor(HttpMethod.class, String.class);
        constructor.setAccessible(true);
        return constructor.newInstance(HttpMethod.GET, url);
    }
}
