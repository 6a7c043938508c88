package io.jenkins.plugins.ams.build;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.Test;

/** What the documentation says, as far as it can be held without a running Jenkins. */
public class DocumentationTest {

    private static final Pattern PROFILE = Pattern.compile("-P(\\w+)");
    private static final Pattern LINK = Pattern.compile("\\]\\((?!https?://|#)([^)#]+)");
    private static final Pattern PARAMETERS =
            Pattern.compile("^\\| parameter \\| default .*?\n\n", Pattern.MULTILINE | Pattern.DOTALL);
    private static final Pattern PARAMETER = Pattern.compile("^\\| `(\\w+)` \\|", Pattern.MULTILINE);
    private static final Pattern CLASS_OR_TEST = Pattern.compile("`([A-Z]\\w+)(?:\\.(\\w+))?`");
    private static final Pattern SETTER = Pattern.compile(
            "@DataBound(?:Setter|Constructor)\\s+public (?:void set|WaitForAmsJobStep)(\\w*)\\((?:\\w+) (\\w+)\\)");

    @Test
    public void readmeStartsWithTheCommandsForAFreshMachine() throws Exception {
        List<String> commands = Documentation.examples("sh").stream()
                .filter(example -> example.page().equals(Path.of("README.md")))
                .map(example -> example.text().strip())
                .toList();
        assertEquals("mvn -B -ntp -f pom-central.xml verify", commands.get(0));
        assertEquals("mvn -q -B -ntp -f pom-central.xml -Pdemo", commands.get(1));
        assertTrue(Files.readString(Path.of(".ci/run")).contains(commands.get(0)));
    }

    @Test
    public void namesProfilesThatThereAre() throws Exception {
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
    public void linksToFilesThatThereAre() throws Exception {
        for (Path page : Documentation.pages()) {
            Matcher link = LINK.matcher(Files.readString(page));
            while (link.find()) {
                Path target = Path.of(page.toString()).resolveSibling(link.group(1));
                assertTrue(page + " links to " + target, Files.exists(target));
            }
        }
    }

    @Test
    public void tellsAllParametersOfTheStepAndNoOthers() throws Exception {
        Matcher table = PARAMETERS.matcher(Files.readString(Path.of("README.md")));
        assertTrue(table.find());
        Matcher row = PARAMETER.matcher(table.group());
        Set<String> told = new TreeSet<>();
        while (row.find()) {
            told.add(row.group(1));
        }
        String step = Files.readString(Path.of("src/main/java/io/jenkins/plugins/ams/pipeline/WaitForAmsJobStep.java"));
        Matcher setter = SETTER.matcher(step);
        Set<String> there = new TreeSet<>();
        while (setter.find()) {
            there.add(setter.group(2));
        }
        assertFalse(there.isEmpty());
        assertEquals(there, told);
    }

    @Test
    public void thePageOnSecurityNamesClassesAndTestsThatThereAre() throws Exception {
        Map<String, List<Path>> sources = sources();
        Matcher name = CLASS_OR_TEST.matcher(Files.readString(Path.of("docs/security.md")));
        Set<String> wrong = new TreeSet<>();
        int tests = 0;
        while (name.find()) {
            List<Path> files = sources.getOrDefault(name.group(1) + ".java", List.of());
            boolean isTest = name.group(2) != null;
            tests += isTest ? 1 : 0;
            if (files.isEmpty() || isTest && !isTest(files, name.group(2))) {
                wrong.add(name.group());
            }
        }
        assertEquals(Set.of(), wrong);
        assertTrue(tests > 0);
    }

    private static boolean isTest(List<Path> files, String method) throws IOException {
        for (Path file : files) {
            if (Files.readString(file).contains("@Test\n    public void " + method + "()")) {
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
