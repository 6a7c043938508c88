/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.build;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** README.md, the other pages of the top level and those in docs: their text, examples, tables and headings. */
public final class Documentation {

    private static final Pattern EXAMPLE =
            Pattern.compile("^```(\\w*)(?: ([\\w-]+))?\n(.*?)^```$", Pattern.DOTALL | Pattern.MULTILINE);
    private static final Pattern HEADING = Pattern.compile("^#{1,6} (.+)$", Pattern.MULTILINE);
    private static final Pattern CODE = Pattern.compile("`([^`\n]+)`");

    private Documentation() {}

    /**
     * A fenced block.
     *
     * @param page where it stands
     * @param language what is said after the fence; empty for what a program prints
     * @param kind what is said behind the language, where that alone does not tell what the example is for; null if nothing
     */
    public record Example(Path page, String language, String kind, String text) {}

    /** All examples in a language and of no special kind, in the order of the pages' names. */
    public static List<Example> examples(String language) throws IOException {
        return examples(language, null);
    }

    /** All examples in a language and of a kind. */
    public static List<Example> examples(String language, String kind) throws IOException {
        return allExamples().stream()
                .filter(example -> example.language().equals(language))
                .filter(example -> kind == null ? example.kind() == null : kind.equals(example.kind()))
                .toList();
    }

    /** All examples. */
    public static List<Example> allExamples() throws IOException {
        List<Example> examples = new ArrayList<>();
        for (Path page : pages()) {
            Matcher matcher = EXAMPLE.matcher(read(page));
            while (matcher.find()) {
                examples.add(new Example(page, matcher.group(1), matcher.group(2), matcher.group(3)));
            }
        }
        return examples;
    }

    /** The pages of the top level and those in docs. */
    public static List<Path> pages() throws IOException {
        List<Path> pages = new ArrayList<>();
        for (Path directory : List.of(Path.of(""), Path.of("docs"))) {
            try (Stream<Path> files = Files.walk(directory, directory.toString().isEmpty() ? 1 : Integer.MAX_VALUE)) {
                files.filter(file -> file.toString().endsWith(".md")).sorted().forEach(pages::add);
            }
        }
        return pages;
    }

    /** The text of a page or another file, with the line ends of Unix wherever it was checked out. */
    public static String read(Path file) throws IOException {
        return Files.readString(file).replace("\r\n", "\n");
    }

    /** The text of a page without its examples. */
    public static String prose(Path page) throws IOException {
        return EXAMPLE.matcher(read(page)).replaceAll("");
    }

    /** What is set as code in a text. */
    public static Set<String> code(String text) {
        Set<String> code = new TreeSet<>();
        Matcher matcher = CODE.matcher(text);
        while (matcher.find()) {
            code.add(matcher.group(1));
        }
        return code;
    }

    /**
     * What is set as code in the first column of the tables that have this heading over it.
     *
     * @param text a page or a section of it
     */
    public static Set<String> firstColumn(String text, String heading) {
        Set<String> code = new TreeSet<>();
        boolean within = false;
        for (String line : text.split("\n")) {
            if (!line.startsWith("|")) {
                within = false;
            } else if (line.startsWith("| " + heading + " |")) {
                within = true;
            } else if (within) {
                code.addAll(code(line.substring(1, line.indexOf('|', 1))));
            }
        }
        return code;
    }

    /** From a heading to the next of any level. */
    public static String section(Path page, String heading) throws IOException {
        String text = read(page);
        Matcher matcher = HEADING.matcher(text);
        while (matcher.find()) {
            if (matcher.group(1).equals(heading)) {
                int start = matcher.end();
                return text.substring(start, matcher.find() ? matcher.start() : text.length());
            }
        }
        throw new IllegalArgumentException(page + " has no section " + heading);
    }

    /** What links may name behind a {@code #}, as GitHub makes it of headings. */
    public static Set<String> anchors(Path page) throws IOException {
        Set<String> anchors = new TreeSet<>();
        Matcher matcher = HEADING.matcher(prose(page));
        while (matcher.find()) {
            anchors.add(matcher.group(1)
                    .toLowerCase()
                    .replaceAll("[^\\p{L}\\p{N} _-]", "")
                    .replace(' ', '-'));
        }
        return anchors;
    }
}
