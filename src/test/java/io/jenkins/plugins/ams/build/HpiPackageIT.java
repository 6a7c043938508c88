/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.build;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.JarInputStream;
import java.util.jar.Manifest;
import java.util.stream.Collectors;
import java.util.zip.ZipEntry;
import org.junit.BeforeClass;
import org.junit.Test;

/**
 * The packaged plugin. What is asserted here is what Jenkins does not complain about: with one of these missing the
 * plugin loads, and a part of it is silently not there.
 */
public class HpiPackageIT {

    private static final String LIBRARIES = "WEB-INF/lib/";
    private static final String OWN_JAR = LIBRARIES + "azure-media-services.jar";

    private static Attributes hpiManifest;
    private static Attributes jarManifest;
    private static Set<String> libraries;
    private static Map<String, byte[]> ownFiles;

    @BeforeClass
    public static void unpack() throws IOException {
        Path hpi = Path.of(System.getProperty("hpi.file"));
        try (JarFile file = new JarFile(hpi.toFile())) {
            hpiManifest = file.getManifest().getMainAttributes();
            libraries = file.stream()
                    .map(ZipEntry::getName)
                    .filter(name -> name.endsWith(".jar"))
                    .collect(Collectors.toCollection(TreeSet::new));
            byte[] jar = file.getInputStream(file.getEntry(OWN_JAR)).readAllBytes();
            try (JarInputStream own = new JarInputStream(new ByteArrayInputStream(jar))) {
                Manifest manifest = own.getManifest();
                jarManifest = manifest.getMainAttributes();
                ownFiles = files(own);
            }
        }
    }

    /** Jenkins' class filter knows a plugin's classes by Short-Name and drops what others have persisted. */
    @Test
    public void bothManifestsAreThoseOfAPlugin() {
        for (String header : List.of(
                "Short-Name",
                "Long-Name",
                "Plugin-Version",
                "Jenkins-Version",
                "Plugin-Dependencies",
                "Mask-Classes",
                "Group-Id")) {
            assertTrue(
                    header,
                    hpiManifest.getValue(header) != null
                            && !hpiManifest.getValue(header).contains("${"));
            assertEquals(header, hpiManifest.getValue(header), jarManifest.getValue(header));
        }
        assertEquals("azure-media-services", hpiManifest.getValue("Short-Name"));
    }

    /** A plugin that ours depends on may bring other versions of these, and Jenkins would take them before ours. */
    @Test
    public void bundlesTheLibrariesInUse() throws IOException {
        List<String> masks = List.of(hpiManifest.getValue("Mask-Classes").split(" "));
        Path hpi = Path.of(System.getProperty("hpi.file"));
        try (JarFile file = new JarFile(hpi.toFile())) {
            for (String library : libraries) {
                if (library.equals(OWN_JAR)) {
                    continue;
                }
                try (JarInputStream jar = new JarInputStream(file.getInputStream(file.getEntry(library)))) {
                    files(jar).keySet().stream()
                            .filter(name -> name.endsWith(".class") && !name.contains("-"))
                            .forEach(name -> assertTrue(
                                    name + " of " + library,
                                    masks.stream().anyMatch(name.replace('/', '.')::startsWith)));
                }
            }
        }
    }

    @Test
    public void everyExtensionIsIndexed() throws IOException {
        assertTrue(ownFiles.containsKey("META-INF/annotations/hudson.Extension"));
        assertTrue(ownFiles.containsKey("META-INF/services/annotations/org.jenkinsci.Symbol"));
        String index = new String(ownFiles.get("META-INF/annotations/hudson.Extension"), "ISO-8859-1");
        PluginClasses.all().stream()
                .filter(type -> type.isAnnotatedWith("hudson.Extension"))
                .forEach(type -> assertTrue(type.getName(), index.contains(type.getName())));
    }

    @Test
    public void bundlesOnlyLibrariesMissingInJenkins() {
        Set<String> names = libraries.stream()
                .map(path -> path.substring(LIBRARIES.length()).replaceFirst("(-\\d[^/]*)?\\.jar$", ""))
                .collect(Collectors.toCollection(TreeSet::new));
        Set<String> expected = new TreeSet<>(Set.of(Pom.read(Path.of("pom.xml"))
                .properties()
                .get("hpi.bundledArtifacts")
                .split(",")));
        expected.add("azure-media-services");
        assertEquals(expected, names);
    }

    @Test
    public void bundlesNoClassOfJenkins() throws IOException {
        Path hpi = Path.of(System.getProperty("hpi.file"));
        Set<String> foreign = new TreeSet<>();
        try (JarFile file = new JarFile(hpi.toFile())) {
            for (String library : libraries) {
                try (JarInputStream jar = new JarInputStream(file.getInputStream(file.getEntry(library)))) {
                    files(jar).keySet().stream()
                            .filter(name -> name.endsWith(".class"))
                            .filter(name -> !name.startsWith("io/jenkins/plugins/ams/")
                                    && !name.matches(
                                            "(META-INF/versions/\\d+/)?(com/(microsoft/aad/msal4j|azure/json)/.*"
                                                    + "|module-info\\.class)"))
                            .forEach(name -> foreign.add(library + ": " + name));
                }
            }
        }
        assertEquals("add clean to the command if an IDE has compiled src/jenkins-api/java", Set.of(), foreign);
    }

    @Test
    public void bundlesNoTestAndNoApiSignature() {
        Set<String> packages = ownFiles.keySet().stream()
                .filter(name -> name.endsWith(".class"))
                .map(name -> name.substring(0, name.lastIndexOf('/')))
                .collect(Collectors.toCollection(TreeSet::new));
        Set<String> built = PluginClasses.all().stream()
                .map(type -> type.getPackageName().replace('.', '/'))
                .collect(Collectors.toCollection(TreeSet::new));
        assertEquals(built, packages);
    }

    private static Map<String, byte[]> files(JarInputStream jar) throws IOException {
        Map<String, byte[]> files = new TreeMap<>();
        for (ZipEntry entry = jar.getNextEntry(); entry != null; entry = jar.getNextEntry()) {
            files.put(entry.getName(), ((InputStream) jar).readAllBytes());
        }
        return files;
    }
}
