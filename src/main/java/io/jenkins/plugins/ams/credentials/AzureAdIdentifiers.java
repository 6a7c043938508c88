/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.credentials;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.util.regex.Pattern;

/**
 * The shapes of Azure AD's identifiers. Both go into addresses of the authority, so nothing else may pass as one.
 */
public final class AzureAdIdentifiers {

    private static final Pattern GUID =
            Pattern.compile("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", Pattern.CASE_INSENSITIVE);

    /** At least two labels: {@code common}, {@code organizations} and the like stand for no tenant of one's own. */
    private static final Pattern DOMAIN = Pattern.compile(
            "(?=.{4,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]",
            Pattern.CASE_INSENSITIVE);

    private AzureAdIdentifiers() {}

    /** Whether the text is a GUID as the Azure portal shows it: with hyphens, without braces. */
    public static boolean isGuid(@CheckForNull String text) {
        return text != null && GUID.matcher(text).matches();
    }

    /** Whether the text can name one tenant: a GUID or a domain. */
    public static boolean isTenant(@CheckForNull String text) {
        return isGuid(text) || text != null && DOMAIN.matcher(text).matches();
    }
}
