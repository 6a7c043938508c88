/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.emulator;

import java.util.Optional;

/**
 * Switches of the service side of the emulator. May be changed at any time; the next request sees it. The defaults are
 * what recorded payloads show, or where they show nothing what the AMS REST reference says.
 */
public final class AmsSettings {

    private volatile Form form;
    private volatile DateSpelling dates = DateSpelling.AS_RECORDED;
    private volatile boolean durationsAsDouble;
    private volatile boolean oneClausePerFilter;
    private volatile int maxQueryLength = 2048;

    AmsSettings() {}

    /** The forms of a payload. */
    public enum Form {
        MINIMAL_JSON,
        VERBOSE_JSON,
        ATOM
    }

    /** Answers in this form whatever the client accepts; null to go by the Accept header again. */
    public AmsSettings form(Form forced) {
        form = forced;
        return this;
    }

    Optional<Form> form() {
        return Optional.ofNullable(form);
    }

    /** How dates and times are spelled. */
    public AmsSettings dates(DateSpelling spelling) {
        dates = spelling;
        return this;
    }

    DateSpelling dates() {
        return dates;
    }

    /** Whether RunningDuration is written as {@code 39605.0} instead of {@code 39605}; the service does both. */
    public AmsSettings durationsAsDouble(boolean asDouble) {
        durationsAsDouble = asDouble;
        return this;
    }

    boolean durationsAsDouble() {
        return durationsAsDouble;
    }

    /** Whether a filter of more than one clause is refused with 400; the reference documents single clauses only. */
    public AmsSettings oneClausePerFilter(boolean enabled) {
        oneClausePerFilter = enabled;
        return this;
    }

    boolean oneClausePerFilter() {
        return oneClausePerFilter;
    }

    /**
     * The longest query string, in characters as sent, that is not refused with 400. 2048 if not said: the default of
     * the web server that the service runs on; nothing is documented for the service itself.
     */
    public AmsSettings maxQueryLength(int characters) {
        maxQueryLength = characters;
        return this;
    }

    int maxQueryLength() {
        return maxQueryLength;
    }
}
