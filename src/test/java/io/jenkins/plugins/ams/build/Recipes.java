/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.build;

import io.jenkins.plugins.ams.emulator.Emulator;
import io.jenkins.plugins.ams.emulator.LiveApi;
import io.jenkins.plugins.ams.emulator.LiveServices;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The recipes of docs/recipes.md, with the addresses of an emulator in place of those of the services. */
final class Recipes {

    private static final Path PAGE = Path.of("docs/recipes.md");
    private static final Path AZURE_CLI = Path.of("src/test/resources/io/jenkins/plugins/ams/az");
    private static final Pattern PART =
            Pattern.compile("^#{2,3} ([^\n]+)$|^```(\\w*)(?: (\\w+))?\n(.*?)^```$", Pattern.DOTALL | Pattern.MULTILINE);

    private final Map<String, String> texts = new LinkedHashMap<>();
    private final Map<String, String> replacements;

    /** @throws IOException if the page cannot be read */
    Recipes(Emulator emulator) throws IOException {
        replacements = Map.of(
                "https://app.mk.io/", emulator.endpoint(LiveApi.MK_IO).toString(),
                "projects/media-prod", "projects/" + LiveServices.PROJECT,
                "https://media.ravnur.example", emulator.authority() + "/ravnur",
                "https://arm.media.example", emulator.authority() + "/arm",
                "https://mediaprod.restv2.westeurope.media.azure.net",
                        emulator.authority().toString(),
                "https://login.microsoftonline.com", emulator.authority().toString(),
                "72f988bf-86f1-41af-91ab-2d7cd011db47", emulator.tenant(),
                "resourceGroups/media/", "resourceGroups/" + LiveServices.RESOURCE_GROUP + "/",
                "mediaServices/mediaprod", "mediaServices/" + LiveServices.ACCOUNT);
        Matcher part = PART.matcher(Documentation.read(PAGE));
        String heading = "";
        while (part.find()) {
            if (part.group(1) != null) {
                heading = part.group(1);
            } else {
                texts.put(name(heading, part.group(2), part.group(3)), part.group(4));
            }
        }
    }

    private static String name(String heading, String language, String kind) {
        String type = language + " " + kind;
        return heading + (type.equals("groovy recipe") ? "" : language.isEmpty() ? " (output)" : " (" + type + ")");
    }

    /** Returns the headings of all examples, with the type of those that are not Pipelines. */
    Set<String> names() {
        return texts.keySet();
    }

    /** Returns a recipe that uses the emulator. */
    String text(String name) {
        String text = texts.get(name);
        if (text == null) {
            throw new IllegalArgumentException(PAGE + " has no recipe '" + name + "'; recipes: " + names());
        }
        for (Map.Entry<String, String> replacement : replacements.entrySet()) {
            text = text.replace(replacement.getKey(), replacement.getValue());
        }
        return text;
    }

    /**
     * Installs a stand-in of the Azure CLI and the certificate of the emulator.
     *
     * @return the environment variables that the commands of the recipes need
     */
    static Map<String, String> install(Emulator emulator, Path directory) throws IOException {
        Path az = directory.resolve("az");
        Files.copy(AZURE_CLI, az);
        if (!az.toFile().setExecutable(true)) {
            throw new IOException("cannot make " + az + " executable");
        }
        Path certificate = directory.resolve("certificate.pem");
        emulator.writeCertificate(certificate);
        return Map.of(
                "CURL_CA_BUNDLE",
                certificate.toString(),
                "STANDIN_AUTHORITY",
                emulator.authority().toString(),
                "PATH",
                directory + ":" + System.getenv("PATH"));
    }

    /** Returns whether the commands of the recipes are installed on this machine. */
    static boolean canRun() throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        "sh", "-c", "curl -sS --fail-with-body file:///dev/null && printf 1 | jq .")
                .redirectErrorStream(true)
                .start();
        process.getInputStream().readAllBytes();
        return process.waitFor() == 0;
    }
}
