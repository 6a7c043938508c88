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
}
