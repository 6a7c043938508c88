/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
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
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.Test;

/** pom.xml and pom-central.xml build the same plugin, so what both say has to be the same. */
public class BuildsAgreeTest {

    /** What these hold comes from Jenkins' plugin BOM in pom.xml and is a version of its own in pom-central.xml. */
    private static final Set<String> PLUGIN_GROUPS =
            Set.of("org.jenkins-ci.plugins", "org.jenkins-ci.plugins.workflow", "io.jenkins.plugins");

    private final Pom standard = Pom.read(Path.of("pom.xml"));
    private final Pom central = Pom.read(Path.of("pom-central.xml"));

    @Test
    public void buildsTheSameArtifact() {
        for (String element : new String[] {"groupId", "artifactId", "version", "name"}) {
            assertEquals(element, standard.text(element), central.text(element));
        }
        assertEquals(standard.resolve(standard.text("url")), central.resolve(central.text("url")));
        assertEquals(standard.licenseUrl(), central.licenseUrl());
    }

    @Test
    public void propertiesOfTheSameNameHaveTheSameValue() {
        Map<String, String> shared = new TreeMap<>(standard.properties());
        shared.keySet().retainAll(central.properties().keySet());
        assertTrue(
                "so few shared properties: " + shared.keySet(),
                shared.keySet()
                        .containsAll(Set.of("changelist", "jenkins.baseline", "jenkins.version", "msal4j.version")));
        shared.forEach(
                (name, value) -> assertEquals(name, value, central.properties().get(name)));
    }

    @Test
    public void librariesAreTheSame() {
        for (Pom.Dependency library : standard.dependencies()) {
            // those of Jenkins are signatures in the other build, and those for tests of a running Jenkins are not
            // there
            if (library.groupId().startsWith("org.jenkins") || library.groupId().startsWith("io.jenkins")) {
                continue;
            }
            Pom.Dependency other = central.dependency(library.groupId(), library.artifactId());
            assertEquals(library.toString(), library.scope(), other.scope());
            if (library.version() != null) {
                assertEquals(library.toString(), library.version(), other.version());
            }
        }
    }

    @Test
    public void bundlesTheSameLibraries() {
        Set<String> bundled =
                Set.of(standard.properties().get("hpi.bundledArtifacts").split(","));
        for (Pom.Dependency library : central.dependencies()) {
            if (library.scope().equals("compile")) {
                assertTrue(library + " is bundled by one build alone", bundled.contains(library.artifactId()));
            }
        }
    }

    @Test
    public void dependsOnTheSamePlugins() throws IOException {
        // versions are expressions, since the manifest is filtered
        Set<String> declared = standard.dependencies().stream()
                .filter(dependency -> PLUGIN_GROUPS.contains(dependency.groupId()))
                .filter(dependency -> dependency.scope().equals("compile"))
                .map(plugin -> plugin.artifactId() + ":${" + plugin.artifactId() + ".version}"
                        + (plugin.optional() ? ";resolution:=optional" : ""))
                .collect(Collectors.toCollection(TreeSet::new));
        Set<String> inManifest =
                new TreeSet<>(List.of(header("Plugin-Dependencies").split(",")));
        assertEquals(declared, inManifest);
        inManifest.forEach(plugin -> assertFalse(plugin, central.resolve(plugin).contains("${")));
    }

    @Test
    public void hidesTheSameClassesOfOtherPlugins() throws IOException {
        assertEquals(standard.configuration("maven-hpi-plugin", "maskClasses"), header("Mask-Classes"));
    }

    @Test
    public void declaresEachPluginOnce() {
        // Maven only warns, and Pom reads the first
        for (Pom pom : List.of(standard, central)) {
            List<String> plugins = pom.plugins();
            assertEquals(plugins.stream().distinct().toList(), plugins);
        }
    }

    private static String header(String name) throws IOException {
        return Files.readAllLines(Path.of("src/central/MANIFEST.MF")).stream()
                .filter(header -> header.startsWith(name + ": "))
                .map(header -> header.substring(name.length() + 2))
                .findFirst()
                .orElseThrow();
    }
}
