/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assume.assumeFalse;

import groovy.lang.GroovyShell;
import hudson.Functions;
import hudson.model.FreeStyleProject;
import hudson.model.Job;
import hudson.model.Result;
import hudson.model.Run;
import io.jenkins.plugins.ams.freestyle.WaitForAmsJobBuilder;
import io.jenkins.plugins.casc.ConfigurationAsCode;
import java.io.File;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import jenkins.model.Jenkins;
import jenkins.model.ParameterizedJobMixIn.ParameterizedJob;
import org.awaitility.Awaitility;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import org.jvnet.hudson.test.JenkinsRule;

/** The demo of docs/demo, as hpi:run starts it, at another port and with less patience. */
public class DemoJenkinsTest {

    private static final Path DEMO = Path.of("docs/demo");
    private static final List<String> PROPERTIES = List.of("ams.demo", "ams.demo.classes", "ams.home");

    @Rule
    public final JenkinsRule jenkins = new JenkinsRule();

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private SSLContext before;
    private Path demo;
    private int port;

    @Before
    public void prepareDemo() throws Exception {
        assumeFalse("the demo's Pipelines need a shell", Functions.isWindows());
        before = SSLContext.getDefault();
        demo = folder.newFolder("demo").toPath();
        port = freePort();
        try (Stream<Path> files = Files.walk(DEMO)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Path copy = demo.resolve(DEMO.relativize(file).toString());
                Files.createDirectories(copy.getParent());
                Files.writeString(
                        copy,
                        Files.readString(file)
                                .replace("18443", Integer.toString(port))
                                .replaceAll("\"seconds\": (?:\\$seconds|\\d{1,2})\\b", "\"seconds\": 2"));
            }
        }
        System.setProperty("ams.demo", demo.toString());
        System.setProperty("ams.demo.classes", new File("target/test-classes").getAbsolutePath());
        System.setProperty(
                "ams.home", folder.getRoot().toPath().resolve("emulator").toString());
        ConfigurationAsCode.get().configure(demo.resolve("jenkins.yaml").toString());
        new GroovyShell(Jenkins.get().getPluginManager().uberClassLoader)
                .evaluate(demo.resolve("init.groovy.d/azure-media-services-demo.groovy")
                        .toFile());
    }

    @After
    public void restore() {
        PROPERTIES.forEach(System::clearProperty);
        if (before != null) {
            SSLContext.setDefault(before);
        }
    }

    @Test
    public void everyJobEndsAsDescribed() throws Exception {
        Map<String, Result> expected = new LinkedHashMap<>();
        expected.put("finished", Result.SUCCESS);
        expected.put("error", Result.FAILURE);
        expected.put("canceled", Result.FAILURE);
        expected.put("flaky", Result.SUCCESS);
        expected.put("parallel", Result.UNSTABLE);
        expected.put("services", Result.SUCCESS);
        expected.put("retry", Result.SUCCESS);
        expected.put("wrong-secret", Result.FAILURE);
        expected.put("freestyle", Result.SUCCESS);
        expected.put("long", Result.ABORTED);
        assertEquals(
                new TreeSet<>(expected.keySet()), new TreeSet<>(Jenkins.get().getJobNames()));

        for (String name : expected.keySet()) {
            assertFalse(name, job(name).getDescription().isEmpty());
            ((ParameterizedJob<?, ?>) job(name)).scheduleBuild2(0);
        }
        Awaitility.await().atMost(2, TimeUnit.MINUTES).until(() -> log("long").contains("Processing"));
        ((WorkflowRun) job("long").getLastBuild()).doStop();

        for (Map.Entry<String, Result> entry : expected.entrySet()) {
            Run<?, ?> build = Awaitility.await()
                    .atMost(2, TimeUnit.MINUTES)
                    .until(
                            () -> (Run<?, ?>) job(entry.getKey()).getLastBuild(),
                            last -> last != null && !last.isBuilding());
            jenkins.assertBuildStatus(entry.getValue(), build);
        }
        assertThat(log("finished"), containsString("BigBuckBunny - encoded is at https://"));
        assertThat(log("error"), containsString("ErrorDownloadingInputAssetMalformedContent"));
        assertThat(log("flaky"), containsString("The service is responding again after"));
        assertThat(log("parallel"), containsString("audio ended in Error: The preset is not valid."));
        for (String name : List.of("media-prod", "media-arm", "media-mkio")) {
            assertThat(log("services"), containsString("on account '" + name + "'"));
        }
        assertThat(log("retry"), containsString("Retrying"));
        assertThat(log("wrong-secret"), containsString("AADSTS7000215"));
        assertThat(log("freestyle"), containsString("'Encoding Spring': Finished"));
        assertThat(log("long"), containsString("Aborted; requesting cancellation of the job"));
        Awaitility.await()
                .atMost(1, TimeUnit.MINUTES)
                .until(() -> emulatedJobs()
                        .matches("(?s).*a director cut\",\\s*\"state\" : \\d,\\s*\"stateName\" : \"Cancel.*"));
    }

    @Test
    public void canBePreparedTwice() throws Exception {
        System.clearProperty("ams.demo.classes"); // it runs already
        new GroovyShell(Jenkins.get().getPluginManager().uberClassLoader)
                .evaluate(demo.resolve("init.groovy.d/azure-media-services-demo.groovy")
                        .toFile());
        assertEquals(10, Jenkins.get().getItems().size());
        assertEquals(
                1,
                ((FreeStyleProject) job("freestyle"))
                        .getBuildersList()
                        .getAll(WaitForAmsJobBuilder.class)
                        .size());
    }

    private static Job<?, ?> job(String name) {
        return Jenkins.get().getItemByFullName(name, Job.class);
    }

    private static String log(String name) throws Exception {
        Run<?, ?> build = job(name).getLastBuild();
        return build == null ? "" : JenkinsRule.getLog(build);
    }

    private String emulatedJobs() throws Exception {
        HttpClient client = HttpClient.newHttpClient(); // trusts what the demo made Jenkins trust
        HttpRequest request = HttpRequest.newBuilder(URI.create("https://localhost:" + port + "/emulator/jobs"))
                .timeout(Duration.ofSeconds(10))
                .build();
        return client.send(request, HttpResponse.BodyHandlers.ofString()).body();
    }

    private static int freePort() throws Exception {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
