/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.greaterThan;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import hudson.model.FreeStyleBuild;
import hudson.model.FreeStyleProject;
import hudson.model.Item;
import hudson.model.Result;
import hudson.model.Run;
import io.jenkins.plugins.ams.config.AmsGlobalConfiguration;
import io.jenkins.plugins.ams.emulator.EmulatedJob;
import io.jenkins.plugins.ams.emulator.Fault;
import io.jenkins.plugins.ams.emulator.RequestKind;
import io.jenkins.plugins.ams.freestyle.WaitForAmsJobBuilder;
import io.jenkins.plugins.ams.testing.AmsJenkinsRule;
import io.jenkins.plugins.ams.testing.CapturedLog;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import jenkins.model.Jenkins;
import org.htmlunit.Page;
import org.jenkinsci.plugins.workflow.cps.CpsFlowDefinition;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.RuleChain;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.MockAuthorizationStrategy;

/** Where secrets and tokens must not be: in any log at any level, in any file of Jenkins, on any page. */
public class SecretsJenkinsTest {

    private final AmsJenkinsRule ams = new AmsJenkinsRule();
    private final JenkinsRule j = new JenkinsRule();

    @Rule
    public final RuleChain rules = RuleChain.outerRule(ams).around(j);

    @Before
    public void configure() throws Exception {
        ams.configure();
    }

    @Test
    public void noLogOrFileContainsASecretOrToken() throws Exception {
        EmulatedJob good = ams.addRunningJob("Encoding");
        EmulatedJob bad = ams.addRunningJob("Broken");
        bad.fail("ErrorProcessingTask", "no");
        ams.addCredentials("stale", "not-the-secret-but-one");
        try (CapturedLog log = CapturedLog.start()) {
            WorkflowRun waiting = pipeline("waitForAmsJob '" + good.id() + "'")
                    .scheduleBuild2(0)
                    .waitForStart();
            j.waitForMessage("Processing", waiting);
            ams.emulator()
                    .faults()
                    .inject(Fault.expiredToken().on(RequestKind.JOBS).once());
            ams.emulator()
                    .faults()
                    .inject(Fault.status(503).on(RequestKind.JOBS).once());
            Path program = waiting.getRootDir().toPath().resolve("program.dat");
            await().until(() -> Files.exists(program));
            assertCleanFiles("program.dat"); // is there only while the build runs
            good.finish();
            j.assertBuildStatusSuccess(j.waitForCompletion(waiting));

            Run<?, ?> failed = freestyle(bad.id(), null);
            Run<?, ?> refused = freestyle(good.id(), "stale");
            for (Run<?, ?> run : List.of(failed, refused)) {
                j.assertBuildStatus(Result.FAILURE, run);
            }
            ams.emulator()
                    .faults()
                    .inject(Fault.error(403, "Forbidden", "no to " + token()).on(RequestKind.JOBS));
            FreeStyleBuild echoed =
                    freestyleProject(good.id(), null).scheduleBuild2(0).waitForStart();
            j.waitForMessage("retrying in", echoed); // the credentials have worked, so it is not believed at once
            echoed.getExecutor().interrupt();
            j.assertBuildStatus(Result.ABORTED, j.waitForCompletion(echoed));
            for (Run<?, ?> run : List.of(waiting, failed, refused, echoed)) {
                assertClean("console of " + run, JenkinsRule.getLog(run));
            }
            assertClean("log", log.text());
            assertThat(log.text(), containsString("com.microsoft.aad.msal4j"));
        }
        assertCleanFiles();
    }

    @Test
    public void logsEachRequestAtFine() throws Exception {
        EmulatedJob job = ams.addFinishedJob("Encoding");
        try (CapturedLog log = CapturedLog.start()) {
            j.buildAndAssertSuccess(pipeline("waitForAmsJob '" + job.id() + "'"));

            List<String> ours = log.text()
                    .lines()
                    .filter(line -> line.startsWith("FINE io.jenkins.plugins.ams."))
                    .filter(line -> line.contains("https://"))
                    .toList();
            assertEquals(ams.emulator().requests().count(), ours.size());
            assertTrue(
                    ours.toString(),
                    ours.get(0)
                            .matches(".*POST https://localhost:\\d+/"
                                    + ams.emulator().tenant()
                                    + "/oauth2/v2.0/token: HTTP 200 in \\d+ ms \\(client request id [-0-9a-f]{36}\\)"));
            for (String line : ours.subList(1, ours.size())) {
                assertTrue(
                        line,
                        line.matches(".*GET https://localhost:\\d+/api/\\S+: HTTP 200 in [0-9]+ ms"
                                + " \\(client request id [-0-9a-f]{36}, request id [-0-9a-f]{36}\\)"));
            }
        }
    }

    @Test
    public void noPageContainsASecret() throws Exception {
        FreeStyleProject project = j.createFreeStyleProject("encode");
        project.getBuildersList().add(new WaitForAmsJobBuilder("$AMS_JOB_ID"));
        Item.EXTENDED_READ.setEnabled(true);
        try {
            j.jenkins.setSecurityRealm(j.createDummySecurityRealm());
            j.jenkins.setAuthorizationStrategy(new MockAuthorizationStrategy()
                    .grant(Jenkins.ADMINISTER)
                    .everywhere()
                    .to("admin")
                    .grant(Jenkins.READ, Item.READ, Item.EXTENDED_READ)
                    .everywhere()
                    .to("reader"));
            String credential = "credentials/store/system/domain/_/credential/" + AmsJenkinsRule.CREDENTIALS + "/";
            for (String path : List.of(
                    "configure",
                    "credentials/store/system/domain/_/",
                    "credentials/store/system/domain/_/api/xml?depth=5",
                    credential,
                    credential + "updateDialog",
                    credential + "api/xml?depth=5",
                    credential + "config.xml",
                    "job/encode/configure",
                    "job/encode/config.xml",
                    "credentials/",
                    "manage/log/all")) {
                assertEquals(path, 200, clean("admin", path));
            }
            for (String path : List.of("job/encode/configure", "job/encode/config.xml")) {
                assertEquals(path, 200, clean("reader", path));
            }
            assertEquals(404, clean("reader", credential + "config.xml"));
        } finally {
            Item.EXTENDED_READ.setEnabled(false);
        }
    }

    private int clean(String user, String path) throws Exception {
        JenkinsRule.WebClient client = j.createWebClient()
                .withThrowExceptionOnFailingStatusCode(false)
                .withJavaScriptEnabled(false)
                .login(user);
        Page page = client.getPage(client.createCrumbedUrl(path));
        assertClean(path + " as " + user, page.getWebResponse().getContentAsString());
        return page.getWebResponse().getStatusCode();
    }

    private void assertCleanFiles(String... expected) throws IOException {
        Set<String> read = new TreeSet<>();
        try (Stream<Path> files = Files.walk(j.jenkins.getRootDir().toPath())) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                String name = j.jenkins.getRootDir().toPath().relativize(file).toString();
                Optional<String> content = name.startsWith("plugins") ? Optional.empty() : contentOf(file);
                if (content.isPresent()) {
                    assertClean(name, content.get());
                    read.add(file.getFileName().toString());
                }
            }
        }
        String accounts = AmsGlobalConfiguration.class.getName() + ".xml";
        assertTrue(
                read.toString(),
                read.containsAll(List.of("credentials.xml", "config.xml", "build.xml", "log", accounts)));
        assertTrue(read.toString(), read.containsAll(List.of(expected)));
    }

    /** As bytes, one a character: of whatever encoding and form the file is, a secret in ASCII shows. */
    private static Optional<String> contentOf(Path file) throws IOException {
        return Files.exists(file) ? Optional.of(Files.readString(file, ISO_8859_1)) : Optional.empty();
    }

    private void assertClean(String where, String text) {
        for (String secret : List.of(ams.emulator().clientSecret(), "not-the-secret-but-one")) {
            for (String form : List.of(
                    secret,
                    URLEncoder.encode(secret, UTF_8),
                    secret.replace("&", "&amp;"),
                    Base64.getEncoder().encodeToString(secret.getBytes(UTF_8)))) {
                assertTrue(where + " holds a secret", !text.contains(form));
            }
        }
        ams.emulator().requests().all().stream()
                .flatMap(request -> request.header("Authorization").stream())
                .map(header -> header.substring(header.indexOf(' ') + 1))
                .distinct()
                .forEach(token -> assertTrue(where + " holds a token", !text.contains(signature(token))));
    }

    /** The part of a token that is worth something and appears nowhere else. */
    private static String signature(String token) {
        assertThat(token.length(), greaterThan(50));
        return token.substring(token.lastIndexOf('.') + 1);
    }

    private String token() {
        return ams.emulator()
                .requests()
                .last(RequestKind.JOBS)
                .header("Authorization")
                .orElseThrow()
                .substring("Bearer ".length());
    }

    private WorkflowJob pipeline(String script) throws Exception {
        WorkflowJob project = j.createProject(WorkflowJob.class);
        project.setDefinition(new CpsFlowDefinition(script, true));
        return project;
    }

    private Run<?, ?> freestyle(String jobId, String credentialsId) throws Exception {
        return freestyleProject(jobId, credentialsId).scheduleBuild2(0).get();
    }

    private FreeStyleProject freestyleProject(String jobId, String credentialsId) throws Exception {
        FreeStyleProject project = j.createFreeStyleProject();
        WaitForAmsJobBuilder builder = new WaitForAmsJobBuilder(jobId);
        builder.setCredentialsId(credentialsId);
        project.getBuildersList().add(builder);
        return project;
    }
}
