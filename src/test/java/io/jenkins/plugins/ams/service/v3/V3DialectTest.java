/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.service.v3;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import io.jenkins.plugins.ams.service.EndpointPolicy;
import io.jenkins.plugins.ams.service.JobId.MalformedJobIdException;
import io.jenkins.plugins.ams.service.TrustedHosts;
import io.jenkins.plugins.ams.service.v2.AmsV2Service;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import org.junit.Test;

public class V3DialectTest {

    private static final String SUBSCRIPTION = "0b5e6c1d-7a3f-4c2e-9d41-6f8a2b3c4d5e";
    private static final String ACCOUNT =
            "/subscriptions/" + SUBSCRIPTION + "/resourceGroups/media/providers/Microsoft.Media/mediaServices/";
    private static final V3Dialect ARM = V3Dialect.resourceManager(SUBSCRIPTION, "media", "ams1");
    private static final V3Dialect MK_IO = V3Dialect.mkIoProject("p1");

    @Test(timeout = 20_000)
    public void rejectsLongIdsQuickly() {
        for (String part : List.of("/transforms/", "/jobs/", "a", "/")) {
            assertThrows(
                    MalformedJobIdException.class,
                    () -> V3Dialect.anyResource().jobId("subscriptions/" + part.repeat(500_000)));
        }
    }

    @Test
    public void readsTheResourceIdOfAJobOfTheAccount() {
        assertEquals(
                "Encode/j-1",
                ARM.jobId(ACCOUNT + "ams1/transforms/Encode/jobs/j-1").value());
        assertEquals(
                "ignoring case, as Azure does",
                "Encode/j-1",
                ARM.jobId((ACCOUNT + "AMS1/Transforms/").toUpperCase() + "Encode/JOBS/j-1")
                        .value());
        assertEquals(
                "without the leading slash",
                "Encode/j-1",
                ARM.jobId(ACCOUNT.substring(1) + "ams1/transforms/Encode/jobs/j-1")
                        .value());
        assertEquals(
                "any account, because MK.IO ignores it",
                "Encode/j-1",
                MK_IO.jobId(ACCOUNT + "whatever/transforms/Encode/jobs/j-1").value());
    }

    @Test
    public void acceptsPastedIds() {
        String job = "Encode/j-1";
        String resource = ACCOUNT + "ams1/transforms/Encode/jobs/j-1";
        for (String text : List.of(
                "'Encode/j-1'",
                "\"Encode/j-1\"",
                "{Encode/j-1}",
                "transforms/Encode/jobs/j-1",
                "/transforms/Encode/jobs/j-1",
                "'" + resource + "'",
                "https://management.azure.com" + resource + "?api-version=2022-07-01",
                "https://management.azure.com:443" + resource + "/",
                "https://rms.example.com/media" + resource,
                "https://portal.azure.com/#@contoso.com/resource" + resource,
                "https://portal.azure.com/#resource" + resource + "?x=1")) {
            assertEquals(text, job, ARM.jobId(text).value());
            assertEquals(text, job, V3Dialect.anyResource().jobId(text).value());
        }
        assertEquals(
                "My encode/j\u00f6b",
                ARM.jobId("https://management.azure.com" + ACCOUNT + "ams1/transforms/My%20encode/jobs/j%C3%B6b")
                        .value());
        assertEquals("My encode/j", ARM.jobId("transforms/My%20encode/jobs/j").value());
        String current = "https://app.mk.io/api/v1/projects/p1/media/transforms/Encode/jobs/j-1";
        String former = "https://api.mk.io/api/ams/s1/transforms/Encode/jobs/j-1";
        assertEquals(job, MK_IO.jobId(current).value());
        assertEquals(job, V3Dialect.mkIoSubscription("s1").jobId(former).value());
        assertEquals(job, V3Dialect.anyMkIo().jobId(current).value());
        assertEquals(job, V3Dialect.anyMkIo().jobId(former).value());
        assertEquals(job, MK_IO.jobId("transforms/Encode/jobs/j-1").value());
    }

    @Test
    public void rejectsUrisWithoutAJobId() {
        String base = "https://management.azure.com" + ACCOUNT + "ams1/transforms/Encode/jobs/";
        for (String text : List.of(
                base,
                base + "j/cancelJob",
                base + "a%2Fb",
                base + "%0Aj",
                base + "%zz",
                "https://management.azure.com/transforms/Encode",
                "ftp://management.azure.com" + ACCOUNT + "ams1/transforms/Encode/jobs/j",
                "https://",
                "transforms/Encode/jobs/",
                "transforms//jobs/j",
                "'Encode/j",
                "\"\"")) {
            for (V3Dialect dialect : List.of(ARM, V3Dialect.anyResource(), MK_IO, V3Dialect.anyMkIo())) {
                assertThrows(text, MalformedJobIdException.class, () -> dialect.jobId(text));
            }
        }
    }

    @Test
    public void rejectsTheUriOfAJobOfAnotherAccount() {
        for (String text : List.of(
                "https://management.azure.com" + ACCOUNT + "ams2/transforms/Encode/jobs/j",
                "https://portal.azure.com/#@contoso.com/resource" + ACCOUNT + "ams2/transforms/Encode/jobs/j")) {
            assertEquals(text, "account", rejection(ARM, text).entity());
        }
        assertEquals(
                "account",
                rejection(MK_IO, "https://app.mk.io/api/v1/projects/p2/media/transforms/Encode/jobs/j")
                        .entity());
        assertEquals(
                "account",
                rejection(MK_IO, "https://api.mk.io/api/ams/s1/transforms/Encode/jobs/j")
                        .entity());
    }

    private static MalformedJobIdException rejection(V3Dialect dialect, String text) {
        return assertThrows(text, MalformedJobIdException.class, () -> dialect.jobId(text));
    }

    @Test
    public void rejectsTheJobOfAnotherAccount() {
        MalformedJobIdException e = assertThrows(
                MalformedJobIdException.class, () -> ARM.jobId(ACCOUNT + "ams2/transforms/Encode/jobs/j-1"));
        assertEquals("account", e.entity());
        assertNull(assertThrows(MalformedJobIdException.class, () -> ARM.jobId("nonsense"))
                .entity());
    }

    @Test
    public void acceptsValidNames() {
        assertEquals(
                "My encode (1)/J\u00f6b #1",
                ARM.jobId("My encode (1)/J\u00f6b #1").value());
        assertEquals("Encode.v2/job_1.a", MK_IO.jobId("Encode.v2/job_1.a").value());
        for (String text : List.of("My encode/j", "-a/j", "a/j-", "a/.", "a/..", "../j")) {
            assertThrows(text, MalformedJobIdException.class, () -> MK_IO.jobId(text));
        }
        for (String text : List.of("a.b/j", " /j", "a/..", "a&b/j", "a+b/j", "<b>/j", "a*/j", "a:b/j")) {
            assertThrows(text, MalformedJobIdException.class, () -> ARM.jobId(text));
        }
    }

    @Test
    public void rejectsNamesInvalidInLinesOrXml() {
        for (String hidden : List.of("\n", "\u001b", "\u2028", "\u202e", "\ud83d", "\ufffe", "\uffff")) {
            assertThrows(MalformedJobIdException.class, () -> ARM.jobId("Encode/a" + hidden + "b"));
            assertThrows(MalformedJobIdException.class, () -> ARM.jobId("En" + hidden + "code/a"));
        }
    }

    @Test
    public void rejectsInvalidAccounts() {
        assertThrows(IllegalArgumentException.class, () -> V3Dialect.resourceManager("x", "media", "ams1"));
        for (String group : new String[] {null, "", "a/b", "a b", "a?", "end."}) {
            assertThrows(
                    group,
                    IllegalArgumentException.class,
                    () -> V3Dialect.resourceManager(SUBSCRIPTION, group, "ams1"));
        }
        for (String account : new String[] {null, "", "ab", "a/b", "ams-1", "x".repeat(25)}) {
            assertThrows(
                    account,
                    IllegalArgumentException.class,
                    () -> V3Dialect.resourceManager(SUBSCRIPTION, "media", account));
        }
        for (String project : new String[] {null, "", "a/b", "..", "a b", "-a", "a?b"}) {
            assertThrows(project, IllegalArgumentException.class, () -> V3Dialect.mkIoProject(project));
            assertThrows(project, IllegalArgumentException.class, () -> V3Dialect.mkIoSubscription(project));
        }
    }

    @Test
    public void trustsOnlyItsServicesHosts() {
        URI arm = URI.create("https://management.azure.com/");
        URI mkIo = URI.create("https://app.mk.io/");
        URI v2 = URI.create("https://a.restv2.westeurope.media.azure.net/api/");
        assertTrue(isAllowed(V3Dialect.RESOURCE_MANAGER_HOSTS, arm));
        assertTrue(isAllowed(V3Dialect.MK_IO_HOSTS, mkIo));
        assertTrue(isAllowed(V3Dialect.MK_IO_HOSTS, URI.create("https://api.mk.io/")));
        assertTrue(isAllowed(AmsV2Service.HOSTS, v2));
        for (TrustedHosts hosts : List.of(V3Dialect.MK_IO_HOSTS, AmsV2Service.HOSTS, TrustedHosts.NONE)) {
            assertFalse(isAllowed(hosts, arm));
        }
        for (TrustedHosts hosts : List.of(V3Dialect.RESOURCE_MANAGER_HOSTS, AmsV2Service.HOSTS, TrustedHosts.NONE)) {
            assertFalse(isAllowed(hosts, mkIo));
        }
        assertFalse(isAllowed(V3Dialect.MK_IO_HOSTS, URI.create("https://evil-app.mk.io/")));
        assertFalse(isAllowed(V3Dialect.MK_IO_HOSTS, URI.create("https://mk.io/")));
    }

    private static boolean isAllowed(TrustedHosts hosts, URI endpoint) {
        EndpointPolicy policy = new EndpointPolicy(hosts, List.of());
        return policy.endpointViolation(endpoint).equals(Optional.empty());
    }
}
