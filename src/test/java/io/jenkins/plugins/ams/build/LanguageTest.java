/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.build;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.not;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaMember;
import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.Rule;
import org.junit.Test;

/**
 * One concept has one word, the one of Jenkins, Azure, OAuth or HTTP. This keeps out the words that once stood in their
 * place; each has the word to write instead.
 */
public class LanguageTest {

    /** Parts of names in main code: {@code lookAgain} consists of look and again. Looking up is fine. */
    private static final Map<String, String> NAMES = Map.ofEntries(
            Map.entry("alarm", "scheduled task"),
            Map.entry("anew", "again, or force in names such as forceRefresh"),
            Map.entry("asked", "requested"),
            Map.entry("beat", "heartbeat"),
            Map.entry("door", "entry point"),
            Map.entry("engine", "runtime"),
            Map.entry("fault", "error"),
            Map.entry("few", "MIN"),
            Map.entry("hear", "on, as in onError"),
            Map.entry("least", "MIN"),
            Map.entry("longest", "MAX"),
            Map.entry("look", "poll"),
            Map.entry("looks", "polls"),
            Map.entry("most", "MAX"),
            Map.entry("pace", "concurrency limit"),
            Map.entry("patience", "timeout, or retry period"),
            Map.entry("pause", "retry delay"),
            Map.entry("proof", "credential, or client assertion"),
            Map.entry("refusal", "rejection"),
            Map.entry("refused", "rejected"),
            Map.entry("room", "package, or headroom"),
            Map.entry("tell", "notify, or report"),
            Map.entry("told", "notified, or reported"),
            Map.entry("trouble", "error, or warning"),
            Map.entry("verdict", "result"),
            Map.entry("watch", "poll"),
            Map.entry("watcher", "poller"),
            Map.entry("wish", "request"));

    /** Texts that users read, in English. */
    private static final Map<Pattern, String> TEXTS = Map.ofEntries(
            text("(looks?|looking|looked) (at|again)", "poll"),
            text("between two looks", "polling interval"),
            text("watch(es|ed|ing) on|watcher", "keep polling, poller"),
            text("trouble|troubled", "error, failing; «troubleshooting» is fine"),
            text("anew", "again"),
            text("of now|is told|are told", "say it directly"),
            text("cancell(ed|ing)", "canceled, canceling: the spelling of AMS and of the US"),
            text("over restarts", "across restarts"),
            text("whoever|whichever", "users who, anyone who, any"),
            text("(his|he|himself)", "they, the user, the administrator"),
            text("answers? (that|what) cannot be read", "invalid response"),
            text("door|doors|rooms?", "entry point, package"),
            text("sets? it right", "corrects it"),
            text("gave? up on|gives up on", "stops retrying, ends the wait"),
            text("time between two polls", "polling interval"));

    @Rule
    public final Problems problems = new Problems();

    @Test
    public void namesUseTheWordsOfTheField() {
        for (JavaClass type : PluginClasses.all()) {
            names(type)
                    .distinct()
                    .forEach(name -> parts(name)
                            .filter(NAMES::containsKey)
                            .forEach(part -> problems.add(fileOf(type) + ": in the name " + name + ", write "
                                    + NAMES.get(part) + " for '" + part + "'")));
        }
    }

    @Test
    public void messagesUseTheWordsOfTheField() throws IOException {
        List<Path> files = englishTexts();
        assertThat(files, not(empty()));
        files.forEach(this::check);
    }

    @Test
    public void documentsUseTheWordsOfTheField() throws IOException {
        List<Path> pages = Documentation.pages().stream()
                .filter(page -> !page.endsWith("LISEZMOI.md") && !page.endsWith("DEPANNAGE.md"))
                .toList();
        assertThat(pages, not(empty()));
        pages.forEach(this::check);
    }

    private static Stream<String> names(JavaClass type) {
        Stream<String> members = type.getMembers().stream()
                .map(JavaMember::getName)
                .filter(name -> name.matches("[a-zA-Z]\\w*")) // neither constructors nor lambdas
                .map(name -> type.getSimpleName() + '#' + name);
        return type.getSimpleName().isEmpty()
                ? Stream.empty()
                : Stream.concat(Stream.of(type.getSimpleName()), members);
    }

    /** The words that a name consists of, in lower case. */
    private static Stream<String> parts(String name) {
        return Stream.of(name.replaceAll("[lL]ookUp", "find").split("(?<=[a-z0-9])(?=[A-Z])|[^A-Za-z]+"))
                .map(part -> part.toLowerCase(Locale.ROOT));
    }

    private void check(Path file) {
        textsOf(file)
                .forEach(text -> TEXTS.forEach((banned, instead) -> problems.expect(
                        !banned.matcher(text).find(), file + ": '" + text + "' (write " + instead + ")")));
    }

    private static Path fileOf(JavaClass type) {
        String name = type.getName().replaceAll("\\$.*", "");
        return Path.of("src/main/java", name.replace('.', '/') + ".java");
    }

    /** Messages, labels and help texts in English. */
    private static List<Path> englishTexts() throws IOException {
        try (Stream<Path> files = Files.walk(Path.of("src/main/resources"))) {
            return files.filter(file -> file.toString().matches(".*\\.(properties|html|jelly)"))
                    .filter(file -> !file.toString().matches(".*_fr\\.\\w+"))
                    .sorted()
                    .toList();
        }
    }

    private static Stream<String> textsOf(Path file) {
        try {
            String text = Documentation.read(file);
            if (file.toString().endsWith(".properties")) {
                Properties messages = new Properties();
                messages.load(new StringReader(text));
                return messages.values().stream().map(Object::toString);
            }
            return text.lines().map(String::strip);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Map.Entry<Pattern, String> text(String words, String instead) {
        return Map.entry(Pattern.compile("\\b(" + words + ")\\b", Pattern.CASE_INSENSITIVE), instead);
    }
}
