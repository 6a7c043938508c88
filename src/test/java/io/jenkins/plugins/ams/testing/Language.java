/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.testing;

import java.util.Locale;
import org.junit.rules.ExternalResource;

/** Sets the default locale during a test, so that messages do not depend on the machine. */
public final class Language extends ExternalResource {

    private final Locale language;
    private final Locale before = Locale.getDefault();
    private final Locale display = Locale.getDefault(Locale.Category.DISPLAY);
    private final Locale format = Locale.getDefault(Locale.Category.FORMAT);

    private Language(Locale language) {
        this.language = language;
    }

    /** Returns a rule that sets English before each test. */
    public static Language english() {
        return new Language(Locale.ENGLISH);
    }

    /** Switches to another language. */
    public void use(Locale other) {
        Locale.setDefault(other);
    }

    @Override
    protected void before() {
        use(language);
    }

    @Override
    protected void after() {
        Locale.setDefault(before);
        Locale.setDefault(Locale.Category.DISPLAY, display);
        Locale.setDefault(Locale.Category.FORMAT, format);
    }
}
