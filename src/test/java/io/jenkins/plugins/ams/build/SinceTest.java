/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.build;

import static org.junit.Assert.assertTrue;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.properties.CanBeAnnotated;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.Rule;
import org.junit.Test;

/** What pipelines, scripts, the REST API and Configuration as Code may name says since which release there is such a thing. */
public class SinceTest {

    private static final List<String> MARKS = List.of(
            "org.kohsuke.stapler.DataBoundConstructor",
            "org.kohsuke.stapler.export.ExportedBean",
            "org.jenkinsci.Symbol",
            "org.jenkinsci.plugins.scriptsecurity.sandbox.whitelists.Whitelisted");

    @Rule
    public final Problems problems = new Problems();

    @Test
    public void publicApiDeclaresSince() throws IOException {
        int seen = 0;
        for (JavaClass type : PluginClasses.all()) {
            if (type.getEnclosingClass().isEmpty() && isPublicApi(type)) {
                seen++;
                Path source = Path.of("src/main/java", type.getName().replace('.', '/') + ".java");
                problems.expect(
                        Files.readString(source).contains("\n * @since "),
                        source + ": add @since TODO to the Javadoc of the class, because other code may refer to it");
            }
        }
        assertTrue("only " + seen + " classes are for others", seen > 15);
    }

    private static boolean isPublicApi(JavaClass type) {
        Stream<CanBeAnnotated> parts = Stream.of(
                        Stream.of(type), type.getConstructors().stream(), type.getMethods().stream())
                .flatMap(part -> part);
        return parts.anyMatch(part -> MARKS.stream().anyMatch(part::isAnnotatedWith))
                || type.isAssignableTo("jenkins.model.CauseOfInterruption");
    }
}
