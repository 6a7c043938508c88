package io.jenkins.plugins.ams.build;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashSet;
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
        Set<String> declared = standard.dependencies().stream()
                .filter(dependency -> PLUGIN_GROUPS.contains(dependency.groupId()))
                .filter(dependency -> dependency.scope().equals("compile"))
                .map(Pom.Dependency::artifactId)
                .collect(Collectors.toCollection(TreeSet::new));
        Map<String, String> inManifest = pluginDependencies();
        assertEquals(declared, inManifest.keySet());
        inManifest.forEach((plugin, version) -> {
            assertEquals("${" + plugin + ".version}", version);
            assertFalse(plugin, central.resolve(version).contains("${"));
        });
    }

    /** In the order of the manifest; a version is an expression, since the manifest is filtered. */
    private static Map<String, String> pluginDependencies() throws IOException {
        String line = Files.readAllLines(Path.of("src/central/MANIFEST.MF")).stream()
                .filter(header -> header.startsWith("Plugin-Dependencies: "))
                .findFirst()
                .orElseThrow();
        Set<String> entries = new LinkedHashSet<>(Arrays.asList(line.split(": ", 2)[1].split(",")));
        return entries.stream()
                .map(entry -> entry.split(":"))
                .collect(Collectors.toMap(parts -> parts[0], parts -> parts[1], (a, b) -> a, TreeMap::new));
    }
}
