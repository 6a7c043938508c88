/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.build;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assume.assumeTrue;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.Rule;
import org.junit.Test;

/**
 * Compares the French troubleshooting page with the English one, whose messages {@link DocumentedPartsTest} checks.
 * French readers must find each message as their console shows it.
 */
public class FrenchTroubleshootingTest {

    private static final Path ENGLISH = Path.of("docs/troubleshooting.md");
    private static final Path FRENCH = Path.of("docs/DEPANNAGE.md");

    private static final Pattern SECTION_START = Pattern.compile("^(?=#{1,6} )", Pattern.MULTILINE);

    /** Code that is translated although it is not a message. */
    private static final Map<String, String> TRANSLATED_CODE = Map.of("transform/job", "transformation/job");

    @Rule
    public final Problems problems = new Problems();

    @Test
    public void thePagesLinkToEachOther() throws Exception {
        expectLink(ENGLISH, "*[Français](DEPANNAGE.md)*");
        expectLink(FRENCH, "*[English](troubleshooting.md)*");
    }

    @Test
    public void hasTheSectionsOfTheEnglishPage() throws Exception {
        if (!haveSameSections()) {
            problems.add(FRENCH + ": add, move, or remove sections until there is one for each section of " + ENGLISH
                    + ", at the same level.\n  English: " + headings(ENGLISH) + "\n  French:  " + headings(FRENCH));
        }
    }

    @Test
    public void quotesTheMessagesInFrench() throws Exception {
        assumeTrue("hasTheSectionsOfTheEnglishPage passes", haveSameSections());
        Map<String, String> translations = translations();
        List<String> english = sections(ENGLISH);
        List<String> french = sections(FRENCH);
        int messages = 0;
        for (int i = 0; i < english.size(); i++) {
            String place = FRENCH + ", section '" + heading(french.get(i)) + "'";
            Set<String> expected = new TreeSet<>();
            Map<String, String> spaced = new TreeMap<>();
            for (String code : Documentation.code(french.get(i))) {
                spaced.put(withPlainSpaces(code), code);
            }
            for (String code : Documentation.code(english.get(i))) {
                String translated = translations.getOrDefault(code, TRANSLATED_CODE.getOrDefault(code, code));
                messages += translations.containsKey(code) ? 1 : 0;
                expected.add(translated);
                String similar = spaced.get(withPlainSpaces(translated));
                if (similar != null && !similar.equals(translated)) {
                    expected.add(similar);
                    problems.add(place + ": in `" + similar
                            + "`, write a no-break space (U+00A0) wherever Messages_fr.properties contains \\u00a0, as in `"
                            + translated + '`');
                } else if (similar == null) {
                    problems.add(place + ": add `" + translated + "`"
                            + (translated.equals(code)
                                    ? ", which the English section contains"
                                    : ", the French for `" + code + "`, where the English section has it"));
                }
            }
            for (String code : Documentation.code(french.get(i))) {
                if (!expected.contains(code)) {
                    problems.add(place + ": correct or remove `" + code + "`. It is neither in the section '"
                            + heading(english.get(i)) + "' of " + ENGLISH
                            + " nor in Messages_fr.properties as the French for anything there");
                }
            }
        }
        assertFalse("messages found: " + messages, messages < 100);
    }

    @Test
    public void hasTheRowsOfTheEnglishPage() throws Exception {
        assumeTrue("hasTheSectionsOfTheEnglishPage passes", haveSameSections());
        Map<String, String> translations = translations();
        List<String> english = sections(ENGLISH);
        List<String> french = sections(FRENCH);
        for (int i = 0; i < english.size(); i++) {
            String place = FRENCH + ", section '" + heading(french.get(i)) + "'";
            List<String> englishRows = rows(english.get(i));
            List<String> frenchRows = rows(french.get(i));
            if (englishRows.size() != frenchRows.size()) {
                problems.add(place + ": its tables have " + frenchRows.size()
                        + " lines. Add or remove rows until it has the " + englishRows.size()
                        + " lines of the section '"
                        + heading(english.get(i)) + "' of " + ENGLISH);
                continue;
            }
            for (int row = 0; row < englishRows.size(); row++) {
                String message = firstCell(englishRows.get(row));
                String expected = translations.get(message);
                String actual = firstCell(frenchRows.get(row));
                if (translations.containsValue(actual) && !actual.equals(expected)) {
                    problems.add(place + ": move the rows into the order of " + ENGLISH + ". In place of `" + actual
                            + "`, there must be " + (expected == null ? message : '`' + expected + '`'));
                }
            }
        }
    }

    private void expectLink(Path page, String link) throws IOException {
        if (Documentation.read(page).lines().limit(3).noneMatch(link::equals)) {
            problems.add(page + ": add the line " + link + " below the title");
        }
    }

    /** Returns the French message for each English message. Ellipses replace the variable text. */
    private Map<String, String> translations() throws IOException {
        Map<String, String> translations = new TreeMap<>();
        try (Stream<Path> files = Files.walk(Path.of("src/main/resources"))) {
            for (Path file :
                    files.filter(path -> path.endsWith("Messages.properties")).toList()) {
                Properties english = properties(file);
                Path frenchFile = file.resolveSibling("Messages_fr.properties");
                Properties french = properties(frenchFile);
                for (String key : english.stringPropertyNames()) {
                    String message = withoutArguments(english.getProperty(key));
                    String translated = withoutArguments(french.getProperty(key, ""));
                    String other = translations.putIfAbsent(message, translated);
                    if (other != null && !other.equals(translated)) {
                        problems.add(frenchFile + ": the same English text, `" + message + "`, is `" + translated
                                + "` in " + key + " and elsewhere `" + other + "`. Use one of them");
                    }
                }
            }
        }
        return translations;
    }

    private static Properties properties(Path file) throws IOException {
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(file)) {
            properties.load(reader);
        }
        return properties;
    }

    private static String withoutArguments(String message) {
        return message.replaceAll("\\{\\d\\}", "…").replace("''", "'");
    }

    /** Replaces no-break spaces, because messages that differ only in these spaces look the same on a console. */
    private static String withPlainSpaces(String message) {
        return message.replace('\u00a0', ' ');
    }

    private static List<String> sections(Path page) throws IOException {
        List<String> sections = List.of(SECTION_START.split(Documentation.prose(page)));
        assertEquals(page + " starts with its title", 0, sections.get(0).indexOf("# "));
        return sections;
    }

    private static String heading(String section) {
        return section.lines().findFirst().orElseThrow().replaceFirst("^#+ ", "");
    }

    private static String headings(Path page) throws IOException {
        return sections(page).stream().map(FrenchTroubleshootingTest::heading).collect(Collectors.joining(" | "));
    }

    private static boolean haveSameSections() throws IOException {
        return levels(ENGLISH).equals(levels(FRENCH));
    }

    private static List<String> levels(Path page) throws IOException {
        return sections(page).stream()
                .map(section -> section.substring(0, section.indexOf(' ')))
                .toList();
    }

    private static List<String> rows(String section) {
        return section.lines().filter(line -> line.startsWith("|")).toList();
    }

    /** Returns the content of a row's first cell without backticks. */
    private static String firstCell(String row) {
        return row.substring(1, row.indexOf('|', 1)).strip().replace("`", "");
    }
}
