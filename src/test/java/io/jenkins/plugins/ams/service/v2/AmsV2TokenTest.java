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
import static org.junit.Assert.assertTrue;

import io.jenkins.plugins.ams.auth.AccessToken;
import io.jenkins.plugins.ams.auth.AuthenticationException;
import io.jenkins.plugins.ams.auth.TokenSource;
import io.jenkins.plugins.ams.emulator.AzureAd.AuthorityError;
import io.jenkins.plugins.ams.emulator.Fault;
import io.jenkins.plugins.ams.emulator.RecordedRequest;
import io.jenkins.plugins.ams.emulator.RequestKind;
import io.jenkins.plugins.ams.service.EmulatedAccount;
import io.jenkins.plugins.ams.service.JobId;
import io.jenkins.plugins.ams.service.MediaTask;
import io.jenkins.plugins.ams.service.RestClient;
import io.jenkins.plugins.ams.service.ServiceException;
import io.jenkins.plugins.ams.service.ServiceException.Kind;
import io.jenkins.plugins.ams.testing.CapturedLog;
import io.jenkins.plugins.ams.testing.ExpectedLog;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;

public class AmsV2TokenTest {

    @Rule
    public final ExpectedLog expected = ExpectedLog.ofMsal4j();

    @Rule
    public final EmulatedAccount account = new EmulatedAccount();

    private JobId id;

    @Before
    public void addJob() {
        id = idOf(account.addJob());
    }

    @Test
    public void renewsAnExpiredTokenAndRepeatsTheRequest() throws Exception {
        get(account.service().tasks(id));
        account.emulator().azureAd().expireTokens();
        account.emulator().requests().clear();
        assertEquals(1, get(account.service().tasks(id)).size());
        assertEquals(1, account.emulator().requests().count(RequestKind.TOKEN));
        List<RecordedRequest> requests = account.emulator().requests().of(RequestKind.TASKS);
        assertEquals(
                List.of(401, 200),
                requests.stream().map(RecordedRequest::status).toList());
        assertEquals(requests.get(0).target(), requests.get(1).target());
    }

    @Test
    public void renewsOnceForConcurrentRejections() throws Exception {
        get(account.service().tasks(id));
        account.emulator().azureAd().expireTokens();
        account.emulator().requests().clear();
        List<CompletableFuture<List<MediaTask>>> calls =
                Stream.generate(() -> account.service().tasks(id)).limit(30).toList();
        for (CompletableFuture<List<MediaTask>> tasks : calls) {
            assertEquals(1, get(tasks).size());
        }
        assertEquals(1, account.emulator().requests().count(RequestKind.TOKEN));
    }

    @Test
    public void failsWhenTheRenewedTokenIsRejected() {
        account.emulator().faults().inject(Fault.expiredToken().on(RequestKind.TASKS));
        ServiceException e = failureOf(ServiceException.class, account.service().tasks(id));
        assertEquals(Kind.UNAUTHORIZED, e.kind());
        assertEquals(401, e.status());
        assertFalse(e.isTransient());
        assertEquals(2, account.emulator().requests().count(RequestKind.TASKS));
        assertEquals(2, account.emulator().requests().count(RequestKind.TOKEN));
    }

    @Test
    public void cancelsAfterARenewal() throws Exception {
        get(account.service().tasks(id));
        account.emulator().azureAd().expireTokens();
        assertTrue(get(account.service().cancel(id)));
    }

    @Test
    public void failsLikeTheAuthority() throws Exception {
        account.emulator().azureAd().fault(AuthorityError.EXPIRED_SECRET);
        AuthenticationException e =
                failureOf(AuthenticationException.class, account.service().tasks(id));
        assertEquals(AuthenticationException.Kind.EXPIRED_SECRET, e.kind());
        assertEquals(
                "no request without a token", 0, account.emulator().requests().count(RequestKind.TASKS));
        account.emulator().azureAd().fault(AuthorityError.NONE);
        get(account.service().tasks(id));
        account.emulator().azureAd().expireTokens().fault(AuthorityError.BUSY);
        AuthenticationException renewal =
                failureOf(AuthenticationException.class, account.service().tasks(id));
        assertTrue(renewal.isTransient());
    }

    @Test
    public void hidesAnEchoedToken() {
        assertEchoIsHidden("the.token-itself");
        assertEchoIsHidden("a.token-longer-than-the-displayed-message".repeat(40));
    }

    private void assertEchoIsHidden(String value) {
        AccessToken token = new AccessToken(value, Instant.MAX);
        TokenSource fixed = new TokenSource() {
            @Override
            public CompletableFuture<AccessToken> token() {
                return CompletableFuture.completedFuture(token);
            }

            @Override
            public CompletableFuture<AccessToken> renew(AccessToken rejected, String claims) {
                return token();
            }
        };
        AmsV2Service service = account.service(account.emulator().endpoint(), fixed, EmulatedAccount.TIMEOUT);
        account.emulator()
                .faults()
                .inject(Fault.status(400)
                        .body("text/plain", "bad header: Bearer " + value + " !")
                        .once());
        assertEquals(
                "bad header: Bearer [token] !",
                failureOf(ServiceException.class, service.tasks(id)).getMessage());
    }

    @Test
    public void logsEachRequestWithoutSecrets() throws Exception {
        try (CapturedLog log = CapturedLog.start()) {
            get(account.service().tasks(id));
            account.emulator().azureAd().expireTokens();
            get(account.service().jobs(List.of(id)));
            account.emulator().faults().inject(Fault.reset().on(RequestKind.CANCEL));
            failureOf(ServiceException.class, account.service().cancel(id));

            List<String> lines = log.messagesOf(RestClient.class);
            assertEquals(lines.toString(), 5, lines.size());
            RecordedRequest first =
                    account.emulator().requests().of(RequestKind.TASKS).get(0);
            String clientRequestId = first.header("x-ms-client-request-id").orElseThrow();
            assertTrue(
                    lines.get(0),
                    lines.get(0)
                            .matches("GET https://localhost:\\d+/api/Jobs\\('.*'\\)/Tasks: HTTP 200 in \\d+ ms"
                                    + " \\(client request id " + clientRequestId + ", request id [0-9a-f-]{36}\\)"));
            assertTrue(lines.get(1), lines.get(1).contains(": HTTP 401 in "));
            assertEquals("The service rejected the access token (401), retrying with a new one", lines.get(2));
            assertTrue(lines.get(4), lines.get(4).contains("/api/CancelJob?jobid='nb%3ajid"));
            assertTrue(lines.get(4), lines.get(4).contains(": no response in "));

            assertFalse(log.text().contains(account.emulator().clientSecret()));
            account.emulator().requests().all().stream()
                    .flatMap(request -> request.header("Authorization").stream())
                    .map(header -> header.substring("Bearer ".length()))
                    .forEach(token -> assertFalse(log.text().contains(token)));
        }
    }
}
