/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.build;

import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.Rule;
import org.junit.Test;

/**
 * Messages put what a user or a service named between quotation marks. Whatever stands there was made one plain line of
 * bounded length: a name with a line break forges lines of a console, and one of a megabyte hides what to do.
 */
public class QuotedTextsTest {

    private static final Path RESOURCES = Path.of("src/main/resources");
    private static final Path SOURCES = Path.of("src/main/java");

    private static final Pattern QUOTED = Pattern.compile("''\\{(\\d)}''");

    /** What makes a text fit, by itself or by calling {@code PlainText}. */
    private static final Pattern SANITIZED =
            Pattern.compile("(?:PlainText\\.(?:quoted|line)|JobText\\.name)\\(.*", Pattern.DOTALL);

    @Rule
    public final Problems problems = new Problems();

    @Test
    public void everyQuotedTextIsSanitized() throws Exception {
        Map<String, Set<Integer>> quoting = messagesThatQuote();
        assertTrue(quoting.toString(), quoting.size() > 20);
        Set<String> unused = new TreeSet<>(quoting.keySet());
        for (Path source : files(SOURCES, ".java")) {
            String code = Files.readString(source);
            for (String message : quoting.keySet()) {
                Matcher call = Pattern.compile("Messages\\.(?:" + method(message) + ")\\(")
                        .matcher(code);
                while (call.find()) {
                    unused.remove(message);
                    List<String> arguments = arguments(code, call.end());
                    for (int index : quoting.get(message)) {
                        problems.expect(
                                isSanitized(arguments.get(index), code),
                                source + ": the message " + message + " quotes " + arguments.get(index)
                                        + ". Pass it through PlainText.quoted or PlainText.line");
                    }
                }
            }
        }
        unused.forEach(message -> problems.add("no source below " + SOURCES + " uses the message " + message
                + ". Remove it from Messages*.properties"));
    }

    /** By a call, or by the declaration of a variable in the same file. */
    private static boolean isSanitized(String argument, String code) {
        if (SANITIZED.matcher(argument).matches()) {
            return true;
        }
        Matcher declaration = Pattern.compile("String " + Pattern.quote(argument) + " =\\s*([^;]*);")
                .matcher(code);
        return declaration.find() && SANITIZED.matcher(declaration.group(1)).matches();
    }

    private static Map<String, Set<Integer>> messagesThatQuote() throws IOException {
        Map<String, Set<Integer>> quoting = new TreeMap<>();
        for (Path bundle : files(RESOURCES, "/Messages.properties")) {
            Properties messages = new Properties();
            try (Reader reader = Files.newBufferedReader(bundle, StandardCharsets.ISO_8859_1)) {
                messages.load(reader);
            }
            messages.forEach((key, text) -> QUOTED.matcher((String) text)
                    .results()
                    .forEach(quoted -> quoting.computeIfAbsent((String) key, none -> new TreeSet<>())
                            .add(Integer.parseInt(quoted.group(1)))));
        }
        return quoting;
    }

    /** The name of the method that is generated for a message. */
    private static String method(String key) {
        return Pattern.quote(key.replace('.', '_'));
    }

    /** The arguments of a call, from behind its opening bracket. */
    private static List<String> arguments(String code, int start) {
        List<String> arguments = new ArrayList<>();
        int depth = 0;
        int begin = start;
        for (int at = start; ; at++) {
            char character = code.charAt(at);
            if (depth == 0 && (character == ',' || character == ')')) {
                arguments.add(code.substring(begin, at).strip());
                begin = at + 1;
            }
            if (character == '(') {
                depth++;
            } else if (character == ')' && depth-- == 0) {
                return arguments;
            }
        }
    }

    private static List<Path> files(Path root, String end) throws IOException {
        try (Stream<Path> files = Files.walk(root)) {
            return files.filter(file -> file.toString().endsWith(end)).sorted().toList();
        }
    }
}
