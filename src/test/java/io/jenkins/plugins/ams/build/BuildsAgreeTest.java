/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.build;

import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.Rule;
import org.junit.Test;

/** pom.xml and pom-central.xml build the same plugin, so what both say has to be the same. */
public class BuildsAgreeTest {

    /** What these hold comes from Jenkins' plugin BOM in pom.xml and is a version of its own in pom-central.xml. */
    private static final Set<String> PLUGIN_GROUPS =
            Set.of("org.jenkins-ci.plugins", "org.jenkins-ci.plugins.workflow", "io.jenkins.plugins");

    private static final Path MANIFEST = Path.of("src/central/MANIFEST.MF");

    private final Pom standard = Pom.read(Path.of("pom.xml"));
    private final Pom central = Pom.read(Path.of("pom-central.xml"));

    @Rule
    public final Problems problems = new Problems();

    @Test
    public void buildsTheSameArtifact() {
        for (String element : new String[] {"groupId", "artifactId", "version", "name", "url"}) {
            expectEqual(
                    "<" + element + ">",
                    standard.resolve(standard.text(element)),
                    central.resolve(central.text(element)));
        }
        expectEqual("<url> of the <license>", standard.licenseUrl(), central.licenseUrl());
    }

    @Test
    public void propertiesOfTheSameNameHaveTheSameValue() {
        Map<String, String> shared = new TreeMap<>(standard.properties());
        shared.keySet().retainAll(central.properties().keySet());
        assertTrue(
                "so few shared properties: " + shared.keySet(),
                shared.keySet()
                        .containsAll(Set.of("changelist", "jenkins.baseline", "jenkins.version", "msal4j.version")));
        shared.forEach((name, value) ->
                expectEqual("the property " + name, value, central.properties().get(name)));
    }

    @Test
    public void librariesAreTheSame() {
        for (Pom.Dependency library : standard.dependencies()) {
            // those of Jenkins are signatures in the other build, and those for tests of a running Jenkins are not
            // there
            if (library.groupId().startsWith("org.jenkins") || library.groupId().startsWith("io.jenkins")) {
                continue;
            }
            String name = library.groupId() + ":" + library.artifactId();
            Optional<Pom.Dependency> other = central.dependencies().stream()
                    .filter(dependency -> name.equals(dependency.groupId() + ":" + dependency.artifactId()))
                    .findFirst();
            if (other.isEmpty()) {
                problems.add("pom-central.xml: add the dependency " + name + " of pom.xml");
                continue;
            }
            expectEqual("the scope of " + name, library.scope(), other.get().scope());
            if (library.version() != null) {
                expectEqual(
                        "the version of " + name, library.version(), other.get().version());
            }
        }
    }

    @Test
    public void bundlesTheSameLibraries() {
        Set<String> bundled =
                Set.of(standard.properties().get("hpi.bundledArtifacts").split(","));
        for (Pom.Dependency library : central.dependencies()) {
            if (library.scope().equals("compile")) {
                problems.expect(
                        bundled.contains(library.artifactId()),
                        "pom.xml: add " + library.artifactId()
                                + " to hpi.bundledArtifacts, because pom-central.xml bundles"
                                + " it. Or give it another scope in pom-central.xml");
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
        problems.expectSame(
                declared,
                inManifest,
                MANIFEST + ": add %s to Plugin-Dependencies, because pom.xml declares the plugin",
                MANIFEST + ": remove %s from Plugin-Dependencies, because pom.xml does not declare the plugin so");
        for (String plugin : inManifest) {
            problems.expect(
                    !central.resolve(plugin).contains("${"),
                    "pom-central.xml: add the property for the version in " + plugin + ", which " + MANIFEST + " uses");
        }
    }

    @Test
    public void hidesTheSameClassesOfOtherPlugins() throws IOException {
        String masked = standard.configuration("maven-hpi-plugin", "maskClasses");
        problems.expect(
                masked.equals(header("Mask-Classes")),
                MANIFEST + ": Mask-Classes must be '" + masked + "' as maskClasses in pom.xml");
    }

    @Test
    public void declaresEachPluginOnce() {
        // Maven only warns, and Pom reads the first
        Map.of("pom.xml", standard, "pom-central.xml", central).forEach((file, pom) -> {
            Set<String> seen = new TreeSet<>();
            for (String plugin : pom.plugins()) {
                problems.expect(seen.add(plugin), file + ": join the two entries of " + plugin + " in <plugins>");
            }
        });
    }

    private void expectEqual(String what, String inStandard, String inCentral) {
        problems.expect(
                Objects.equals(inStandard, inCentral),
                what + " must be the same in both POMs: '" + inStandard + "' in pom.xml, '" + inCentral
                        + "' in pom-central.xml");
    }

    private static String header(String name) throws IOException {
        return Files.readAllLines(MANIFEST).stream()
                .filter(header -> header.startsWith(name + ": "))
                .map(header -> header.substring(name.length() + 2))
                .findFirst()
                .orElseThrow();
    }
}
