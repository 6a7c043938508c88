/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.service.v2;

import static io.jenkins.plugins.ams.service.EmulatedAccount.idOf;
import static io.jenkins.plugins.ams.testing.TestHttp.failureOf;
import static io.jenkins.plugins.ams.testing.TestHttp.get;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNotEquals;
import static org.junit.Assert.assertTrue;

import io.jenkins.plugins.ams.emulator.AmsSettings.Form;
import io.jenkins.plugins.ams.emulator.Fault;
import io.jenkins.plugins.ams.emulator.Faults;
import io.jenkins.plugins.ams.emulator.RecordedRequest;
import io.jenkins.plugins.ams.emulator.RequestKind;
import io.jenkins.plugins.ams.http.PlainText;
import io.jenkins.plugins.ams.service.EmulatedAccount;
import io.jenkins.plugins.ams.service.JobId;
import io.jenkins.plugins.ams.service.RestClient;
import io.jenkins.plugins.ams.service.ServiceException;
import io.jenkins.plugins.ams.service.ServiceException.Kind;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;

public class AmsV2ErrorsTest {

    @Rule
    public final EmulatedAccount account = new EmulatedAccount();

    private JobId id;

    @Before
    public void addJob() {
        id = idOf(account.addJob());
    }

    @Test
    public void treatsAPageAsNoCancellation() {
        account.emulator().faults().inject(Fault.htmlPage().on(RequestKind.CANCEL));
        ServiceException e = failureOf(ServiceException.class, account.service().cancel(id));
        assertEquals(Kind.INVALID_RESPONSE, e.kind());
    }

    @Test
    public void mapsStatusToKind() {
        Map.ofEntries(
                        Map.entry(400, Kind.CLIENT_ERROR),
                        Map.entry(403, Kind.FORBIDDEN),
                        Map.entry(404, Kind.NOT_FOUND),
                        Map.entry(405, Kind.CLIENT_ERROR),
                        Map.entry(408, Kind.UNAVAILABLE),
                        Map.entry(409, Kind.CLIENT_ERROR),
                        Map.entry(429, Kind.UNAVAILABLE),
                        Map.entry(500, Kind.UNAVAILABLE),
                        Map.entry(501, Kind.UNAVAILABLE),
                        Map.entry(502, Kind.UNAVAILABLE),
                        Map.entry(503, Kind.UNAVAILABLE),
                        Map.entry(504, Kind.UNAVAILABLE))
                .forEach((status, kind) -> {
                    ServiceException e = failure(Fault.status(status));
                    assertEquals(Integer.toString(status), kind, e.kind());
                    assertEquals(status.intValue(), e.status());
                    assertFalse(e.getMessage().isBlank());
                });
    }

    @Test
    public void treats404AsAWrongEndpoint() throws Exception {
        Faults.Injection notFound =
                account.emulator().faults().inject(Fault.status(404).on(RequestKind.JOBS));
        ServiceException e = failureOf(ServiceException.class, account.service().jobs(List.of(id)));
        assertEquals(Kind.ACCOUNT_NOT_FOUND, e.kind());
        notFound.remove();
        JobId unknown = AmsV2JobId.parse("00000000-1500-80c3-a70e-f1e4ff0d4333");
        assertEquals(Map.of(), get(account.service().jobs(List.of(unknown))));
    }

    @Test
    public void recognizesTheServicesRejectionInEveryForm() {
        for (Form form : Form.values()) {
            account.emulator().settings().form(form);
            assertEquals(
                    form.toString(), Kind.FORBIDDEN, failure(Fault.status(403)).kind());
        }
    }

    @Test
    public void showsTheServicesMessageInEveryForm() {
        for (Form form : Form.values()) {
            account.emulator().settings().form(form);
            String text = failure(Fault.status(503)).getMessage();
            assertTrue(text, text.startsWith("Server is busy."));
        }
    }

    @Test
    public void showsExcerptsOfOtherBodies() {
        assertEquals(
                "HTTP 502", failure(Fault.status(502).body("text/plain", "")).getMessage());
        assertEquals(
                "Bad Gateway",
                failure(Fault.status(502).body("text/html", "<html><title>Bad Gateway</title></html>"))
                        .getMessage());
        assertEquals(
                "a [31mb <script>c",
                failure(Fault.status(403).body("text/plain", "a\r\n\u001b[31mb\u0007 <script>c"))
                        .getMessage());
        assertEquals(
                PlainText.MAX_ERROR_LENGTH + 1,
                failure(Fault.status(400).body("text/plain", "x".repeat(10_000)))
                        .getMessage()
                        .length());
    }

    @Test
    public void reportsTheRequestId() {
        ServiceException e = failure(Fault.status(403));
        RecordedRequest request = account.emulator().requests().last(RequestKind.TASKS);
        assertEquals(403, request.status());
        assertTrue(e.requestId().isPresent());
        assertEquals(
                Optional.of("only-this-one"),
                failure(Fault.status(403).header("x-ms-request-id", "only-this-one"))
                        .requestId());
    }

    @Test
    public void readsRetryAfterInBothForms() {
        assertEquals(
                Optional.of(Duration.ofSeconds(36)),
                failure(Fault.status(429).retryAfter(Duration.ofSeconds(36))).retryAfter());
        // relative to the Date of the same response; both have whole seconds
        assertEquals(
                Optional.of(Duration.ofSeconds(90)),
                failure(Fault.status(503).retryAfterDate(Duration.ofSeconds(90)))
                        .retryAfter());
        assertEquals(Optional.empty(), failure(Fault.status(503)).retryAfter());
        assertEquals(
                Optional.of(Duration.ofHours(1)),
                failure(Fault.status(503).retryAfter(Duration.ofDays(9))).retryAfter());
    }

    @Test
    public void treatsALostConnectionAsNoResponse() {
        for (Fault fault : List.of(Fault.reset(), Fault.closed(), Fault.lostResponse(), Fault.truncatedBody(20))) {
            ServiceException e = failure(fault);
            assertEquals(fault.toString(), Kind.NO_RESPONSE, e.kind());
            assertEquals(fault.toString(), 0, e.status());
            assertTrue(fault.toString(), e.isTransient());
            assertFalse(fault.toString(), e.getMessage().isBlank());
        }
    }

    @Test
    public void treatsAnUnreachableServiceAsNoResponse() throws Exception {
        get(account.service().tasks(id));
        account.emulator().close();
        ServiceException e = failureOf(ServiceException.class, account.service().tasks(id));
        assertEquals(Kind.NO_RESPONSE, e.kind());
    }

    @Test
    public void timesOutWithoutResponseOrBody() throws Exception {
        AmsV2Service withShortTimeout =
                account.service(account.emulator().endpoint(), account.tokens(), Duration.ofSeconds(1));
        for (Fault fault : List.of(Fault.hang(), Fault.slowBody(1, Duration.ofMillis(300)))) {
            account.emulator().faults().inject(fault.on(RequestKind.TASKS));
            ServiceException e = failureOf(ServiceException.class, withShortTimeout.tasks(id));
            assertEquals(fault.toString(), Kind.NO_RESPONSE, e.kind());
            assertEquals(fault.toString(), "no complete response within 1 s", e.getMessage());
            account.emulator().faults().clear();
        }
    }

    @Test
    public void readsAFragmentedBody() throws Exception {
        account.emulator().faults().inject(Fault.slowBody(97, Duration.ofMillis(1)));
        assertEquals(1, get(account.service().tasks(id)).size());
    }

    @Test
    public void limitsTheBodySize() throws Exception {
        ServiceException e = failure(Fault.hugeBody(RestClient.MAX_BYTES));
        assertEquals(Kind.INVALID_RESPONSE, e.kind());
        assertEquals("the response is longer than 4194304 bytes", e.getMessage());
        account.emulator().faults().clear();
        account.emulator().faults().inject(Fault.hugeBody(RestClient.MAX_BYTES - 1000));
        assertEquals(List.of(), get(account.service().tasks(id)));
    }

    @Test
    public void treatsUnexpectedBodiesAsInvalidResponses() {
        for (Fault fault : List.of(
                Fault.htmlPage(),
                Fault.garbage(),
                Fault.status(200).body("application/json", "{\"value\":[{\"Id\":"),
                Fault.status(200).body("application/json", "{\"value\":" + "[".repeat(100_000)),
                Fault.status(204).body("text/plain", ""),
                Fault.status(200).body("text/plain", "Server is busy."),
                Fault.status(304))) {
            ServiceException e = failure(fault);
            assertEquals(fault.toString(), Kind.INVALID_RESPONSE, e.kind());
            assertTrue(fault.toString(), e.isTransient());
        }
        account.emulator().faults().clear();
        account.emulator().settings().form(Form.ATOM);
        ServiceException e = failureOf(ServiceException.class, account.service().tasks(id));
        assertEquals(Kind.INVALID_RESPONSE, e.kind());
        assertTrue(e.getMessage(), e.getMessage().startsWith("the response is not JSON (application/atom+xml"));
        assertTrue(e.requestId().isPresent());
    }

    @Test
    public void trustsTheBodyOverTheContentType() throws Exception {
        account.emulator().faults().inject(Fault.contentType("text/html"));
        assertEquals(1, get(account.service().tasks(id)).size());
    }

    @Test
    public void sendsOneCancelRequestDespiteATransientError() {
        for (int status : new int[] {408, 429, 500, 503}) {
            account.emulator().requests().clear();
            account.emulator()
                    .faults()
                    .inject(Fault.status(status).on(RequestKind.CANCEL).once());
            failureOf(ServiceException.class, account.service().cancel(id));
            assertEquals(1, account.emulator().requests().count(RequestKind.CANCEL));
        }
    }

    @Test
    public void reportsNoCancellationWhenTheResponseIsLost() throws Exception {
        account.emulator()
                .faults()
                .inject(Fault.lostResponse().on(RequestKind.CANCEL).once());
        // the JDK's client may repeat the request if a reused connection was closed
        Boolean said = get(account.service().cancel(id).exceptionally(failure -> null));
        assertNotEquals(Boolean.TRUE, said);
        assertFalse("the first request was carried out", get(account.service().cancel(id)));
        assertTrue(account.emulator().requests().count(RequestKind.CANCEL) <= 3);
    }

    private ServiceException failure(Fault fault) {
        account.emulator().faults().clear();
        account.emulator().faults().inject(fault.on(RequestKind.TASKS));
        return failureOf(ServiceException.class, account.service().tasks(id));
    }
}
