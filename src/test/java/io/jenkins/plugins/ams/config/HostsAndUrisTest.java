/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.config;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import java.net.URI;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.Test;

public class HostsAndUrisTest {

    @Test
    public void parsesHostsByLineAndComma() {
        assertEquals(
                List.of("a.example", "127.0.0.1", "b.example"),
                HostsAndUris.hosts("  A.example\r\n\n127.0.0.1, b.example;a.EXAMPLE  "));
        assertEquals(List.of(), HostsAndUris.hosts(" \n "));
        assertEquals(List.of(), HostsAndUris.hosts((String) null));
    }

    @Test
    public void skipsEmptyHosts() {
        assertEquals(List.of("a.example"), HostsAndUris.hosts(Arrays.asList(" A.example ", null, "")));
    }

    @Test
    public void acceptsNamesAndIpAddresses() {
        for (String host : List.of("a.example", "localhost", "127.0.0.1", "::1", "[::1]", "[2001:db8::1]", "a-b.c1")) {
            assertTrue(host, HostsAndUris.isHost(host));
        }
    }

    @Test
    public void rejectsMoreThanAHost() {
        for (String host : List.of(
                "https://a.example",
                "a.example/",
                "a.example:8443",
                "*.example",
                ".example",
                "a.example.",
                "user@a.example",
                "a_b.example",
                "[",
                "")) {
            assertFalse(host, HostsAndUris.isHost(host));
        }
    }

    @Test
    public void parsesAnAuthorityUri() {
        assertEquals(
                Optional.of(URI.create("https://login.example")), HostsAndUris.authority(" https://login.example/ "));
        assertEquals(
                Optional.of(URI.create("https://login.example")), HostsAndUris.authority("https://login.example:\t"));
        assertEquals(Optional.of(URI.create("https://[::1]:8443")), HostsAndUris.authority("https://[::1]:8443/"));
        assertEquals(
                Optional.of(URI.create("https://127.0.0.1:8443")), HostsAndUris.authority("HTTPS://127.0.0.1:8443"));
    }

    @Test
    public void rejectsAnInvalidAuthority() {
        for (String address : List.of(
                "",
                "login.example",
                "http://login.example",
                "https://user@login.example",
                "https://login.example/tenant",
                "https://login.example?x",
                "https://login.example#x",
                "https:login.example",
                "https://",
                "https://a b",
                "file:///etc/passwd")) {
            assertEquals(address, Optional.empty(), HostsAndUris.authority(address));
        }
        assertEquals(Optional.empty(), HostsAndUris.authority(null));
    }

    /** The address on the form must unambiguously show the host that receives the secret. */
    @Test
    public void rejectsASpoofedAuthority() {
        for (String address : List.of(
                "https://login.microsoftonline.com@evil.example",
                "https://login.microsoftonline.com:443@evil.example",
                "https://login.microsoftonline.com%40evil.example",
                "https://login.microsoftonline.com\\@evil.example",
                "https://evil.example\\@login.microsoftonline.com",
                "https://login.microsoftonline.com%2eevil.example",
                "https://login.microsoftonline.com%00.evil.example",
                "https://login.microsoftonline.com;.evil.example",
                "https://l\u043egin.microsoftonline.com",
                "https://login.microsoftonline.c\u043em",
                "https://login.microsoftonline\u3002com",
                "https://login\u2024microsoftonline.com",
                "https://\uff4c\uff4f\uff47\uff49\uff4e.example",
                "https://login.microsoftonline.com\u2044.evil.example",
                "https://login.microsoftonline.com\u200b.evil.example",
                "https://login.microsoftonline.com\u202e.evil.example",
                "https://login.microsoftonline.com.",
                "https://xn--lgin-0ye.microsoftonline.com/..",
                "https://login.example/.",
                "https://login.example/..",
                "https://login.example//",
                "https://login.example/;x",
                "https://login.example/%2e%2e",
                "https://login.example\\tenant",
                "https:////login.example",
                "https:///login.example",
                "https:/login.example",
                "https://login.example:0",
                "https://login.example:-1",
                "https://login.example:65536",
                "https://login.example:443:443",
                "https://login.exa\nmple",
                "https://login_1.example",
                "https://-login.example",
                "https://127.1",
                "jar:https://login.example!/")) {
            assertEquals(address, Optional.empty(), HostsAndUris.authority(address));
        }
    }

    @Test
    public void keepsThePunycodeOfAHost() {
        assertEquals(
                Optional.of(URI.create("https://xn--lgin-0ye.microsoftonline.com")),
                HostsAndUris.authority("https://xn--lgin-0ye.microsoftonline.com"));
    }
}
