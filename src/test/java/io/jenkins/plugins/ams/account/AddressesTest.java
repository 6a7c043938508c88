/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.account;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import java.net.URI;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.Test;

public class AddressesTest {

    @Test
    public void readsHostsByLineAndByComma() {
        assertEquals(
                List.of("a.example", "127.0.0.1", "b.example"),
                Addresses.hosts("  A.example\r\n\n127.0.0.1, b.example;a.EXAMPLE  "));
        assertEquals(List.of(), Addresses.hosts(" \n "));
        assertEquals(List.of(), Addresses.hosts((String) null));
    }

    @Test
    public void leavesOutEmptyHosts() {
        assertEquals(List.of("a.example"), Addresses.hosts(Arrays.asList(" A.example ", null, "")));
    }

    @Test
    public void takesNamesAndAddressesAsHosts() {
        for (String host : List.of("a.example", "localhost", "127.0.0.1", "::1", "[::1]", "[2001:db8::1]", "a-b.c1")) {
            assertTrue(host, Addresses.isHost(host));
        }
    }

    @Test
    public void refusesMoreThanAHost() {
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
            assertFalse(host, Addresses.isHost(host));
        }
    }

    @Test
    public void readsTheAddressOfAnAuthority() {
        assertEquals(Optional.of(URI.create("https://login.example")), Addresses.authority(" https://login.example/ "));
        assertEquals(Optional.of(URI.create("https://login.example")), Addresses.authority("https://login.example:\t"));
        assertEquals(Optional.of(URI.create("https://[::1]:8443")), Addresses.authority("https://[::1]:8443/"));
        assertEquals(Optional.of(URI.create("https://127.0.0.1:8443")), Addresses.authority("HTTPS://127.0.0.1:8443"));
    }

    @Test
    public void refusesAnAuthorityThatSecretsMayNotBeSentTo() {
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
            assertEquals(address, Optional.empty(), Addresses.authority(address));
        }
        assertEquals(Optional.empty(), Addresses.authority(null));
    }

    /** Whoever reads the address on the form must read the host that gets the secret. */
    @Test
    public void refusesAnAuthorityThatLooksLikeAnother() {
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
            assertEquals(address, Optional.empty(), Addresses.authority(address));
        }
    }

    @Test
    public void showsAHostOfAnotherAlphabetAsItIsAskedFor() {
        assertEquals(
                Optional.of(URI.create("https://xn--lgin-0ye.microsoftonline.com")),
                Addresses.authority("https://xn--lgin-0ye.microsoftonline.com"));
    }
}
