/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.credentials;

import edu.umd.cs.findbugs.annotations.NonNull;
import java.util.List;
import java.util.stream.Stream;

/** What credentials have to be for, and so of which kinds. */
public enum TokenOrigin {
    /** Azure AD gives out tokens for them. */
    AZURE_AD,
    /** A secret text is the token, or the service gives out tokens for it. */
    SECRET_TEXT,
    /** Any of these, as long as it is not known which. */
    ANY;

    @NonNull
    List<SupportedCredentials<?>> kinds() {
        return switch (this) {
            case AZURE_AD -> SupportedCredentials.all();
            case SECRET_TEXT -> SupportedCredentials.SECRET_TEXTS;
            case ANY ->
                Stream.concat(SupportedCredentials.all().stream(), SupportedCredentials.SECRET_TEXTS.stream())
                        .toList();
        };
    }
}
