/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.emulator;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;
import static org.junit.Assume.assumeTrue;

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.Reader;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.Test;

/** Tests {@link CommandLine}. */
public class CommandLineTest {

    /** The encodings of POSIX, Western European locales, the Windows console and its programs, and Unicode locales. */
    private static final List<String> ENCODINGS =
            List.of("US-ASCII", "ISO-8859-1", "ISO-8859-15", "windows-1252", "IBM437", "IBM850", "UTF-8");

    @Test
    public void rejectsUnknownPropertiesAndNamesTheKnownOnes() {
        Properties properties = new Properties();
        properties.setProperty("amsx", "1");
        properties.setProperty("ams.port", "1");
        CommandLine.requireKnown(properties, Set.of("ams.port", "ams.home"));
        properties.setProperty("ams.prot", "1");
        IllegalArgumentException e = assertThrows(
                IllegalArgumentException.class,
                () -> CommandLine.requireKnown(properties, Set.of("ams.port", "ams.home")));
        assertEquals("unknown system properties: [ams.prot]; known here: [ams.home, ams.port]", e.getMessage());
    }

    @Test
    public void quotesPathsForAShell() throws Exception {
        assumeTrue("there is a POSIX shell", File.separatorChar == '/');
        for (String path : new String[] {"/a/b-1.p12", "/a b/c", "/l'ete/$HOME", "/a\"b`c`&;*"}) {
            Process shell = new ProcessBuilder("sh", "-c", "printf %s " + CommandLine.quoted(Path.of(path))).start();
            assertEquals(path, new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
            assertEquals(0, shell.waitFor());
        }
        assertEquals("/a/b-1.p12", CommandLine.quoted(Path.of("/a/b-1.p12")));
    }

    @Test
    public void replacesWhatTheTerminalCannotShow() {
        String text = "Le job «\u00a0Été\u00a0» n\u2019a pas répondu\u2026";
        assertEquals(text, CommandLine.readable(text, StandardCharsets.UTF_8));
        assertEquals("Le job \"Ete\" n'a pas repondu...", CommandLine.readable(text, StandardCharsets.US_ASCII));
        assertEquals(
                "Le job «\u00a0Été\u00a0» n'a pas répondu...", CommandLine.readable(text, StandardCharsets.ISO_8859_1));
        assertEquals("noeud \\u65e5\\ud83d\\ude00", CommandLine.readable("nœud 日😀", StandardCharsets.US_ASCII));
    }

    /** Reads what was printed as the terminal does: no replacement character, and no character of another encoding. */
    @Test
    public void printsEachMessageReadablyInEachEncoding() throws Exception {
        List<String> messages = messages();
        assertTrue("messages found: " + messages.size(), messages.size() > 300);
        for (String encoding : ENCODINGS) {
            Charset terminal = Charset.forName(encoding);
            for (String message : messages) {
                ByteArrayOutputStream bytes = new ByteArrayOutputStream();
                CommandLine.printer(bytes, terminal).accept(message);
                String shown = bytes.toString(terminal).strip();
                assertEquals(encoding + ": " + shown, count(message, '?'), count(shown, '?'));
                assertEquals(encoding + ": " + shown, 0, count(shown, '\\'));
                assertEquals(encoding, asciiOf(message), asciiOf(shown));
            }
        }
    }

    @Test
    public void printsUnchangedWhatTheTerminalCanShow() throws Exception {
        for (String message : messages()) {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            CommandLine.printer(bytes, StandardCharsets.UTF_8).accept(message);
            assertEquals(message + System.lineSeparator(), bytes.toString(StandardCharsets.UTF_8));
        }
    }

    @Test
    public void findsTheEncodingOfTheTerminal() {
        Properties properties = new Properties();
        properties.setProperty("native.encoding", "ANSI_X3.4-1968");
        assertEquals(StandardCharsets.US_ASCII, CommandLine.terminal(properties, "stdout"));
        properties.setProperty("sun.stdout.encoding", "ISO-8859-1");
        assertEquals(StandardCharsets.ISO_8859_1, CommandLine.terminal(properties, "stdout"));
        properties.setProperty("stdout.encoding", "UTF-8");
        assertEquals(StandardCharsets.UTF_8, CommandLine.terminal(properties, "stdout"));
        assertEquals(StandardCharsets.US_ASCII, CommandLine.terminal(properties, "stderr"));
        properties.setProperty("stdout.encoding", "none-such");
        assertEquals(StandardCharsets.ISO_8859_1, CommandLine.terminal(properties, "stdout"));
    }

    /** The messages of the plugin in all languages. */
    private static List<String> messages() throws IOException {
        List<String> messages = new ArrayList<>();
        try (Stream<Path> files = Files.walk(Path.of("src/main/resources"))) {
            for (Path file : files.filter(path -> path.getFileName().toString().matches("Messages.*\\.properties"))
                    .toList()) {
                Properties bundle = new Properties();
                try (Reader reader = Files.newBufferedReader(file)) {
                    bundle.load(reader);
                }
                bundle.values().forEach(message -> messages.add((String) message));
            }
        }
        return messages;
    }

    private static long count(String text, char character) {
        return text.chars().filter(each -> each == character).count();
    }

    /** Letters without accents, and ASCII punctuation other than the marks that replace French ones. */
    private static String asciiOf(String text) {
        return Normalizer.normalize(text, Normalizer.Form.NFD).replaceAll("[^\\x00-\\x7f]|[ '\"]", "");
    }
}
