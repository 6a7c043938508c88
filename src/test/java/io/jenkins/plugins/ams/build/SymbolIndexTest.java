/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.build;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;

import com.tngtech.archunit.core.domain.JavaClass;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.Test;

/**
 * Jenkins finds symbols by an index that its annotation processor writes. The central build has no such processor, so
 * the index is a file of its own there.
 */
public class SymbolIndexTest {

    private static final String INDEX = "META-INF/services/annotations/org.jenkinsci.Symbol";

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
            assertEquals(index.toString(), lines(annotated), lines(Files.readAllLines(index)));
        }
    }

    @Test
    public void everySymbolBelongsToAnExtension() {
        List<String> forgotten = PluginClasses.all().stream()
                .filter(type -> type.isAnnotatedWith("org.jenkinsci.Symbol"))
                .filter(type -> !type.isAnnotatedWith("hudson.Extension"))
                .map(JavaClass::getName)
                .toList();
        assertEquals(List.of(), forgotten);
    }

    /** As one text, so that a failure shows the line that is missing and not both lists. */
    private static String lines(List<String> names) {
        return String.join("\n", names);
    }
}
