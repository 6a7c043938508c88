/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.build;

import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.Rule;
import org.junit.Test;

/** Whether what {@code docs/security.md} says is held where it says so. */
public class SecurityPageTest {

    private static final Path PAGE = Path.of("docs/security.md");
    private static final Pattern TEST = Pattern.compile("`[A-Z]\\w+\\.\\w+`");
    private static final Pattern CLASS_OR_TEST = Pattern.compile("`([A-Z]\\w+)(?:\\.(\\w+))?`");

    @Rule
    public final Problems problems = new Problems();

    @Test
    public void namesExistingClassesAndTests() throws Exception {
        Map<String, List<Path>> sources = sources();
        Matcher name = CLASS_OR_TEST.matcher(Files.readString(PAGE));
        int tests = 0;
        while (name.find()) {
            List<Path> files = sources.getOrDefault(name.group(1) + ".java", List.of());
            boolean isTest = name.group(2) != null;
            tests += isTest ? 1 : 0;
            if (files.isEmpty()) {
                problems.add(PAGE + ": there is no class " + name.group(1) + ". Correct " + name.group());
            } else if (isTest && !isTest(files, name.group(2))) {
                problems.add(
                        PAGE + ": " + files.get(0) + " has no test " + name.group(2) + ". Correct " + name.group());
            }
        }
        assertTrue(tests > 0);
    }

    /** A promise that no test holds is none. */
    @Test
    public void everyRuleAndAttackHasATest() throws Exception {
        for (String heading : List.of("The rules", "What was tried")) {
            List<String> rows = Documentation.section(PAGE, heading)
                    .lines()
                    .filter(line -> line.startsWith("| "))
                    .skip(1)
                    .toList();
            assertTrue(heading, rows.size() > 5);
            for (String row : rows) {
                String[] cells = row.split("\\|");
                problems.expect(
                        cells.length == 4 && TEST.matcher(cells[3]).find(),
                        "the section " + heading + " of " + PAGE
                                + ": name a test as `Class.method` in the third cell of "
                                + row);
            }
        }
    }

    private static boolean isTest(List<Path> files, String method) throws IOException {
        for (Path file : files) {
            if (Documentation.read(file).contains("@Test\n    public void " + method + "()")) {
                return true;
            }
        }
        return false;
    }

    private static Map<String, List<Path>> sources() throws IOException {
        try (Stream<Path> files = Files.walk(Path.of("src"))) {
            return files.filter(file -> file.toString().endsWith(".java"))
                    .collect(Collectors.groupingBy(file -> file.getFileName().toString()));
        }
    }
}
