/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.credentials;

import edu.umd.cs.findbugs.annotations.NonNull;
import java.util.List;
import java.util.stream.Stream;

/** The origin of an account's access tokens, which determines the types of credentials for the account. */
public enum TokenOrigin {
    /** Microsoft Entra ID issues the tokens. */
    AZURE_AD,
    /** A secret text is the token, or the service issues tokens for it. */
    SECRET_TEXT,
    /** The origin is not known, so all types of credentials are accepted. */
    ANY;

    @NonNull
    List<SupportedCredentials<?>> credentialsTypes() {
        return switch (this) {
            case AZURE_AD -> SupportedCredentials.all();
            case SECRET_TEXT -> SupportedCredentials.SECRET_TEXTS;
            case ANY ->
                Stream.concat(SupportedCredentials.all().stream(), SupportedCredentials.SECRET_TEXTS.stream())
                        .toList();
        };
    }
}
