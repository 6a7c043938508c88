/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.build;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.xml.sax.SAXException;

/** What a POM itself says, without its parent. */
final class Pom {

    private static final Pattern EXPRESSION = Pattern.compile("\\$\\{([^}]+)}");

    private final Element project;

    private Pom(Element project) {
        this.project = project;
    }

    static Pom read(Path file) {
        try {
            return new Pom(DocumentBuilderFactory.newInstance()
                    .newDocumentBuilder()
                    .parse(file.toFile())
                    .getDocumentElement());
        } catch (IOException | SAXException | ParserConfigurationException e) {
            throw new IllegalStateException("cannot read " + file, e);
        }
    }

    /** The text of a direct child of the project. */
    String text(String name) {
        return text(project, name);
    }

    String licenseUrl() {
        return text(child(child(project, "licenses"), "license"), "url");
    }

    Map<String, String> properties() {
        Map<String, String> properties = new LinkedHashMap<>();
        for (Element property : children(child(project, "properties"))) {
            properties.put(property.getTagName(), property.getTextContent().trim());
        }
        return properties;
    }

    List<Dependency> dependencies() {
        return children(child(project, "dependencies")).stream()
                .map(element -> new Dependency(
                        text(element, "groupId"),
                        text(element, "artifactId"),
                        text(element, "version"),
                        text(element, "scope") == null ? "compile" : text(element, "scope"),
                        Boolean.parseBoolean(text(element, "optional"))))
                .toList();
    }

    /** The artifacts that are plugins of the build, as often as they stand there. */
    List<String> plugins() {
        return children(child(child(project, "build"), "plugins")).stream()
                .map(element -> text(element, "artifactId"))
                .toList();
    }

    /** What a plugin of the build is configured with. */
    String configuration(String plugin, String name) {
        return children(child(child(project, "build"), "plugins")).stream()
                .filter(element -> plugin.equals(text(element, "artifactId")))
                .map(element -> text(child(element, "configuration"), name))
                .findFirst()
                .orElseThrow(() -> new NoSuchElementException("no configuration of " + plugin));
    }

    /** The text with the values of this POM's properties in place of expressions. */
    String resolve(String text) {
        Matcher expression = EXPRESSION.matcher(text);
        return expression.replaceAll(match -> {
            String name = match.group(1);
            String value = name.startsWith("project.")
                    ? text(name.substring("project.".length()))
                    : properties().get(name);
            return Matcher.quoteReplacement(value == null ? match.group() : resolve(value));
        });
    }

    private static String text(Element parent, String name) {
        Element child = find(parent, name);
        return child == null ? null : child.getTextContent().trim();
    }

    private static Element child(Element parent, String name) {
        Element child = find(parent, name);
        if (child == null) {
            throw new NoSuchElementException("no <" + name + "> in <" + parent.getTagName() + ">");
        }
        return child;
    }

    private static Element find(Element parent, String name) {
        return children(parent).stream()
                .filter(element -> element.getTagName().equals(name))
                .findFirst()
                .orElse(null);
    }

    private static List<Element> children(Element parent) {
        List<Element> children = new ArrayList<>();
        for (Node node = parent.getFirstChild(); node != null; node = node.getNextSibling()) {
            if (node instanceof Element element) {
                children.add(element);
            }
        }
        return children;
    }

    /**
     * @param version null if it is managed elsewhere
     * @param scope {@code compile} if none is given
     */
    record Dependency(String groupId, String artifactId, String version, String scope, boolean optional) {}
}
