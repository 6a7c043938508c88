/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.build;

import static org.junit.Assert.assertFalse;

import com.tngtech.archunit.core.domain.JavaClass;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.Rule;
import org.junit.Test;

/**
 * Jenkins finds symbols by an index that its annotation processor writes. The central build has no such processor, so
 * the index is a file of its own there.
 */
public class SymbolIndexTest {

    private static final String INDEX = "META-INF/services/annotations/org.jenkinsci.Symbol";

    @Rule
    public final Problems problems = new Problems();

    @Test
    public void theIndexNamesEveryClassWithASymbolInOrder() throws IOException {
        List<String> annotated = PluginClasses.all().stream()
                .filter(type -> type.isAnnotatedWith("org.jenkinsci.Symbol"))
                .map(JavaClass::getName)
                .sorted()
                .toList();
        assertFalse(annotated.isEmpty());
        for (Path root : List.of(Path.of("src/central/resources"), PluginClasses.directory())) {
            Path index = root.resolve(INDEX);
            List<String> lines = Files.readAllLines(index);
            problems.expectSame(
                    annotated,
                    lines,
                    index + ": add the line %s",
                    index + ": remove the line %s, which is no class with a @Symbol");
            problems.expect(
                    !Set.copyOf(lines).equals(Set.copyOf(annotated)) || lines.equals(annotated),
                    index + ": sort the lines like this: " + annotated);
        }
    }

    @Test
    public void everySymbolBelongsToAnExtension() {
        PluginClasses.all().stream()
                .filter(type -> type.isAnnotatedWith("org.jenkinsci.Symbol"))
                .filter(type -> !type.isAnnotatedWith("hudson.Extension"))
                .forEach(type -> problems.add(type.getName() + ": add @Extension, because it has a @Symbol"));
    }
}
