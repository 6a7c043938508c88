/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.build;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;
import static org.junit.Assume.assumeTrue;

import io.jenkins.plugins.ams.service.EmulatedService;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.Rule;
import org.junit.Test;

/** Whether what the documentation refers to is there, as far as it can be held without a running Jenkins. */
public class DocumentationTest {

    private static final Path README = Path.of("README.md");
    private static final Pattern PROFILE = Pattern.compile("-P(\\w+)");
    private static final Pattern PROPERTY = Pattern.compile("(?:-D|`)((?:ams|soak)\\.[\\w.]+)");
    private static final Pattern LINK = Pattern.compile("\\]\\((?!https?://)([^)#]*)(?:#([^)]*))?\\)");
    private static final Pattern PATH =
            Pattern.compile("(?<![\\w/.<>])(?:src|docs)/[\\w./-]*\\w|\\b[\\w-]+\\.(?:xml|md)\\b");
    private static final Pattern CLASS = Pattern.compile("[A-Z][a-z0-9]+(?:[A-Z][A-Za-z0-9]*)+");
    private static final Pattern DECLARED = Pattern.compile(
            "\\b(?:class|interface|record|enum) (\\w+)\\b|^import [\\w.]*\\.(\\w+);", Pattern.MULTILINE);

    /** What GitHub and people read in a language, and what a test runs, loads or checks. */
    private static final List<String> LANGUAGES = List.of("", "groovy", "sh", "yaml", "java");

    @Rule
    public final Problems problems = new Problems();

    @Test
    public void readmeStartsWithTheCommandsForAFreshMachine() throws Exception {
        List<String> commands = Documentation.examples("sh").stream()
                .filter(example -> example.page().equals(README))
                .map(example -> example.text().strip())
                .toList();
        assertEquals("mvn -B -ntp -f pom-central.xml verify", commands.get(0));
        assertEquals("mvn -q -B -ntp -f pom-central.xml -Pdemo", commands.get(1));
        assertTrue(Files.readString(Path.of(".ci/run")).contains(commands.get(0)));
    }

    /** AMS v2, which no public service offers, must not be the first example again. */
    @Test
    public void readmeStartsWithAServiceThatRunsAndATimeout() throws Exception {
        for (Path page : List.of(README, Path.of("docs/LISEZMOI.md"))) {
            problems.expect(
                    first(page, "yaml").contains("mkIo:"),
                    page + ": the first YAML example must be an account with mkIo:");
            problems.expect(
                    first(page, "groovy").contains("timeout: "),
                    page + ": the first Pipeline example must have the parameter timeout:");
        }
    }

    @Test
    public void namesExistingProfiles() throws Exception {
        String pom = Files.readString(Path.of("pom-central.xml"));
        int profiles = 0;
        for (Documentation.Example example : Documentation.examples("sh")) {
            Matcher profile = PROFILE.matcher(example.text());
            while (profile.find()) {
                profiles++;
                problems.expect(
                        pom.contains("<id>" + profile.group(1) + "</id>"),
                        example.page() + ": pom-central.xml has no profile " + profile.group(1)
                                + ". Correct the command with " + profile.group());
            }
        }
        assertTrue(profiles > 0);
    }

    @Test
    public void namesExistingSystemProperties() throws Exception {
        String sources = sources();
        Set<String> named = new TreeSet<>();
        for (Path page : Documentation.pages()) {
            Matcher property = PROPERTY.matcher(Documentation.read(page));
            while (property.find()) {
                named.add(property.group(1));
                problems.expect(
                        sources.contains('"' + property.group(1) + '"'),
                        page + ": no source below src reads the system property " + property.group(1)
                                + ". Correct or remove it");
            }
        }
        assertTrue(named.toString(), named.size() > 3);
    }

    @Test
    public void namesEveryApiOfSoakAndBenchmark() throws Exception {
        for (Path page : List.of(Path.of("CONTRIBUTING.md"), Path.of("docs/performance.md"))) {
            Set<String> named = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
            named.addAll(Documentation.code(Documentation.prose(page)));
            for (EmulatedService api : EmulatedService.values()) {
                String name = api.name().replace("_", "");
                problems.expect(named.contains(name), page + ": add the API " + api + " to the values of its property");
            }
        }
    }

    @Test
    public void linksToExistingFilesAndHeadings() throws Exception {
        for (Path page : Documentation.pages()) {
            Matcher link = LINK.matcher(Documentation.prose(page));
            while (link.find()) {
                Path target = link.group(1).isEmpty() ? page : resolve(page, link.group(1));
                if (!Files.exists(target)) {
                    problems.add(
                            page + ": the link " + link.group() + " leads to " + target + ", which does not exist");
                } else if (link.group(2) != null) {
                    Set<String> anchors = Documentation.anchors(target);
                    problems.expect(
                            anchors.contains(link.group(2)),
                            page + ": " + target + " has no heading #" + link.group(2) + ". Its headings are "
                                    + anchors);
                }
            }
        }
    }

    @Test
    public void everyPageIsLinkedFromReadme() throws Exception {
        Set<Path> reached = new TreeSet<>(Set.of(README));
        Deque<Path> toRead = new ArrayDeque<>(reached);
        while (!toRead.isEmpty()) {
            Path page = toRead.pop();
            Matcher link = LINK.matcher(Documentation.prose(page));
            while (link.find()) {
                Path target = link.group(1).isEmpty() ? page : resolve(page, link.group(1));
                if (target.toString().endsWith(".md") && Files.exists(target) && reached.add(target)) {
                    toRead.add(target);
                }
            }
        }
        for (Path page : Documentation.pages()) {
            problems.expect(
                    reached.contains(page),
                    page + ": add a link to it in README.md or in a page that README.md links to");
        }
    }

    @Test
    public void everyImageIsUsed() throws Exception {
        String pages = text(Documentation.pages());
        try (Stream<Path> pictures = Files.list(Path.of("docs/images"))) {
            pictures.sorted()
                    .filter(picture -> !pages.contains("images/" + picture.getFileName() + ")"))
                    .forEach(picture -> problems.add(picture + ": show it on a page, or delete it"));
        }
    }

    @Test
    public void namesExistingFiles() throws Exception {
        for (Path page : Documentation.pages()) {
            for (String code : Documentation.code(Documentation.prose(page))) {
                Matcher path = PATH.matcher(code);
                if (path.matches() && !code.startsWith("target/")) {
                    problems.expect(
                            Files.exists(Path.of(code)) || Files.exists(page.resolveSibling(code)),
                            page + ": the file `" + code + "` does not exist. Correct its path");
                }
            }
        }
    }

    /** Of the plugin, or of what it or its tests are built on, as the developers' pages name them. */
    @Test
    public void namesExistingClasses() throws Exception {
        Set<String> declared = new TreeSet<>();
        Matcher name = DECLARED.matcher(sources());
        while (name.find()) {
            declared.add(name.group(1) == null ? name.group(2) : name.group(1));
        }
        for (Path page : List.of(Path.of("docs/architecture.md"), Path.of("docs/emulator.md"))) {
            int classes = 0;
            for (String code : Documentation.code(Documentation.prose(page))) {
                if (CLASS.matcher(code).matches()) {
                    classes++;
                    problems.expect(
                            declared.contains(code),
                            page + ": no source below src declares or imports `" + code + "`. Correct its name");
                }
            }
            assertTrue(page.toString(), classes > 3);
        }
    }

    @Test
    public void examplesUseTestedLanguages() throws Exception {
        for (Documentation.Example example : Documentation.allExamples()) {
            problems.expect(
                    LANGUAGES.contains(example.language()),
                    example.page() + ": no test checks examples in the language '" + example.language() + "', such as "
                            + example.text().lines().findFirst().orElse("") + ". Use one of " + LANGUAGES
                            + ", or add a test");
        }
    }

    @Test
    public void commandsAreValidShell() throws Exception {
        assumeTrue("there is a shell", File.separatorChar == '/');
        for (Documentation.Example example : Documentation.examples("sh")) {
            Process shell =
                    new ProcessBuilder("sh", "-n").redirectErrorStream(true).start();
            try (OutputStream in = shell.getOutputStream()) {
                in.write(example.text().getBytes(StandardCharsets.UTF_8));
            }
            String error = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            problems.expect(
                    shell.waitFor() == 0,
                    example.page() + ": the shell rejects this example: " + error.strip() + "\n" + example.text());
        }
    }

    private static String first(Path page, String language) throws IOException {
        return Documentation.examples(language).stream()
                .filter(example -> example.page().equals(page))
                .findFirst()
                .orElseThrow()
                .text();
    }

    private static Path resolve(Path page, String link) {
        return page.resolveSibling(link).normalize();
    }

    private static String sources() throws IOException {
        try (Stream<Path> files = Files.walk(Path.of("src"))) {
            return text(files.filter(file -> file.toString().endsWith(".java")).toList());
        }
    }

    private static String text(List<Path> files) throws IOException {
        StringBuilder text = new StringBuilder();
        for (Path file : files) {
            text.append(Files.readString(file)).append('\n');
        }
        return text.toString();
    }
}
