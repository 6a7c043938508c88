/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.service;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNotEquals;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertTrue;

import io.jenkins.plugins.ams.service.EndpointPolicy.Refusal;
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
    public void takesTheEndpointsOfEveryCloud() {
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
            assertEquals(endpoint, Optional.empty(), policy.refusalOfEndpoint(URI.create(endpoint)));
            assertEquals(endpoint, Optional.empty(), policy.refusalOfRedirect(URI.create(endpoint)));
        }
    }

    @Test
    public void takesTheHostsOfTheAdministratorAtAnyPort() {
        for (String endpoint : List.of(
                "https://ams.example.com/api/",
                "https://ams.EXAMPLE.com:8443/api/",
                "https://localhost:12345/api/",
                "https://127.0.0.1:12345/api/",
                "https://[::1]:12345/api/")) {
            assertEquals(endpoint, Optional.empty(), policy.refusalOfEndpoint(URI.create(endpoint)));
        }
    }

    @Test
    public void refusesEverythingElseAndSaysWhy() {
        Map<String, Refusal> refused = Map.ofEntries(
                Map.entry("https://evil.com/x.media.azure.net", Refusal.UNKNOWN_HOST),
                Map.entry("https://x.media.azure.net.evil.com/api/", Refusal.UNKNOWN_HOST),
                Map.entry("https://xmedia.azure.net/api/", Refusal.UNKNOWN_HOST),
                Map.entry("https://evil-media.windows.net/api/", Refusal.UNKNOWN_HOST),
                Map.entry("https://x.media.azure.net./api/", Refusal.UNKNOWN_HOST),
                Map.entry("https://sub.ams.example.com/api/", Refusal.UNKNOWN_HOST),
                Map.entry("https://azure.net/api/", Refusal.UNKNOWN_HOST),
                Map.entry("https://user@x.media.azure.net/api/", Refusal.USER_INFO),
                Map.entry("https://x.media.azure.net@evil.com/api/", Refusal.USER_INFO),
                Map.entry("https://x.media.azure.net:x@evil.com/api/", Refusal.USER_INFO),
                Map.entry("http://x.media.azure.net/api/", Refusal.NOT_HTTPS),
                Map.entry("http://localhost:12345/api/", Refusal.NOT_HTTPS),
                Map.entry("file:///etc/passwd", Refusal.NOT_HTTPS),
                Map.entry("ftp://x.media.azure.net/", Refusal.NOT_HTTPS),
                Map.entry("https://x.media.azure.net:8443/api/", Refusal.PORT),
                Map.entry("https://10.0.0.1/api/", Refusal.IP_ADDRESS),
                Map.entry("https://127.1/api/", Refusal.MALFORMED),
                Map.entry("https://2130706433/api/", Refusal.IP_ADDRESS),
                Map.entry("https://[::ffff:127.0.0.1]/api/", Refusal.IP_ADDRESS),
                Map.entry("https://[2001:db8::1]:443/api/", Refusal.IP_ADDRESS),
                Map.entry("https:///api/", Refusal.MALFORMED),
                Map.entry("https:x.media.azure.net", Refusal.MALFORMED),
                Map.entry("x.media.azure.net/api/", Refusal.MALFORMED),
                Map.entry("//x.media.azure.net/api/", Refusal.MALFORMED),
                Map.entry("https://x_y.media.azure.net/api/", Refusal.MALFORMED),
                Map.entry("https://x.media.azur\u212a.net/api/", Refusal.MALFORMED),
                Map.entry("https://x.media.azure.net/api/?a=b", Refusal.QUERY_OR_FRAGMENT),
                Map.entry("https://x.media.azure.net/api/#evil", Refusal.QUERY_OR_FRAGMENT));
        refused.forEach((endpoint, why) ->
                assertEquals(endpoint, Optional.of(why), policy.refusalOfEndpoint(URI.create(endpoint))));
    }

    /** What some resolver or library takes for another host than the one that is read. */
    @Test
    public void refusesHostsThatLookLikeOthers() {
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
                            || policy.refusalOfEndpoint(address.get()).isPresent()
                                    && policy.refusalOfRedirect(address.get()).isPresent());
        }
    }

    /** The path of an endpoint changes nothing about where requests go. */
    @Test
    public void aPathLeadsToNoOtherHost() {
        for (String path :
                List.of("/..", "/../", "//evil.example/", "/@evil.example/", "/;@evil.example/", "/%2f%2fevil/")) {
            URI endpoint = URI.create("https://x.media.azure.net" + path);
            assertEquals(path, Optional.empty(), policy.refusalOfEndpoint(endpoint));
            URI asked = URI.create(BaseAddress.of(endpoint) + "Jobs");
            assertEquals(path, "x.media.azure.net", asked.getHost());
            assertNull(path, asked.getRawUserInfo());
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
            assertEquals(target, Optional.empty(), policy.refusalOfRedirect(URI.create(target)));
            assertEquals(
                    target,
                    Optional.of(Refusal.UNKNOWN_HOST),
                    policy.refusalOfEndpoint(
                            URI.create("https://" + URI.create(target).getHost() + "/api/")));
        }
    }

    @Test
    public void followsNoRedirectToWhatOnlyLooksLikeACluster() {
        Map<String, Refusal> refused = Map.of(
                "https://evil.cloudapp.net/api/", Refusal.UNKNOWN_HOST,
                "https://wamsevilrest-hs.cloudapp.net/api/", Refusal.UNKNOWN_HOST,
                "https://wamsbayclus001rest-hs.evil.cloudapp.net/api/", Refusal.UNKNOWN_HOST,
                "https://wamsbayclus001rest-hs.cloudapp.net.evil.com/api/", Refusal.UNKNOWN_HOST,
                "https://x.wamsbayclus001rest-hs.cloudapp.net/api/", Refusal.UNKNOWN_HOST,
                "http://wamsbayclus001rest-hs.cloudapp.net/api/", Refusal.NOT_HTTPS,
                "https://wamsbayclus001rest-hs.cloudapp.net:8443/api/", Refusal.PORT,
                "https://u@wamsbayclus001rest-hs.cloudapp.net/api/", Refusal.USER_INFO);
        refused.forEach(
                (target, why) -> assertEquals(target, Optional.of(why), policy.refusalOfRedirect(URI.create(target))));
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
