/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.emulator;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assume.assumeTrue;

import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Properties;
import java.util.Set;
import org.junit.Test;

/** Tests {@link CommandLine}. */
public class CommandLineTest {

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
    }

    @Test
    public void findsTheEncodingOfTheTerminal() {
        Properties properties = new Properties();
        properties.setProperty("native.encoding", "ANSI_X3.4-1968");
        assertEquals(StandardCharsets.US_ASCII, CommandLine.terminal(properties));
        properties.setProperty("stdout.encoding", "UTF-8");
        assertEquals(StandardCharsets.UTF_8, CommandLine.terminal(properties));
        properties.setProperty("stdout.encoding", "none-such");
        assertEquals(StandardCharsets.US_ASCII, CommandLine.terminal(properties));
    }
}
