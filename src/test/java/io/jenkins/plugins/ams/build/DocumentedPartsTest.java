/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.build;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.Test;

/** Whether the documentation tells all parts of the plugin that people meet, and none that is not there. */
public class DocumentedPartsTest {

    private static final Path MAIN = Path.of("src/main/java/io/jenkins/plugins/ams");
    private static final Path USAGE = Path.of("docs/usage.md");
    private static final Path CONFIGURATION = Path.of("docs/configuration.md");
    private static final Path TROUBLESHOOTING = Path.of("docs/troubleshooting.md");

    private static final Pattern CONSTRUCTOR =
            Pattern.compile("@DataBoundConstructor\\s+public \\w+\\(([^)]*)\\)", Pattern.DOTALL);
    private static final Pattern SETTER =
            Pattern.compile("@DataBoundSetter\\s+public void set\\w+\\((?:@\\w+ )?[\\w<>]+ (\\w+)\\)");
    private static final Pattern SYMBOL = Pattern.compile("@Symbol\\(\"(\\w+)\"\\)");
    private static final Pattern AADSTS = Pattern.compile("AADSTS\\d+");
    private static final Pattern CONSTANT =
            Pattern.compile("^ {4}([A-Z_]+)\\((\"[^\"]*\"|null), \"([^\"]*)\"\\)", Pattern.MULTILINE);
    private static final Pattern WHITELISTED =
            Pattern.compile("@Whitelisted\\s+(?:@[^\n]*\\s+)*public (?!String toString)[\\w<>]+ get(\\w+)\\(");

    /** Labels, and what is no sentence but a measure. */
    private static final Predicate<String> LABEL = Pattern.compile(
                    ".*\\.displayName|AzureCloud\\..*|DurationText\\..*|JobView\\.count|JobList\\..*"
                            + "|AzureAdManagedIdentityCredentials\\.[A-Z_]+")
            .asMatchPredicate();

    @Test
    public void documentsAllParametersOfStepAndBuilder() throws Exception {
        for (String door : List.of("pipeline/WaitForAmsJobStep.java", "freestyle/WaitForAmsJobBuilder.java")) {
            Set<String> there = parameters(door);
            assertTrue(there.contains("jobId"));
            assertEquals(there, Documentation.firstColumn(Documentation.read(USAGE), "parameter"));
            assertEquals(there, Documentation.firstColumn(Documentation.read(Path.of("README.md")), "parameter"));
            assertEquals(
                    there, Documentation.firstColumn(Documentation.read(Path.of("docs/LISEZMOI.md")), "paramètre"));
        }
    }

    @Test
    public void documentsAllAccountFields() throws Exception {
        assertEquals(
                parameters("config/AmsAccount.java"),
                Documentation.firstColumn(Documentation.section(CONFIGURATION, "Accounts"), "field"));
        assertEquals(
                Set.of("additionalHosts"),
                Documentation.firstColumn(Documentation.section(CONFIGURATION, "Additional hosts"), "field"));
    }

    @Test
    public void documentsAllCredentialTypesAndFields() throws Exception {
        Map<String, Set<String>> kinds = new TreeMap<>();
        for (Path file : javaFiles(MAIN.resolve("credentials"))) {
            Matcher symbol = SYMBOL.matcher(Documentation.read(file));
            if (symbol.find()) {
                Set<String> fields = parameters("credentials/" + file.getFileName());
                assertTrue(fields.removeAll(Set.of("scope", "id", "description")));
                kinds.put(symbol.group(1), fields);
            }
        }
        assertFalse(kinds.isEmpty());
        String examples = examplesOf(CONFIGURATION);
        for (Map.Entry<String, Set<String>> kind : kinds.entrySet()) {
            String section = Documentation.section(CONFIGURATION, kind.getKey());
            assertEquals(kind.getKey(), kind.getValue(), Documentation.firstColumn(section, "field"));
            assertTrue(examples.contains("- " + kind.getKey() + ":"));
        }
    }

    @Test
    public void documentsAllApisAndFields() throws Exception {
        Set<String> apis = new TreeSet<>();
        Set<String> fields = new TreeSet<>();
        for (Path file : javaFiles(MAIN.resolve("config"))) {
            Matcher symbol = SYMBOL.matcher(Documentation.read(file));
            if (file.toString().endsWith("Api.java") && symbol.find()) {
                apis.add(symbol.group(1));
                fields.addAll(parameters("config/" + file.getFileName()));
            }
        }
        assertFalse(apis.isEmpty());
        String section = Documentation.section(CONFIGURATION, "APIs");
        apis.removeIf(api -> section.contains("| `" + api + '`'));
        assertEquals("to have a row in " + CONFIGURATION, Set.of(), apis);
        assertEquals(fields, Documentation.firstColumn(section, "field"));
    }

    @Test
    public void documentsEachCloudWithItsUris() throws Exception {
        String section = Documentation.section(CONFIGURATION, "Clouds");
        Matcher cloud = CONSTANT.matcher(Documentation.read(MAIN.resolve("config/AzureCloud.java")));
        Set<String> there = new TreeSet<>();
        while (cloud.find()) {
            there.add(cloud.group(1));
            String authority = cloud.group(2).equals("null")
                    ? "the account's authority"
                    : cloud.group(2).replace('"', '`');
            assertTrue(
                    cloud.group(), section.matches("(?s).*\\| `" + cloud.group(1) + "` \\| " + authority + " \\| .*"));
            assertTrue(section.contains('`' + cloud.group(3) + '`'));
        }
        assertFalse(there.isEmpty());
        assertEquals(there, Documentation.firstColumn(section, "cloud"));
    }

    @Test
    public void documentsAllResultProperties() throws Exception {
        Matcher getter = WHITELISTED.matcher(Documentation.read(MAIN.resolve("result/AmsJobResult.java")));
        Set<String> told = Documentation.code(Documentation.section(USAGE, "Return value"));
        int getters = 0;
        while (getter.find()) {
            getters++;
            String name = getter.group(1).substring(0, 1).toLowerCase()
                    + getter.group(1).substring(1);
            assertTrue(name, told.contains(name));
        }
        assertTrue(getters > 10);
    }

    @Test
    public void explainsEachMessage() throws Exception {
        Set<String> told = Documentation.code(Documentation.prose(TROUBLESHOOTING));
        Map<String, String> messages = messages();
        List<String> missing = messages.entrySet().stream()
                .filter(message -> !told.contains(message.getValue()))
                .map(message -> message.getKey() + ": `" + message.getValue() + '`')
                .toList();
        assertEquals("to be explained in " + TROUBLESHOOTING, List.of(), missing);
    }

    @Test
    public void explainsNoUnknownMessage() throws Exception {
        Set<String> told = Documentation.firstColumn(Documentation.read(TROUBLESHOOTING), "message");
        assertTrue(told.size() > 50);
        told.removeAll(messages().values());
        assertEquals("no messages any more, but explained in " + TROUBLESHOOTING, Set.of(), told);
    }

    /** As far as a line begins with words of a message, and not with the name of a job. */
    @Test
    public void consoleExamplesMatchTheMessages() throws Exception {
        List<Pattern> beginnings = messages().values().stream()
                .filter(message -> !message.startsWith("…"))
                .map(message -> Pattern.compile(
                        Arrays.stream(message.split("…")).map(Pattern::quote).collect(Collectors.joining(".+"))))
                .toList();
        List<String> lines = Documentation.examples("").stream()
                .flatMap(example -> example.text().lines())
                .filter(line -> line.startsWith("[AMS] ") && !line.startsWith("[AMS] '"))
                .toList();
        assertTrue(lines.size() > 5);
        for (String line : lines) {
            String said = line.substring("[AMS] ".length());
            assertTrue(
                    line,
                    beginnings.stream()
                            .anyMatch(message -> message.matcher(said).lookingAt()));
        }
    }

    @Test
    public void explainsEachCodeOfAzureAd() throws Exception {
        Set<String> known = codes(Documentation.read(MAIN.resolve("auth/MsalErrorTranslator.java")));
        assertFalse(known.isEmpty());
        assertEquals(known, codes(Documentation.section(TROUBLESHOOTING, "AADSTS codes")));
    }

    /** By key, with an ellipsis in place of what changes from case to case. */
    private static Map<String, String> messages() throws IOException {
        Map<String, String> messages = new TreeMap<>();
        try (Stream<Path> files = Files.walk(Path.of("src/main/resources"))) {
            for (Path file :
                    files.filter(path -> path.endsWith("Messages.properties")).toList()) {
                Properties properties = new Properties();
                try (Reader reader = Files.newBufferedReader(file)) {
                    properties.load(reader);
                }
                for (String key : properties.stringPropertyNames()) {
                    String text = properties
                            .getProperty(key)
                            .replaceAll("\\{\\d\\}", "…")
                            .replace("''", "'");
                    if (!LABEL.test(key) && text.matches(".*\\p{L}.*")) {
                        messages.put(key, text);
                    }
                }
            }
        }
        return messages;
    }

    /** The names by which Configuration as Code, Pipelines and forms set a part's properties. */
    private static Set<String> parameters(String file) throws IOException {
        String source = Documentation.read(MAIN.resolve(file));
        Matcher constructor = CONSTRUCTOR.matcher(source);
        assertTrue(file, constructor.find());
        List<String> parameters = Arrays.stream(constructor.group(1).split(","))
                .filter(parameter -> !parameter.isBlank())
                .map(parameter -> parameter.substring(parameter.lastIndexOf(' ') + 1))
                .toList();
        Set<String> names = new TreeSet<>(parameters);
        Matcher setter = SETTER.matcher(source);
        while (setter.find()) {
            names.add(setter.group(1));
        }
        assertEquals(file, names.size(), count(source, "@DataBoundSetter\n") + parameters.size());
        return names;
    }

    private static int count(String text, String part) {
        return text.split(Pattern.quote(part), -1).length - 1;
    }

    private static Set<String> codes(String text) {
        Set<String> codes = new TreeSet<>();
        Matcher code = AADSTS.matcher(text);
        while (code.find()) {
            codes.add(code.group());
        }
        return codes;
    }

    private static String examplesOf(Path page) throws IOException {
        StringBuilder text = new StringBuilder();
        for (Documentation.Example example : Documentation.allExamples()) {
            if (example.page().equals(page)) {
                text.append(example.text());
            }
        }
        return text.toString();
    }

    private static List<Path> javaFiles(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.toString().endsWith(".java")).toList();
        }
    }
}
