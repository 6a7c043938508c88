/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.testing;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.logging.Filter;
import java.util.logging.Handler;
import java.util.logging.LogManager;
import java.util.logging.LogRecord;
import java.util.stream.Stream;
import org.junit.rules.ExternalResource;

/**
 * Keeps the log records that all tests of a class expect off the console, so that only unexpected ones are printed. A
 * test that checks the records uses {@link CapturedLog}, which still receives them.
 */
public final class ExpectedLog extends ExternalResource {

    private static final String MSAL4J = "com.microsoft.aad.msal4j.";

    private final List<String> loggers;
    private final Map<Handler, Filter> before = new LinkedHashMap<>();

    private ExpectedLog(List<String> loggers) {
        this.loggers = loggers;
    }

    /** Expects records of these classes. */
    public static ExpectedLog of(Class<?>... classes) {
        return new ExpectedLog(Stream.of(classes).map(Class::getName).toList());
    }

    /** Expects records of MSAL4J, which logs each rejected token request, and records of these classes. */
    public static ExpectedLog ofMsal4j(Class<?>... classes) {
        return new ExpectedLog(
                Stream.concat(Stream.of(MSAL4J), Stream.of(classes).map(Class::getName))
                        .toList());
    }

    @Override
    protected void before() {
        for (Handler handler : LogManager.getLogManager().getLogger("").getHandlers()) {
            Filter filter = handler.getFilter();
            before.put(handler, filter);
            handler.setFilter(record -> !isExpected(record) && (filter == null || filter.isLoggable(record)));
        }
    }

    @Override
    protected void after() {
        before.forEach(Handler::setFilter);
    }

    private boolean isExpected(LogRecord record) {
        String logger = String.valueOf(record.getLoggerName());
        return loggers.stream().anyMatch(name -> name.endsWith(".") ? logger.startsWith(name) : logger.equals(name));
    }
}
