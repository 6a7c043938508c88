/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.credentials;

import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import java.util.List;
import org.junit.Test;

public class AzureAdIdentifiersTest {

    private static final String GUID = "0b1f6471-1bf0-4dda-aec3-cb9272f09590";

    @Test
    public void acceptsGuidsAsShownInThePortal() {
        assertTrue(AzureAdIdentifiers.isGuid(GUID));
        assertTrue(AzureAdIdentifiers.isGuid(GUID.toUpperCase()));
    }

    @Test
    public void rejectsInvalidGuids() {
        for (String text : List.of("", " " + GUID, "{" + GUID + "}", GUID.replace("-", ""), GUID + "/", GUID + "\n")) {
            assertFalse(text, AzureAdIdentifiers.isGuid(text));
        }
        assertFalse(AzureAdIdentifiers.isGuid(null));
    }

    @Test
    public void acceptsGuidsAndDomainsAsTenants() {
        for (String text : List.of(
                GUID, "contoso.onmicrosoft.com", "contoso.com", "Contoso-2.co.uk", "xn--p1b6ci4b4b3a.xn--p1ai")) {
            assertTrue(text, AzureAdIdentifiers.isTenant(text));
        }
    }

    @Test
    public void rejectsTenantsThatWouldChangeTheAuthorityUri() {
        for (String text : List.of(
                "",
                "common",
                "organizations",
                "contoso.com/evil",
                "contoso.com?x=1",
                "contoso.com#x",
                "..",
                "../contoso.com",
                "user@contoso.com",
                "contoso.com:8080",
                "contoso.com.",
                "contoso..com",
                "-contoso.com",
                "contoso.com\n",
                "192.0.2.1",
                "%2e%2e.com")) {
            assertFalse(text, AzureAdIdentifiers.isTenant(text));
        }
        assertFalse(AzureAdIdentifiers.isTenant(null));
    }
}
