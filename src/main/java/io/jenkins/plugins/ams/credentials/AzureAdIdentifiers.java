/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.credentials;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.util.regex.Pattern;

/**
 * Validates Microsoft Entra ID tenant IDs and GUIDs. Valid strings become part of token requests, so all other strings
 * must be rejected.
 */
final class AzureAdIdentifiers {

    private static final Pattern GUID =
            Pattern.compile("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", Pattern.CASE_INSENSITIVE);

    /**
     * A domain with at least two labels. This excludes {@code common} and {@code organizations}, which do not denote a
     * specific tenant.
     */
    private static final Pattern DOMAIN = Pattern.compile(
            "(?=.{4,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]",
            Pattern.CASE_INSENSITIVE);

    private AzureAdIdentifiers() {}

    /** Returns whether the string is a GUID in the Azure portal's format, with hyphens and without braces. */
    static boolean isGuid(@CheckForNull String text) {
        return text != null && GUID.matcher(text).matches();
    }

    /** Returns whether the string can identify a specific tenant, either as a GUID or as a domain. */
    static boolean isTenant(@CheckForNull String text) {
        return isGuid(text) || text != null && DOMAIN.matcher(text).matches();
    }
}
