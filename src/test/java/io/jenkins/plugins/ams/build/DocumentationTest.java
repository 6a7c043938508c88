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

    /** What GitHub and people read in a language, and what a test runs, loads or checks. */
    private static final Set<String> LANGUAGES = Set.of("", "groovy", "sh", "yaml", "java");

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
            assertTrue(page.toString(), first(page, "yaml").contains("mkIo:"));
            assertTrue(page.toString(), first(page, "groovy").contains("timeout: "));
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
                assertTrue(example.toString(), pom.contains("<id>" + profile.group(1) + "</id>"));
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
                assertTrue(page + " names " + property.group(1), sources.contains('"' + property.group(1) + '"'));
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
                assertTrue(page + " forgets " + api, named.contains(api.name().replace("_", "")));
            }
        }
    }

    @Test
    public void linksToExistingFilesAndHeadings() throws Exception {
        for (Path page : Documentation.pages()) {
            Matcher link = LINK.matcher(Documentation.prose(page));
            while (link.find()) {
                Path target = link.group(1).isEmpty() ? page : resolve(page, link.group(1));
                assertTrue(page + " links to " + target, Files.exists(target));
                if (link.group(2) != null) {
                    Set<String> anchors = Documentation.anchors(target);
                    assertTrue(
                            page + " links to #" + link.group(2) + ", there are " + anchors,
                            anchors.contains(link.group(2)));
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
                if (target.toString().endsWith(".md") && reached.add(target)) {
                    toRead.add(target);
                }
            }
        }
        assertEquals(new TreeSet<>(Documentation.pages()), reached);
    }

    @Test
    public void everyImageIsUsed() throws Exception {
        String pages = text(Documentation.pages());
        try (Stream<Path> pictures = Files.list(Path.of("docs/images"))) {
            List<String> forgotten = pictures.map(picture -> "images/" + picture.getFileName())
                    .filter(picture -> !pages.contains(picture + ")"))
                    .toList();
            assertEquals(List.of(), forgotten);
        }
    }

    @Test
    public void namesExistingFiles() throws Exception {
        for (Path page : Documentation.pages()) {
            for (String code : Documentation.code(Documentation.prose(page))) {
                Matcher path = PATH.matcher(code);
                if (path.matches() && !code.startsWith("target/")) {
                    assertTrue(
                            page + " names " + code,
                            Files.exists(Path.of(code)) || Files.exists(page.resolveSibling(code)));
                }
            }
        }
    }

    /** Of the plugin, or of what it or its tests are built on, as the developers' pages name them. */
    @Test
    public void namesExistingClasses() throws Exception {
        String sources = sources();
        for (Path page : List.of(Path.of("docs/architecture.md"), Path.of("docs/emulator.md"))) {
            int classes = 0;
            for (String code : Documentation.code(Documentation.prose(page))) {
                if (CLASS.matcher(code).matches()) {
                    classes++;
                    assertTrue(
                            page + " names " + code,
                            Pattern.compile("\\b(?:class|interface|record|enum) " + code + "\\b|\\." + code + ";")
                                    .matcher(sources)
                                    .find());
                }
            }
            assertTrue(page.toString(), classes > 3);
        }
    }

    @Test
    public void examplesUseTestedLanguages() throws Exception {
        for (Documentation.Example example : Documentation.allExamples()) {
            assertTrue(example.toString(), LANGUAGES.contains(example.language()));
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
            String said = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertEquals(example + said, 0, shell.waitFor());
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
