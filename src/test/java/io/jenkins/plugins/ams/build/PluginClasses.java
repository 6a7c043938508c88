/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.build;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import io.jenkins.plugins.ams.service.AmsService;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.logging.Level;
import java.util.logging.Logger;

/** The plugin's own classes, read from their class files: none of them is loaded, so no Jenkins is needed. */
final class PluginClasses {

    static final String PACKAGE = "io.jenkins.plugins.ams";

    /** ArchUnit logs the Java version at the INFO level. This field keeps the logger from being garbage-collected. */
    private static final Logger LOGGER = Logger.getLogger("com.tngtech.archunit");

    private static final JavaClasses CLASSES;

    static {
        LOGGER.setLevel(Level.WARNING);
        CLASSES = new ClassFileImporter().importPath(directory());
    }

    private PluginClasses() {}

    static JavaClasses all() {
        return CLASSES;
    }

    /** Where the build put the classes and resources, without those of tests. */
    static Path directory() {
        try {
            return Path.of(AmsService.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException("a class from somewhere else than a directory", e);
        }
    }
}
