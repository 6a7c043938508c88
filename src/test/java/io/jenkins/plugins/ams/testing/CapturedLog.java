/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.testing;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;

/** Captures all log records of all loggers and levels until it is closed. */
public final class CapturedLog extends Handler implements AutoCloseable {

    private final List<LogRecord> records = new CopyOnWriteArrayList<>();
    private final Logger root = LogManager.getLogManager().getLogger("");
    private final Level before = root.getLevel();
    private final List<Handler> silenced = List.of(root.getHandlers());

    private CapturedLog() {
        setLevel(Level.ALL);
    }

    /** Starts capturing. Records are not written to the console. */
    public static CapturedLog start() {
        CapturedLog log = new CapturedLog();
        log.silenced.forEach(log.root::removeHandler);
        log.root.addHandler(log);
        log.root.setLevel(Level.ALL);
        return log;
    }

    /** Returns all records with their messages, parameters and stack traces, like a log file. */
    public String text() {
        StringWriter text = new StringWriter();
        PrintWriter writer = new PrintWriter(text);
        for (LogRecord record : records) {
            writer.println(record.getLevel() + " " + record.getLoggerName() + " " + formatted(record));
            if (record.getThrown() != null) {
                record.getThrown().printStackTrace(writer);
            }
        }
        return text.toString();
    }

    /** Returns the messages of one logger. */
    public List<String> messagesOf(Class<?> logger) {
        return records.stream()
                .filter(record -> logger.getName().equals(record.getLoggerName()))
                .map(CapturedLog::formatted)
                .toList();
    }

    private static String formatted(LogRecord record) {
        return new SimpleFormatter().formatMessage(record);
    }

    @Override
    public void publish(LogRecord record) {
        records.add(record);
    }

    @Override
    public void flush() {}

    @Override
    public void close() {
        root.setLevel(before);
        root.removeHandler(this);
        silenced.forEach(root::addHandler);
    }
}
