/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.build;

import static org.junit.Assert.assertTrue;

import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;

/** Checks that each parameter of the Pipeline step and of the build step is in every place that needs it. */
public class StepParametersTest {

    private static final String STEP = "pipeline/WaitForAmsJobStep";
    private static final String BUILDER = "freestyle/WaitForAmsJobBuilder";
    private static final String VALUES = "wait/WaitParameters";

    private static final Path RESOURCES = Path.of("src/main/resources/io/jenkins/plugins/ams");
    private static final Path TESTS = Path.of("src/test/java/io/jenkins/plugins/ams");
    private static final Path HELP = RESOURCES.resolve(STEP);
    private static final Path FORM = HELP.resolve("config.jelly");
    private static final Pattern FIELD = Pattern.compile("<f:entry [^>]*field=\"(\\w+)\"");
    private static final Pattern HELP_FILE = Pattern.compile("help-(\\w+?)(?:_fr)?\\.html");

    /** The pages with a table of parameters, and the headings of the first columns of these tables. */
    private static final Map<Path, String> TABLES = new TreeMap<>(Map.of(
            Path.of("docs/usage.md"), "parameter",
            Path.of("README.md"), "parameter",
            Path.of("docs/LISEZMOI.md"), "paramètre"));

    @Rule
    public final Problems problems = new Problems();

    /** The parameters of the Pipeline step, the build step, or both. */
    private final Set<String> parameters = new TreeSet<>();

    @Before
    public void read() throws IOException {
        parameters.addAll(DataBound.parameters(STEP + ".java"));
        parameters.addAll(DataBound.parameters(BUILDER + ".java"));
        assertTrue(parameters.toString(), parameters.contains("jobId"));
    }

    @Test
    public void bothEntryPointsHaveIt() throws IOException {
        for (String entryPoint : Set.of(STEP, BUILDER)) {
            Set<String> there = DataBound.parameters(entryPoint + ".java");
            for (String parameter : parameters) {
                problems.expect(
                        there.contains(parameter),
                        source(entryPoint) + ": add a @DataBoundSetter set" + capitalized(parameter)
                                + ", which the other entry point has");
            }
        }
    }

    @Test
    public void theFormHasAField() throws IOException {
        Matcher field = FIELD.matcher(Files.readString(FORM));
        problems.expectSame(
                parameters,
                field.results().map(found -> found.group(1)).collect(Collectors.toSet()),
                FORM + ": add <f:entry field=\"%s\">",
                FORM + ": remove the field %s, which is no parameter of " + source(STEP));
        Path builderForm = RESOURCES.resolve(BUILDER).resolve("config.jelly");
        problems.expect(
                Files.readString(builderForm).contains("page=\"/io/jenkins/plugins/ams/" + STEP + "/config.jelly\""),
                builderForm + ": include " + FORM);
    }

    @Test
    public void hasHelpInBothLanguages() throws IOException {
        for (String parameter : parameters) {
            for (String suffix : new String[] {".html", "_fr.html"}) {
                Path help = HELP.resolve("help-" + parameter + suffix);
                problems.expect(Files.exists(help), "add " + help);
            }
        }
        try (Stream<Path> files = Files.list(HELP)) {
            for (Path file : files.sorted().toList()) {
                Matcher help = HELP_FILE.matcher(file.getFileName().toString());
                problems.expect(
                        !help.matches() || parameters.contains(help.group(1)),
                        "delete " + file + ", or add the parameter to " + source(STEP));
            }
        }
    }

    @Test
    public void isPassedOnAndUsed() {
        JavaClass values = type(VALUES);
        for (String parameter : parameters) {
            boolean stored = values.tryGetField(parameter).isPresent();
            problems.expect(stored, source(VALUES) + ": add a field and a constructor parameter " + parameter);
            for (String entryPoint : Set.of(STEP, BUILDER)) {
                problems.expect(
                        isRead(type(entryPoint), parameter),
                        source(entryPoint) + ": pass " + parameter + " to WaitParameters");
            }
            problems.expect(
                    !stored || isUsed(values, parameter),
                    source(VALUES) + ": nothing uses " + parameter
                            + ". Add an accessor, and call it where waits start");
        }
    }

    @Test
    public void isDocumented() throws IOException {
        for (Map.Entry<Path, String> table : TABLES.entrySet()) {
            problems.expectSame(
                    parameters,
                    Documentation.firstColumn(Documentation.read(table.getKey()), table.getValue()),
                    table.getKey() + ": add a row for the parameter `%s`",
                    table.getKey() + ": remove the row for `%s`, which is no parameter of " + source(STEP));
        }
    }

    /** The tests of forms and snippets compare objects in which every parameter is set. */
    @Test
    public void survivesTheRoundTripOfTheForm() throws IOException {
        for (String entryPoint : Set.of(STEP, BUILDER)) {
            Path test = TESTS.resolve(entryPoint + "FormJenkinsTest.java");
            String source = Documentation.read(test);
            for (String parameter : parameters) {
                problems.expect(
                        parameter.equals("jobId") || source.contains(".set" + capitalized(parameter) + "("),
                        test + ": set " + parameter
                                + " in the object that the form is compared with, and add it to what the other methods expect");
            }
        }
    }

    /** Returns whether an entry point's property is read by code other than its accessors and its constructor. */
    private static boolean isRead(JavaClass entryPoint, String parameter) {
        Set<String> getters = Set.of("get" + capitalized(parameter), "is" + capitalized(parameter));
        Set<String> accessors = new TreeSet<>(getters);
        accessors.addAll(Set.of("set" + capitalized(parameter), "<init>"));
        return Stream.concat(
                        entryPoint.getFields().stream()
                                .filter(field -> field.getName().equals(parameter))
                                .flatMap(field -> field.getAccessesToSelf().stream())
                                .map(JavaAccess::getOrigin),
                        entryPoint.getMethods().stream()
                                .filter(method -> getters.contains(method.getName()))
                                .flatMap(method -> method.getCallsOfSelf().stream())
                                .map(JavaAccess::getOrigin))
                .anyMatch(origin -> !origin.getOwner().equals(entryPoint) || !accessors.contains(origin.getName()));
    }

    /**
     * Returns whether another class calls a method that reads a field of the values. The method that copies them does
     * not count.
     */
    private static boolean isUsed(JavaClass values, String field) {
        return values.getField(field).getAccessesToSelf().stream()
                .map(JavaAccess::getOrigin)
                .filter(origin -> !Set.of("<init>", "checked").contains(origin.getName()))
                .flatMap(origin -> origin.getAccessesToSelf().stream())
                .anyMatch(call -> !call.getOriginOwner().equals(values));
    }

    private static JavaClass type(String name) {
        return PluginClasses.all().get(PluginClasses.PACKAGE + "." + name.replace('/', '.'));
    }

    private static Path source(String name) {
        return Path.of("src/main/java/io/jenkins/plugins/ams/" + name + ".java");
    }

    private static String capitalized(String name) {
        return name.substring(0, 1).toUpperCase(Locale.ROOT) + name.substring(1);
    }
}
