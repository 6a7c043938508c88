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
 * A parameter of a web method exactly as the browser sent it. Web methods take this type in place of {@code String}:
 * Jenkins core registers a converter for {@code String} with Stapler ({@code hudson.util.Secret}) that decrypts every
 * parameter that holds a stored secret, so a method that quotes or examines a {@code String} tells anybody who has read
 * a cipher text in some {@code config.xml} what it stands for.
 *
 * @param text the text; null if the request has no such parameter
 */
@Restricted(NoExternalUse.class)
public record RawParameter(@CheckForNull String text) {

    /** Returns the text without white space around it, or null if nothing is left of it. */
    @CheckForNull
    public String trimmed() {
        String trimmed = orEmpty().trim();
        return trimmed.isEmpty() ? null : trimmed;
    }

    /** Returns the text, which is empty if the request has no such parameter. */
    @NonNull
    public String orEmpty() {
        return text == null ? "" : text;
    }

    /** Creates parameters from the text of a request. Stapler finds this class by its name. */
    public static final class StaplerConverterImpl implements Converter {

        @Override
        public <T> T convert(Class<T> type, Object value) {
            return type.cast(new RawParameter(value == null ? null : value.toString()));
        }
    }
}
