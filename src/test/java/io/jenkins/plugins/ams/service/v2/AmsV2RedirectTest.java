/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.service.v2;

import static io.jenkins.plugins.ams.service.EmulatedAccount.idOf;
import static io.jenkins.plugins.ams.testing.TestHttp.failureOf;
import static io.jenkins.plugins.ams.testing.TestHttp.get;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import io.jenkins.plugins.ams.emulator.Emulator;
import io.jenkins.plugins.ams.emulator.Fault;
import io.jenkins.plugins.ams.emulator.RecordedRequest;
import io.jenkins.plugins.ams.emulator.Redirects;
import io.jenkins.plugins.ams.emulator.RequestKind;
import io.jenkins.plugins.ams.service.EmulatedAccount;
import io.jenkins.plugins.ams.service.JobId;
import io.jenkins.plugins.ams.service.ServiceException;
import io.jenkins.plugins.ams.service.ServiceException.Kind;
import java.net.URI;
import java.util.List;
import java.util.Set;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;

public class AmsV2RedirectTest {

    @Rule
    public final EmulatedAccount account = new EmulatedAccount();

    private Redirects redirects;
    private JobId id;

    @Before
    public void addJob() {
        redirects = account.emulator().redirects();
        id = idOf(account.addJob());
    }

    @Test
    public void repeatsTheRequestBelowTheNewBase() throws Exception {
        for (int status : new int[] {301, 302, 307, 308}) {
            for (URI endpoint : List.of(redirects.toApi(status), redirects.toApiBase(status))) {
                account.emulator().requests().clear();
                AmsV2Service service = account.serviceAt(endpoint);
                assertEquals(Set.of(id), get(service.jobs(List.of(id))).keySet());
                RecordedRequest redirected =
                        account.emulator().requests().of(RequestKind.OTHER).get(0);
                RecordedRequest followed = account.emulator().requests().last(RequestKind.JOBS);
                assertEquals(status, redirected.status());
                assertEquals(
                        redirected.target().substring(endpoint.getPath().length()),
                        followed.target().substring("/api/".length()));
                assertEquals(redirected.header("Authorization"), followed.header("Authorization"));
            }
        }
    }

    @Test
    public void remembersPermanentRedirects() throws Exception {
        for (int status : new int[] {301, 308}) {
            AmsV2Service service = account.serviceAt(redirects.toApiBase(status));
            get(service.jobs(List.of(id)));
            account.emulator().requests().clear();
            get(service.jobs(List.of(id)));
            get(service.tasks(id));
            assertEquals(0, account.emulator().requests().count(RequestKind.OTHER));
        }
    }

    @Test
    public void doesNotRememberTemporaryRedirects() throws Exception {
        for (int status : new int[] {302, 307}) {
            AmsV2Service service = account.serviceAt(redirects.toApi(status));
            account.emulator().requests().clear();
            get(service.tasks(id));
            get(service.tasks(id));
            assertEquals(2, account.emulator().requests().count(RequestKind.OTHER));
        }
    }

    @Test
    public void returnsToTheEndpointWhenTheTargetIsGone() throws Exception {
        try (Emulator cluster = Emulator.start(account.clock())) {
            AmsV2Service service = account.serviceAt(redirects.to(301, cluster.endpoint()));
            cluster.faults().inject(Fault.status(503).on(RequestKind.TASKS));
            assertEquals(
                    Kind.UNAVAILABLE,
                    failureOf(ServiceException.class, service.tasks(id)).kind());
            cluster.close();
            account.emulator().requests().clear();
            assertEquals(
                    Kind.NO_RESPONSE,
                    failureOf(ServiceException.class, service.tasks(id)).kind());
            assertEquals(0, account.emulator().requests().count(RequestKind.OTHER));
            failureOf(ServiceException.class, service.tasks(id));
            assertEquals(1, account.emulator().requests().count(RequestKind.OTHER));
        }
    }

    @Test
    public void returnsToTheEndpointWhenTheTargetRejects() throws Exception {
        for (int status : new int[] {400, 401, 403, 404}) {
            AmsV2Service service = account.serviceAt(redirects.toApiBase(301));
            get(service.tasks(id));
            account.emulator()
                    .faults()
                    .inject(Fault.status(status).on(RequestKind.TASKS).times(status == 401 ? 2 : 1));
            failureOf(ServiceException.class, service.tasks(id));
            account.emulator().requests().clear();
            get(service.tasks(id));
            assertEquals("HTTP " + status, 1, account.emulator().requests().count(RequestKind.OTHER));
        }
    }

    @Test
    public void followsToAnotherPortOfAnAdditionalHost() throws Exception {
        AmsV2Service service = account.serviceAt(redirects.toApiFromOtherPort(301));
        assertEquals(Set.of(id), get(service.jobs(List.of(id))).keySet());
    }

    @Test
    public void sendsNoTokenToUntrustedHosts() {
        try (Emulator foreign = Emulator.start(account.clock())) {
            int port = foreign.authority().getPort();
            for (String target : List.of(
                    "https://127.0.0.1:" + port + "/api/",
                    "https://[::1]:" + port + "/api/",
                    "http://localhost:" + port + "/api/",
                    "https://localhost@127.0.0.1:" + port + "/api/",
                    "https://localhost.:" + port + "/api/",
                    "https://evil.example.com/api/")) {
                for (int status : new int[] {301, 302, 307, 308}) {
                    AmsV2Service service = account.serviceAt(redirects.to(status, URI.create(target)));
                    ServiceException e = failureOf(ServiceException.class, service.tasks(id));
                    assertEquals(target + ", which may be a portal's", Kind.GATEWAY, e.kind());
                    assertEquals(target, status, e.status());
                }
            }
            assertEquals(0, foreign.requests().count());
        }
    }

    @Test
    public void reportsARejectedRedirect() {
        AmsV2Service service = account.serviceAt(redirects.to(301, URI.create("https://evil.example.com/api/")));
        assertEquals(
                "redirected to evil.example.com, which may not receive the token (UNKNOWN_HOST)",
                failureOf(ServiceException.class, service.tasks(id)).getMessage());
    }

    @Test
    public void limitsRedirects() {
        AmsV2Service service = account.serviceAt(redirects.loop(302));
        ServiceException e = failureOf(ServiceException.class, service.tasks(id));
        assertEquals(Kind.REDIRECT_REJECTED, e.kind());
        assertEquals("redirected too many times", e.getMessage());
        assertEquals(1 + 3, account.emulator().requests().count(RequestKind.OTHER));
    }

    @Test
    public void treatsARedirectWithoutLocationAsInvalid() {
        AmsV2Service service = account.serviceAt(redirects.withoutLocation(301));
        assertEquals(
                Kind.INVALID_RESPONSE,
                failureOf(ServiceException.class, service.tasks(id)).kind());
    }

    @Test
    public void renewsTheTokenAfterARedirect() throws Exception {
        AmsV2Service service = account.serviceAt(redirects.toApi(302));
        get(service.tasks(id));
        account.emulator().azureAd().expireTokens();
        assertEquals(1, get(service.tasks(id)).size());
        assertTrue(get(service.cancel(id)));
    }
}
