/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.emulator;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import io.jenkins.plugins.ams.build.Documentation;
import io.jenkins.plugins.ams.testing.ManualClock;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.Test;

/** Tests the commands and tables in docs/emulator.md. */
public class DocumentedCommandsTest {

    private static final Path PAGE = Path.of("docs/emulator.md");
    private static final Path SOURCES = Path.of("src/test/java/io/jenkins/plugins/ams/emulator");
    private static final Pattern CURL = Pattern.compile(
            "^curl -sk(?: -X (\\w+))?(?: -H '([\\w-]+): ([^']+)')? https://localhost:9443(/\\S+)(?: -d '(.*)')?$");

    @Test
    public void succeed() throws Exception {
        int commands = 0;
        try (Emulator emulator = Emulator.start(new ManualClock())) {
            Client client = new Client(emulator);
            for (Documentation.Example example : Documentation.examples("sh")) {
                for (String line : example.text().split("\n")) {
                    if (!line.startsWith("curl ")) {
                        continue;
                    }
                    commands++;
                    Matcher curl = CURL.matcher(line);
                    assertTrue(example.page() + ": " + line, curl.matches());
                    HttpResponse<String> response = client.send(request(emulator, curl));
                    assertEquals(line + "\n" + response.body(), 2, response.statusCode() / 100);
                    emulator.faults().clear();
                }
            }
        }
        assertTrue("" + commands, commands > 10);
    }

    @Test
    public void coverTheWholeControlApi() throws Exception {
        Set<String> documented = Documentation.code(Documentation.prose(PAGE));
        String scripts = Documentation.read(SOURCES.resolve("ControlRequests.java"))
                + Documentation.read(SOURCES.resolve("ControlApi.java"));
        Set<String> known = new TreeSet<>();
        Matcher set = Pattern.compile("Set\\.of\\(([^)]*)\\)").matcher(scripts);
        while (set.find()) {
            Arrays.stream(set.group(1).split(","))
                    .map(name -> name.replace('"', ' ').strip())
                    .forEach(known::add);
        }
        known.remove("fault"); // the heading of its table
        Matcher fault = Pattern.compile("case \"(\\w+)\" -> Fault\\.").matcher(scripts);
        while (fault.find()) {
            known.add(fault.group(1));
        }
        Arrays.stream(RequestKind.values()).map(Enum::name).forEach(known::add);
        Arrays.stream(Gateway.values()).map(Enum::name).forEach(known::add);
        Arrays.stream(LiveApi.values()).map(LiveApi::base).forEach(known::add);
        Arrays.stream(AzureAd.AuthorityError.values()).map(Enum::name).forEach(known::add);
        Arrays.stream(AadError.values()).map(Enum::name).forEach(known::add);
        assertTrue(known.toString(), known.size() > 40);
        known.removeAll(documented);
        assertEquals(Set.of(), known);
    }

    private static HttpRequest.Builder request(Emulator emulator, Matcher curl) {
        String body = curl.group(5);
        String method = curl.group(1) != null ? curl.group(1) : body != null ? "POST" : "GET";
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(emulator.authority() + curl.group(4)))
                .timeout(Duration.ofSeconds(30))
                .method(method, BodyPublishers.ofString(body == null ? "" : body));
        return curl.group(2) == null ? request : request.header(curl.group(2), curl.group(3));
    }
}
