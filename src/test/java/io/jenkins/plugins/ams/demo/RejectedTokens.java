/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.demo;

import java.util.function.Consumer;
import java.util.logging.Formatter;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;

/**
 * Prints the log messages about requests whose token was rejected, until it is closed. The build console does not contain
 * them, because the plugin requests a new token and repeats the request at once.
 */
final class RejectedTokens extends Handler implements AutoCloseable {

    private final Logger logger = Logger.getLogger("io.jenkins.plugins.ams");
    private final Formatter formatter = new SimpleFormatter();
    private final Consumer<String> out;

    RejectedTokens(Consumer<String> out) {
        this.out = out;
        logger.setLevel(Level.FINE);
        logger.setUseParentHandlers(false);
        logger.addHandler(this);
    }

    @Override
    public void publish(LogRecord entry) {
        String message = formatter.formatMessage(entry);
        if (message.contains(": HTTP 401 ")) {
            out.accept("[log] " + message);
        }
    }

    @Override
    public void flush() {}

    @Override
    public void close() {
        logger.removeHandler(this);
        logger.setUseParentHandlers(true);
        logger.setLevel(null);
    }
}
