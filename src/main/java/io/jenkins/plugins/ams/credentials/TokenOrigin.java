/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.credentials;

import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/** The origin of an account's access tokens, which determines the types of credentials for the account. */
@Restricted(NoExternalUse.class)
public enum TokenOrigin {
    /** Microsoft Entra ID issues the tokens. */
    AZURE_AD,
    /** A secret text is the token, or the service issues tokens for it. */
    SECRET_TEXT
}
