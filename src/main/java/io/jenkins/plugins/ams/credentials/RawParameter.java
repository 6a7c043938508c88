/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.credentials;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import org.apache.commons.beanutils.Converter;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/**
 * A web method parameter exactly as the browser sent it. The plugin's web methods use this type instead of {@code
 * String}, because Jenkins core registers a Stapler converter for {@code String} in {@code hudson.util.Secret} that
 * decrypts every parameter that is an encrypted secret. A method that quotes or examines a {@code String} would reveal
 * the secret to anyone who has read the secret's ciphertext in a {@code config.xml}.
 *
 * @param text the value, or null if the request does not contain the parameter
 */
@Restricted(NoExternalUse.class)
public record RawParameter(@CheckForNull String text) {

    /** Returns the value without surrounding white space, or null if the value is blank or missing. */
    @CheckForNull
    public String trimmed() {
        String trimmed = orEmpty().trim();
        return trimmed.isEmpty() ? null : trimmed;
    }

    /** Returns the value, or an empty string if the request does not contain the parameter. */
    @NonNull
    public String orEmpty() {
        return text == null ? "" : text;
    }

    /** Converts request parameters. Stapler finds this class by its name. */
    public static final class StaplerConverterImpl implements Converter {

        @Override
        public <T> T convert(Class<T> type, Object value) {
            return type.cast(new RawParameter(value == null ? null : value.toString()));
        }
    }
}
