/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.credentials;

import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/** The origin of an account's access tokens, which determines the types of credentials that the account supports. */
@Restricted(NoExternalUse.class)
public enum TokenOrigin {
    /** Microsoft Entra ID issues the tokens. */
    AZURE_AD,
    /** <em>Secret text</em> credentials contain the token or a key that the service exchanges for tokens. */
    SECRET_TEXT
}
