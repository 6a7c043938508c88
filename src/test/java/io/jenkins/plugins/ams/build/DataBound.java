/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.build;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Finds the properties of a class that forms, Pipelines, and Configuration as Code can set. Reads the class's source.
 */
final class DataBound {

    private static final Path MAIN = Path.of("src/main/java/io/jenkins/plugins/ams");
    private static final Pattern CONSTRUCTOR =
            Pattern.compile("@DataBoundConstructor\\s+public \\w+\\(([^)]*)\\)", Pattern.DOTALL);
    private static final Pattern SETTER =
            Pattern.compile("@DataBoundSetter\\s+public void set\\w+\\((?:@\\w+ )?[\\w<>]+ (\\w+)\\)");
    private static final Pattern ANNOTATED_SETTER = Pattern.compile("@DataBoundSetter\\s");

    private DataBound() {}

    /**
     * Returns the names of the parameters of the annotated constructor and setters.
     *
     * @param file the path of the source below the plugin's package
     */
    static Set<String> parameters(String file) throws IOException {
        Path path = MAIN.resolve(file);
        String source = Documentation.read(path);
        Matcher constructor = CONSTRUCTOR.matcher(source);
        assertTrue(path + " has no public constructor with the annotation @DataBoundConstructor", constructor.find());
        List<String> parameters = Arrays.stream(constructor.group(1).split(","))
                .filter(parameter -> !parameter.isBlank())
                .map(parameter -> parameter.substring(parameter.lastIndexOf(' ') + 1))
                .toList();
        Set<String> names = new TreeSet<>(parameters);
        Matcher setter = SETTER.matcher(source);
        while (setter.find()) {
            names.add(setter.group(1));
        }
        long setters = ANNOTATED_SETTER.matcher(source).results().count();
        assertEquals(
                path + ": write each @DataBoundSetter in the line above a public setter with one parameter; " + names,
                setters + parameters.size(),
                names.size());
        return names;
    }
}
