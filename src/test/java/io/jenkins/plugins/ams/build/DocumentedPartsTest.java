/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.build;

import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
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
import org.junit.Rule;
import org.junit.Test;

/** Whether the documentation tells all parts of the plugin that people meet, and none that is not there. */
public class DocumentedPartsTest {

    private static final Path MAIN = Path.of("src/main/java/io/jenkins/plugins/ams");
    private static final Path USAGE = Path.of("docs/usage.md");
    private static final Path CONFIGURATION = Path.of("docs/configuration.md");
    private static final Path TROUBLESHOOTING = Path.of("docs/troubleshooting.md");

    private static final Pattern SYMBOL = Pattern.compile("@Symbol\\(\"(\\w+)\"\\)");
    private static final Pattern AADSTS = Pattern.compile("AADSTS\\d+");
    private static final Pattern CONSTANT =
            Pattern.compile("^ {4}([A-Z_]+)\\((\"[^\"]*\"|null), \"([^\"]*)\"\\)", Pattern.MULTILINE);
    private static final Pattern WHITELISTED =
            Pattern.compile("@Whitelisted\\s+(?:@[^\n]*\\s+)*public (?!String toString)[\\w<>]+ get(\\w+)\\(");

    /** Labels, and what is no sentence but a measure. */
    private static final Predicate<String> LABEL = Pattern.compile(
                    ".*\\.displayName|AzureCloud\\..*|DurationText\\..*|JobView\\.(count|cancel|cancelQuestion)|JobList\\..*"
                            + "|WaitList\\..*|WaitView\\..*"
                            + "|AzureAdManagedIdentityCredentials\\.[A-Z_]+")
            .asMatchPredicate();

    @Rule
    public final Problems problems = new Problems();

    @Test
    public void documentsAllAccountFields() throws Exception {
        expectRows(
                DataBound.parameters("config/AmsAccount.java"),
                Documentation.section(CONFIGURATION, "Accounts"),
                "field",
                "the section Accounts of " + CONFIGURATION);
        expectRows(
                Set.of("additionalHosts"),
                Documentation.section(CONFIGURATION, "Additional hosts"),
                "field",
                "the section Additional hosts of " + CONFIGURATION);
    }

    @Test
    public void documentsAllCredentialTypesAndFields() throws Exception {
        Map<String, Set<String>> types = new TreeMap<>();
        for (Path file : javaFiles(MAIN.resolve("credentials"))) {
            Matcher symbol = SYMBOL.matcher(Documentation.read(file));
            if (symbol.find()) {
                Set<String> fields = DataBound.parameters("credentials/" + file.getFileName());
                for (String common : List.of("scope", "id", "description")) {
                    problems.expect(fields.remove(common), file + ": add " + common + " to the constructor");
                }
                types.put(symbol.group(1), fields);
            }
        }
        assertFalse(types.isEmpty());
        String examples = examplesOf(CONFIGURATION);
        for (Map.Entry<String, Set<String>> type : types.entrySet()) {
            if (!hasSection(CONFIGURATION, type.getKey())) {
                problems.add(CONFIGURATION + ": add a section " + type.getKey() + " with a table of the fields "
                        + type.getValue());
                continue;
            }
            expectRows(
                    type.getValue(),
                    Documentation.section(CONFIGURATION, type.getKey()),
                    "field",
                    "the section " + type.getKey() + " of " + CONFIGURATION);
            problems.expect(
                    examples.contains("- " + type.getKey() + ":"),
                    CONFIGURATION + ": add an example with '- " + type.getKey() + ":'");
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
                fields.addAll(DataBound.parameters("config/" + file.getFileName()));
            }
        }
        assertFalse(apis.isEmpty());
        String section = Documentation.section(CONFIGURATION, "APIs");
        for (String api : apis) {
            problems.expect(
                    section.contains("| `" + api + '`'),
                    "the section APIs of " + CONFIGURATION + ": add a row for the API `" + api + '`');
        }
        expectRows(fields, section, "field", "the section APIs of " + CONFIGURATION);
    }

    @Test
    public void documentsEachCloudWithItsUris() throws Exception {
        String section = Documentation.section(CONFIGURATION, "Clouds");
        String place = "the section Clouds of " + CONFIGURATION;
        Matcher cloud = CONSTANT.matcher(Documentation.read(MAIN.resolve("config/AzureCloud.java")));
        Set<String> there = new TreeSet<>();
        while (cloud.find()) {
            there.add(cloud.group(1));
            String authority = cloud.group(2).equals("null")
                    ? "the account's authority"
                    : cloud.group(2).replace('"', '`');
            String start = "| `" + cloud.group(1) + "` | " + authority + " | ";
            problems.expect(section.contains(start), place + ": add a row that starts with " + start);
            problems.expect(
                    section.contains('`' + cloud.group(3) + '`'),
                    place + ": " + cloud.group(1) + " needs the URI `" + cloud.group(3) + '`');
        }
        assertFalse(there.isEmpty());
        expectRows(there, section, "cloud", place);
    }

    @Test
    public void documentsAllResultProperties() throws Exception {
        Matcher getter = WHITELISTED.matcher(Documentation.read(MAIN.resolve("result/AmsJobResult.java")));
        Set<String> documented = Documentation.code(Documentation.section(USAGE, "Return value"));
        int getters = 0;
        while (getter.find()) {
            getters++;
            String name = getter.group(1).substring(0, 1).toLowerCase(Locale.ROOT)
                    + getter.group(1).substring(1);
            problems.expect(
                    documented.contains(name),
                    "the section Return value of " + USAGE + ": describe `" + name + "` of AmsJobResult");
        }
        assertTrue(getters > 10);
    }

    @Test
    public void explainsEachMessage() throws Exception {
        Set<String> explained = Documentation.code(Documentation.prose(TROUBLESHOOTING));
        messages()
                .forEach((key, message) -> problems.expect(
                        explained.contains(message),
                        TROUBLESHOOTING + ": explain `" + message + "`, the message " + key + ", in a row of a table"));
    }

    @Test
    public void explainsNoUnknownMessage() throws Exception {
        Set<String> explained = Documentation.firstColumn(Documentation.read(TROUBLESHOOTING), "message");
        assertTrue(explained.size() > 50);
        explained.removeAll(messages().values());
        explained.forEach(message -> problems.add(
                TROUBLESHOOTING + ": no Messages.properties contains `" + message + "`. Correct or remove its row"));
    }

    /** As far as a line begins with words of a message, and not with the name of a job. */
    @Test
    public void consoleExamplesMatchTheMessages() throws Exception {
        List<Pattern> beginnings = messages().values().stream()
                .filter(message -> !message.startsWith("…"))
                .map(message -> Pattern.compile(
                        Arrays.stream(message.split("…")).map(Pattern::quote).collect(Collectors.joining(".+"))))
                .toList();
        int lines = 0;
        for (Documentation.Example example : Documentation.examples("")) {
            for (String line : example.text().lines().toList()) {
                if (line.startsWith("[AMS] ") && !line.startsWith("[AMS] '")) {
                    lines++;
                    String printed = line.substring("[AMS] ".length());
                    problems.expect(
                            beginnings.stream()
                                    .anyMatch(
                                            message -> message.matcher(printed).lookingAt()),
                            example.page() + ": no message begins like the console line '" + line
                                    + "'. Copy the line from a real console");
                }
            }
        }
        assertTrue(lines > 5);
    }

    @Test
    public void explainsEachCodeOfAzureAd() throws Exception {
        Path translator = MAIN.resolve("auth/MsalErrorTranslator.java");
        Set<String> known = codes(Documentation.read(translator));
        assertFalse(known.isEmpty());
        problems.expectSame(
                known,
                codes(Documentation.section(TROUBLESHOOTING, "AADSTS codes")),
                "the section AADSTS codes of " + TROUBLESHOOTING + ": explain %s, which " + translator + " names",
                "the section AADSTS codes of " + TROUBLESHOOTING + ": remove %s, which " + translator
                        + " does not name");
    }

    private void expectRows(Set<String> names, String text, String heading, String place) {
        problems.expectSame(
                names,
                Documentation.firstColumn(text, heading),
                place + ": add a row for the " + heading + " `%s`",
                place + ": remove the row for the " + heading + " `%s`, which does not exist");
    }

    private static boolean hasSection(Path page, String heading) throws IOException {
        return Documentation.read(page).lines().anyMatch(line -> line.matches("#{1,6} " + Pattern.quote(heading)));
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
