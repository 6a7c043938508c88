/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.emulator;

import java.util.Optional;

/**
 * The settings of the emulated AMS v2 service, which apply from the next request on. The defaults follow recorded
 * payloads, or otherwise the AMS REST reference. Thread-safe.
 */
public final class AmsSettings {

    private volatile Form form;
    private volatile DateSpelling dates = DateSpelling.AS_RECORDED;
    private volatile boolean durationsAsDouble;
    private volatile boolean oneClausePerFilter;
    private volatile int maxQueryLength = 2048;

    AmsSettings() {}

    /** The payload formats. */
    public enum Form {
        MINIMAL_JSON,
        VERBOSE_JSON,
        ATOM
    }

    /** Sets the format of all responses, or null to follow the Accept header. */
    public AmsSettings form(Form forced) {
        form = forced;
        return this;
    }

    Optional<Form> form() {
        return Optional.ofNullable(form);
    }

    /** Sets the format of dates and times. */
    public AmsSettings dates(DateSpelling spelling) {
        dates = spelling;
        return this;
    }

    DateSpelling dates() {
        return dates;
    }

    /** Sets whether RunningDuration is written as {@code 39605.0} instead of {@code 39605}. The service does both. */
    public AmsSettings durationsAsDouble(boolean asDouble) {
        durationsAsDouble = asDouble;
        return this;
    }

    boolean durationsAsDouble() {
        return durationsAsDouble;
    }

    /** Sets whether filters with several clauses are rejected with 400. The reference documents only single clauses. */
    public AmsSettings oneClausePerFilter(boolean enabled) {
        oneClausePerFilter = enabled;
        return this;
    }

    boolean oneClausePerFilter() {
        return oneClausePerFilter;
    }

    /**
     * Sets the maximum length of the encoded query string in characters. Longer ones are rejected with 400. The default
     * is 2048 as in the service's web server; the limit of the service itself is undocumented.
     */
    public AmsSettings maxQueryLength(int characters) {
        maxQueryLength = characters;
        return this;
    }

    int maxQueryLength() {
        return maxQueryLength;
    }
}
