/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.build;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.Assert.assertFalse;

import com.tngtech.archunit.core.domain.JavaClass;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Properties;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.Rule;
import org.junit.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/** Forms, help and texts: what Jenkins would notice only when somebody opens the page. */
public class ResourcesTest {

    private static final Path ROOT = Path.of("src/main/resources");
    private static final Pattern ESCAPED = Pattern.compile("<\\?jelly escape-by-default='true'\\?>");
    private static final Pattern INLINE_CODE =
            Pattern.compile("<script|\\son[a-z]+\\s*=|javascript:|<style|\\sstyle\\s*=", Pattern.CASE_INSENSITIVE);
    private static final Pattern TEXT = Pattern.compile("\\$\\{%([^}(]+)");
    private static final Pattern UNESCAPED_APOSTROPHE = Pattern.compile("(?<!')'(?!')");
    private static final Pattern PLACEHOLDER = Pattern.compile("\\{\\d+}");

    private static final Pattern MANAGED_ELSEWHERE = Pattern.compile("Administrer Jenkins (>|&gt;) (?!System\\b)");

    @Rule
    public final Problems problems = new Problems();

    @Test
    public void viewsAreWellFormedEscapedAndFreeOfInlineCode() throws Exception {
        for (Path view : files(".jelly")) {
            parse(view);
            String text = Files.readString(view);
            problems.expect(
                    ESCAPED.matcher(text).find(), view + ": add <?jelly escape-by-default='true'?> as the second line");
            problems.expect(
                    !INLINE_CODE.matcher(text).find(),
                    view + ": move the inline script or style to a file, because a content security policy blocks it");
        }
    }

    @Test
    public void everyFieldHasHelpAndAGetter() throws Exception {
        int fields = 0;
        for (Path view : files(".jelly")) {
            NodeList entries = parse(view).getElementsByTagNameNS("/lib/form", "entry");
            for (int i = 0; i < entries.getLength(); i++) {
                String field = ((Element) entries.item(i)).getAttribute("field");
                if (!field.isEmpty()) {
                    fields++;
                    for (JavaClass type : typesWith(view)) {
                        problems.expect(
                                hasGetter(type, field), view + ": add a getter of " + field + " to " + type.getName());
                    }
                    Path help = view.resolveSibling("help-" + field + ".html");
                    problems.expect(
                            Files.exists(help), "add " + help + ", the help for a field of " + view.getFileName());
                }
            }
        }
        assertFalse("no field at all", fields == 0);
    }

    @Test
    public void helpIsWellFormedAndInBothLanguages() throws Exception {
        for (Path help : files(".html")) {
            String element = parse(help).getDocumentElement().getTagName();
            problems.expect(
                    element.equals("div"), help + ": the outer element must be a <div>, not a <" + element + ">");
            String name = help.getFileName().toString();
            Path other = help.resolveSibling(
                    name.endsWith("_fr.html") ? name.replace("_fr.html", ".html") : name.replace(".html", "_fr.html"));
            problems.expect(Files.exists(other), "add " + other + ", because " + name + " exists");
        }
    }

    @Test
    public void viewsAreTranslatedToFrench() throws Exception {
        for (Path view : files(".jelly")) {
            TreeSet<String> texts = new TreeSet<>();
            TEXT.matcher(Files.readString(view))
                    .results()
                    .map(match -> match.group(1))
                    .forEach(texts::add);
            Path french = view.resolveSibling(view.getFileName().toString().replace(".jelly", "_fr.properties"));
            TreeSet<String> translated = new TreeSet<>();
            if (Files.exists(french)) {
                translated.addAll(properties(french).stringPropertyNames());
            }
            problems.expectSame(
                    texts,
                    translated,
                    french + ": translate '%s', which is in " + view.getFileName(),
                    french + ": remove '%s', which is not in " + view.getFileName());
        }
    }

    @Test
    public void messagesAreInBothLanguages() throws Exception {
        List<Path> all = files("Messages.properties");
        assertFalse(all.isEmpty());
        for (Path messages : all) {
            Properties english = properties(messages);
            Path frenchFile = messages.resolveSibling("Messages_fr.properties");
            if (!Files.exists(frenchFile)) {
                problems.add("add " + frenchFile + ", because " + messages.getFileName() + " exists");
                continue;
            }
            Properties french = properties(frenchFile);
            problems.expectSame(
                    english.stringPropertyNames(),
                    french.stringPropertyNames(),
                    frenchFile + ": translate %s",
                    frenchFile + ": remove %s, which is not in Messages.properties");
            for (String key : new TreeSet<>(english.stringPropertyNames())) {
                List<String> expected = placeholders(english.getProperty(key));
                List<String> there = placeholders(french.getProperty(key, english.getProperty(key)));
                problems.expect(
                        expected.equals(there),
                        frenchFile + ": " + key + " must contain " + expected + " like the English message, not "
                                + there);
            }
        }
    }

    @Test
    public void textsSurviveMessageFormatAndEveryEncoding() throws Exception {
        for (Path file : files(".properties")) {
            Properties texts = properties(file);
            for (String key : texts.stringPropertyNames()) {
                problems.expect(
                        !UNESCAPED_APOSTROPHE.matcher(texts.getProperty(key)).find(),
                        file + ": double the apostrophes in " + key + ", because MessageFormat drops single ones");
            }
            // Stapler and the JDK do not read these files in the same encoding
            problems.expect(
                    Files.readString(file).chars().allMatch(c -> c < 128),
                    file + ": write characters other than ASCII as \\u escapes");
        }
    }

    /** Jenkins' core names the page where accounts are in some languages; French is none of them. */
    @Test
    public void frenchTextsNameExistingPages() throws Exception {
        for (String suffix : List.of("_fr.html", "_fr.properties")) {
            for (Path file : files(suffix)) {
                problems.expect(
                        !MANAGED_ELSEWHERE.matcher(Files.readString(file)).find(),
                        file + ": after 'Administrer Jenkins >' write System, as Jenkins names this page in French");
            }
        }
    }

    private static boolean hasGetter(JavaClass type, String field) {
        String name = field.substring(0, 1).toUpperCase(Locale.ROOT) + field.substring(1);
        return Stream.concat(Stream.of(type), type.getAllRawSuperclasses().stream())
                .flatMap(each -> each.getMethods().stream())
                .anyMatch(method -> method.getRawParameterTypes().isEmpty()
                        && (method.getName().equals("get" + name)
                                || method.getName().equals("is" + name)));
    }

    /** Returns the class of a view, and the classes of other views that include it by its path. */
    private static List<JavaClass> typesWith(Path view) throws IOException {
        String path = "page=\"/" + ROOT.relativize(view).toString().replace('\\', '/') + "\"";
        List<JavaClass> types = new ArrayList<>();
        types.add(typeOf(view));
        for (Path other : files(".jelly")) {
            if (Files.readString(other).contains(path)) {
                types.add(typeOf(other));
            }
        }
        return types;
    }

    /** The class whose view this is: its directory has the name of the class, a nested class in a directory below. */
    private static JavaClass typeOf(Path view) {
        String path = ROOT.relativize(view.getParent()).toString();
        String name = path.replace(view.getFileSystem().getSeparator(), ".");
        return PluginClasses.all().stream()
                .filter(type -> type.getName().replace('$', '.').equals(name))
                .findFirst()
                .orElseThrow(() -> new AssertionError(view + " belongs to no class"));
    }

    private static List<String> placeholders(String text) {
        return PLACEHOLDER
                .matcher(text)
                .results()
                .map(MatchResult::group)
                .sorted()
                .toList();
    }

    private static Document parse(Path file) throws Exception {
        DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
        factory.setNamespaceAware(true);
        return factory.newDocumentBuilder().parse(file.toFile());
    }

    private static Properties properties(Path file) throws IOException {
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(file, UTF_8)) {
            properties.load(reader);
        }
        return properties;
    }

    private static List<Path> files(String suffix) throws IOException {
        try (Stream<Path> files = Files.walk(ROOT)) {
            return files.filter(file -> file.getFileName().toString().endsWith(suffix))
                    .sorted()
                    .toList();
        }
    }
}
