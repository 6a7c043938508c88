/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.build;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.properties.CanBeAnnotated;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.Test;

/** What pipelines, scripts, the REST API and Configuration as Code may name says since which release there is such a thing. */
public class SinceTest {

    private static final List<String> MARKS = List.of(
            "org.kohsuke.stapler.DataBoundConstructor",
            "org.kohsuke.stapler.export.ExportedBean",
            "org.jenkinsci.Symbol",
            "org.jenkinsci.plugins.scriptsecurity.sandbox.whitelists.Whitelisted");

    @Test
    public void publicApiDeclaresSince() throws IOException {
        Set<String> without = new TreeSet<>();
        int seen = 0;
        for (JavaClass type : PluginClasses.all()) {
            if (type.getEnclosingClass().isEmpty() && isPublicApi(type)) {
                seen++;
                Path source = Path.of("src/main/java", type.getName().replace('.', '/') + ".java");
                if (!Files.readString(source).contains("\n * @since ")) {
                    without.add(type.getName());
                }
            }
        }
        assertTrue("only " + seen + " classes are for others", seen > 15);
        assertEquals("without @since; «@since TODO» until the release has a number", Set.of(), without);
    }

    private static boolean isPublicApi(JavaClass type) {
        Stream<CanBeAnnotated> parts = Stream.of(
                        Stream.of(type), type.getConstructors().stream(), type.getMethods().stream())
                .flatMap(part -> part);
        return parts.anyMatch(part -> MARKS.stream().anyMatch(part::isAnnotatedWith))
                || type.isAssignableTo("jenkins.model.CauseOfInterruption");
    }
}
