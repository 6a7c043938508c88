/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.service;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNotEquals;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertTrue;

import io.jenkins.plugins.ams.service.EndpointPolicy.Violation;
import io.jenkins.plugins.ams.service.v2.AmsV2Service;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.Test;

public class EndpointPolicyTest {

    private final EndpointPolicy policy =
            new EndpointPolicy(AmsV2Service.HOSTS, List.of(" AMS.Example.com ", "localhost", "127.0.0.1", "::1"));

    @Test
    public void allowsTheEndpointsOfEveryCloud() {
        for (String endpoint : List.of(
                "https://account.restv2.westeurope.media.azure.net/api/",
                "https://account.restv2.westeurope.media.azure.net:443/api/",
                "https://ACCOUNT.restv2.WestEurope.Media.Azure.NET/api/",
                "https://media.windows.net/API/",
                "https://media.windows.net",
                "https://media.chinacloudapi.cn/api/",
                "https://account.restv2.chinaeast.media.chinacloudapi.cn/api/",
                "https://account.restv2.usgovvirginia.media.usgovcloudapi.net/api/",
                "https://account.restv2.germanycentral.media.cloudapi.de/api/")) {
            assertEquals(endpoint, Optional.empty(), policy.endpointViolation(URI.create(endpoint)));
            assertEquals(endpoint, Optional.empty(), policy.redirectViolation(URI.create(endpoint)));
        }
    }

    @Test
    public void allowsAdditionalHostsOnAnyPort() {
        for (String endpoint : List.of(
                "https://ams.example.com/api/",
                "https://ams.EXAMPLE.com:8443/api/",
                "https://localhost:12345/api/",
                "https://127.0.0.1:12345/api/",
                "https://[::1]:12345/api/")) {
            assertEquals(endpoint, Optional.empty(), policy.endpointViolation(URI.create(endpoint)));
        }
    }

    @Test
    public void rejectsOtherEndpointsWithAReason() {
        Map<String, Violation> rejected = Map.ofEntries(
                Map.entry("https://evil.com/x.media.azure.net", Violation.UNKNOWN_HOST),
                Map.entry("https://x.media.azure.net.evil.com/api/", Violation.UNKNOWN_HOST),
                Map.entry("https://xmedia.azure.net/api/", Violation.UNKNOWN_HOST),
                Map.entry("https://evil-media.windows.net/api/", Violation.UNKNOWN_HOST),
                Map.entry("https://x.media.azure.net./api/", Violation.UNKNOWN_HOST),
                Map.entry("https://sub.ams.example.com/api/", Violation.UNKNOWN_HOST),
                Map.entry("https://azure.net/api/", Violation.UNKNOWN_HOST),
                Map.entry("https://user@x.media.azure.net/api/", Violation.USER_INFO),
                Map.entry("https://x.media.azure.net@evil.com/api/", Violation.USER_INFO),
                Map.entry("https://x.media.azure.net:x@evil.com/api/", Violation.USER_INFO),
                Map.entry("http://x.media.azure.net/api/", Violation.NOT_HTTPS),
                Map.entry("http://localhost:12345/api/", Violation.NOT_HTTPS),
                Map.entry("file:///etc/passwd", Violation.NOT_HTTPS),
                Map.entry("ftp://x.media.azure.net/", Violation.NOT_HTTPS),
                Map.entry("https://x.media.azure.net:8443/api/", Violation.PORT),
                Map.entry("https://10.0.0.1/api/", Violation.IP_ADDRESS),
                Map.entry("https://127.1/api/", Violation.MALFORMED),
                Map.entry("https://2130706433/api/", Violation.IP_ADDRESS),
                Map.entry("https://[::ffff:127.0.0.1]/api/", Violation.IP_ADDRESS),
                Map.entry("https://[2001:db8::1]:443/api/", Violation.IP_ADDRESS),
                Map.entry("https:///api/", Violation.MALFORMED),
                Map.entry("https:x.media.azure.net", Violation.MALFORMED),
                Map.entry("x.media.azure.net/api/", Violation.MALFORMED),
                Map.entry("//x.media.azure.net/api/", Violation.MALFORMED),
                Map.entry("https://x_y.media.azure.net/api/", Violation.MALFORMED),
                Map.entry("https://x.media.azur\u212a.net/api/", Violation.MALFORMED),
                Map.entry("https://x.media.azure.net/api/?a=b", Violation.QUERY_OR_FRAGMENT),
                Map.entry("https://x.media.azure.net/api/#evil", Violation.QUERY_OR_FRAGMENT));
        rejected.forEach((endpoint, violation) ->
                assertEquals(endpoint, Optional.of(violation), policy.endpointViolation(URI.create(endpoint))));
    }

    /** Covers addresses whose host some resolvers or libraries interpret differently. */
    @Test
    public void rejectsSpoofedHosts() {
        for (String endpoint : List.of(
                "https://x.media.azure.net\u3002evil.example/api/",
                "https://x.media\uff0eazure.net/api/",
                "https://x.m\u0435dia.azure.net/api/",
                "https://x.media.azure.net\u2044.evil.example/api/",
                "https://xn--x-media-azure-net.evil.example/api/",
                "https://x.media.azure.net%2f.evil.example/api/",
                "https://x.media.azure.net%23.evil.example/api/",
                "https://x.media.azure.net;.evil.example/api/",
                "https://x.media.azure.net.:443/api/",
                "https://ams.example.com./api/",
                "https://evil.example/.ams.example.com/api/",
                "https://evil.example/%2e%2e/ams.example.com/api/",
                "https://127.0.0.1.evil.example/api/",
                "https://[::1]evil.example/api/",
                "https://0177.0.0.1/api/",
                "https://[::ffff:7f00:1]/api/")) {
            Optional<URI> address = uri(endpoint);
            assertTrue(
                    endpoint,
                    address.isEmpty()
                            || policy.endpointViolation(address.get()).isPresent()
                                    && policy.redirectViolation(address.get()).isPresent());
        }
    }

    @Test
    public void aPathDoesNotChangeTheHost() {
        for (String path :
                List.of("/..", "/../", "//evil.example/", "/@evil.example/", "/;@evil.example/", "/%2f%2fevil/")) {
            URI endpoint = URI.create("https://x.media.azure.net" + path);
            assertEquals(path, Optional.empty(), policy.endpointViolation(endpoint));
            URI requestUri = URI.create(BaseAddress.of(endpoint) + "Jobs");
            assertEquals(path, "x.media.azure.net", requestUri.getHost());
            assertNull(path, requestUri.getRawUserInfo());
        }
    }

    private static Optional<URI> uri(String text) {
        try {
            return Optional.of(new URI(text));
        } catch (URISyntaxException e) {
            return Optional.empty();
        }
    }

    @Test
    public void followsRedirectsToTheClustersOfOldAccounts() {
        for (String target : List.of(
                "https://wamsbayclus001rest-hs.cloudapp.net/api/",
                "https://wamsbluclus001rest-hs.cloudapp.net/API/Jobs()?$top=1",
                "https://wamsshaclus001rest-hs.chinacloudapp.cn/API/")) {
            assertEquals(target, Optional.empty(), policy.redirectViolation(URI.create(target)));
            assertEquals(
                    target,
                    Optional.of(Violation.UNKNOWN_HOST),
                    policy.endpointViolation(
                            URI.create("https://" + URI.create(target).getHost() + "/api/")));
        }
    }

    @Test
    public void followsNoRedirectToASpoofedCluster() {
        Map<String, Violation> rejected = Map.of(
                "https://evil.cloudapp.net/api/", Violation.UNKNOWN_HOST,
                "https://wamsevilrest-hs.cloudapp.net/api/", Violation.UNKNOWN_HOST,
                "https://wamsbayclus001rest-hs.evil.cloudapp.net/api/", Violation.UNKNOWN_HOST,
                "https://wamsbayclus001rest-hs.cloudapp.net.evil.com/api/", Violation.UNKNOWN_HOST,
                "https://x.wamsbayclus001rest-hs.cloudapp.net/api/", Violation.UNKNOWN_HOST,
                "http://wamsbayclus001rest-hs.cloudapp.net/api/", Violation.NOT_HTTPS,
                "https://wamsbayclus001rest-hs.cloudapp.net:8443/api/", Violation.PORT,
                "https://u@wamsbayclus001rest-hs.cloudapp.net/api/", Violation.USER_INFO);
        rejected.forEach((target, violation) ->
                assertEquals(target, Optional.of(violation), policy.redirectViolation(URI.create(target))));
    }

    @Test
    public void isEqualToAPolicyThatAllowsTheSame() {
        EndpointPolicy policy = new EndpointPolicy(AmsV2Service.HOSTS, Set.of("a.example", "b.example"));
        assertEquals(policy, new EndpointPolicy(AmsV2Service.HOSTS, List.of("b.example", "a.example", "A.example")));
        assertEquals(
                policy.hashCode(), new EndpointPolicy(AmsV2Service.HOSTS, Set.of("a.example", "b.example")).hashCode());
        assertNotEquals(policy, new EndpointPolicy(AmsV2Service.HOSTS, Set.of("a.example")));
    }
}
