/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.emulator;

import java.io.File;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.Charset;
import java.nio.file.Path;
import java.text.Normalizer;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** What the command lines of the emulator and the demo have in common: system properties, quoting, and encoding. */
public final class CommandLine {

    private static final String PREFIX = "ams.";

    /** Characters that every POSIX shell and cmd.exe leave alone. */
    private static final Pattern PLAIN = Pattern.compile("[\\w./:@%+=,-]+", Pattern.UNICODE_CHARACTER_CLASS);

    /** Quotation marks with the space that French typography puts inside them. */
    private static final Pattern FRENCH_QUOTES = Pattern.compile("\u00ab[\u00a0\u202f]?|[\u00a0\u202f]?\u00bb");

    /** Replacements for French characters other than ASCII letters with accents. */
    private static final Map<String, String> ASCII = Map.of(
            "\u00a0", " ", "\u202f", " ", "\u2019", "'", "\u2018", "'", "\u201c", "\"", "\u201d", "\"", "\u2026", "...",
            "\u2013", "-", "\u0153", "oe");

    private CommandLine() {}

    /**
     * Checks that all system properties with the prefix {@code ams.} are known, so that typing errors are reported.
     *
     * @throws IllegalArgumentException with the unknown and the known names
     */
    public static void requireKnown(Properties properties, Set<String> known) {
        Set<String> unknown = new TreeSet<>(properties.stringPropertyNames());
        unknown.removeIf(name -> !name.startsWith(PREFIX) || known.contains(name));
        if (!unknown.isEmpty()) {
            throw new IllegalArgumentException(
                    "unknown system properties: " + unknown + "; known here: " + new TreeSet<>(known));
        }
    }

    /** Quotes a path for the shell of this system, if it has to be. */
    static String quoted(Path path) {
        String text = path.toString();
        if (PLAIN.matcher(text).matches()) {
            return text;
        }
        return File.separatorChar == '\\' ? '"' + text + '"' : "'" + text.replace("'", "'\\''") + "'";
    }

    /** Returns a consumer that prints lines to standard output, using only characters of the terminal's encoding. */
    public static Consumer<String> out() {
        return printer(System.out, terminal(System.getProperties(), "stdout"));
    }

    /** Returns a consumer that prints lines to standard error, using only characters of the terminal's encoding. */
    static Consumer<String> err() {
        return printer(System.err, terminal(System.getProperties(), "stderr"));
    }

    static Consumer<String> printer(OutputStream stream, Charset terminal) {
        PrintStream out = new PrintStream(stream, true, terminal);
        return line -> out.println(readable(line, terminal));
    }

    /**
     * Returns the terminal's encoding. The name of the system property depends on the Java version.
     *
     * @param stream {@code stdout} or {@code stderr}
     */
    static Charset terminal(Properties properties, String stream) {
        for (String name : List.of(stream + ".encoding", "sun." + stream + ".encoding", "native.encoding")) {
            String encoding = properties.getProperty(name, "");
            if (!encoding.isEmpty() && Charset.isSupported(encoding)) {
                return Charset.forName(encoding);
            }
        }
        return Charset.defaultCharset();
    }

    /**
     * Replaces the characters that a terminal with the given encoding cannot show: letters with accents by letters
     * without, punctuation by ASCII punctuation, and everything else by Java's Unicode escapes.
     */
    static String readable(String text, Charset terminal) {
        if (terminal.newEncoder().canEncode(text)) {
            return text;
        }
        String quoted = terminal.newEncoder().canEncode("\u00ab")
                ? text
                : FRENCH_QUOTES.matcher(text).replaceAll("\"");
        StringBuilder readable = new StringBuilder();
        quoted.codePoints().forEach(point -> {
            String character = Character.toString(point);
            readable.append(terminal.newEncoder().canEncode(character) ? character : substitute(character, terminal));
        });
        return readable.toString();
    }

    private static String substitute(String character, Charset terminal) {
        String plain = ASCII.getOrDefault(character, character);
        String substitute = Normalizer.normalize(plain, Normalizer.Form.NFD).replaceAll("\\p{M}", "");
        return terminal.newEncoder().canEncode(substitute) ? substitute : escape(character);
    }

    private static String escape(String character) {
        return character
                .chars()
                .mapToObj(unit -> String.format("\\u%04x", unit))
                .collect(Collectors.joining());
    }
}
