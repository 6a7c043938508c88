/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams;

import static org.awaitility.Awaitility.await;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.everyItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.startsWith;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import com.cloudbees.hudson.plugins.folder.Folder;
import com.cloudbees.plugins.credentials.CredentialsProvider;
import com.cloudbees.plugins.credentials.CredentialsScope;
import com.cloudbees.plugins.credentials.domains.Domain;
import com.cloudbees.plugins.credentials.impl.CertificateCredentialsImpl;
import hudson.model.Fingerprint;
import hudson.model.FreeStyleProject;
import hudson.model.Item;
import hudson.model.Result;
import hudson.model.Run;
import hudson.util.Secret;
import io.jenkins.plugins.ams.credentials.AzureAdClientSecretCredentials;
import io.jenkins.plugins.ams.emulator.EmulatedJob;
import io.jenkins.plugins.ams.emulator.RequestKind;
import io.jenkins.plugins.ams.freestyle.WaitForAmsJobBuilder;
import io.jenkins.plugins.ams.runtime.AmsRuntime;
import io.jenkins.plugins.ams.testing.AmsJenkinsRule;
import io.jenkins.plugins.ams.testing.GatedKeyStores;
import io.jenkins.plugins.ams.testing.TestKey;
import java.net.URL;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import jenkins.model.Jenkins;
import org.htmlunit.HttpMethod;
import org.htmlunit.WebRequest;
import org.jenkinsci.plugins.workflow.cps.CpsFlowDefinition;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.After;
import org.junit.Before;
import org.junit.BeforeClass;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.RuleChain;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.MockAuthorizationStrategy;

/**
 * A user who can create credentials in one folder uploads a PKCS#12 file that takes long to decrypt. Only the waits
 * that use it are delayed.
 */
public class SlowKeyStoresJenkinsTest {

    private static final String PASSWORD = "secret-of-the-file";
    private static final String ITERATIONS = "keystore.pkcs12.keyPbeIterationCount";

    /** Maximum number of threads that read key stores. */
    private static final int BLOCKED = 32;

    private static byte[] keyStore;
    private static TestKey key;

    private final AmsJenkinsRule ams = new AmsJenkinsRule();
    private final JenkinsRule j = new JenkinsRule();

    @Rule
    public final RuleChain rules = RuleChain.outerRule(ams).around(j);

    private GatedKeyStores gate;
    private Folder mallorys;
    private Folder others;
    private AzureAdClientSecretCredentials othersSecret;

    @BeforeClass
    public static void encryptWithMillionsOfIterations() {
        key = TestKey.rsa("the application");
        String before = System.setProperty(ITERATIONS, "4900000"); // 5 million are the JDK's limit
        try {
            keyStore = key.pkcs12(PASSWORD);
        } finally {
            if (before == null) {
                System.clearProperty(ITERATIONS);
            } else {
                System.setProperty(ITERATIONS, before);
            }
        }
    }

    @Before
    public void configure() throws Exception {
        ams.configureAccount();
        ams.emulator().azureAd().certificates(key.certificate());
        mallorys = j.createProject(Folder.class, "mallorys");
        others = j.createProject(Folder.class, "others");
        othersSecret = new AzureAdClientSecretCredentials(
                CredentialsScope.GLOBAL,
                AmsJenkinsRule.CREDENTIALS,
                "",
                ams.emulator().tenant(),
                ams.emulator().clientId(),
                Secret.fromString(ams.emulator().clientSecret()));
        assertTrue(AmsJenkinsRule.storeOf(others).addCredentials(Domain.global(), othersSecret));
        j.jenkins.setSecurityRealm(j.createDummySecurityRealm());
        j.jenkins.setAuthorizationStrategy(new MockAuthorizationStrategy()
                .grant(Jenkins.READ)
                .everywhere()
                .to("mallory")
                .grant(
                        Item.READ,
                        CredentialsProvider.VIEW,
                        CredentialsProvider.CREATE,
                        CredentialsProvider.UPDATE,
                        CredentialsProvider.DELETE)
                .onFolders(mallorys)
                .to("mallory"));
        gate = GatedKeyStores.install();
    }

    @After
    public void open() {
        gate.close();
    }

    @Test
    public void aHungKeyStoreDelaysNoWaitOfAnotherFolder() throws Exception {
        upload(certificate(keyStore));
        upload(application("slow", ams.emulator().clientId()));
        EmulatedJob job = ams.addRunningJob("Encoding");
        gate.shut();
        WorkflowRun slow =
                waitFor(job, IntStream.range(0, 12).mapToObj(i -> "slow").toList());

        assertOthersAreServed();

        assertThat("one application's key is read by one thread", gate.waiting(), hasSize(1));
        assertThat(gate.waiting(), everyItem(startsWith("azure-media-services background ")));
        assertTrue(slow.isBuilding());
        assertEquals(0, gate.decryptedKeys());
        gate.open();
        job.finish();
        j.assertBuildStatusSuccess(j.waitForCompletion(slow));
        assertEquals(1, gate.decryptedKeys());
    }

    @Test
    public void moreHungKeyStoresThanThreadsDelayNoWaitOfAnotherFolder() throws Exception {
        upload(certificate(keyStore));
        List<String> ids = new ArrayList<>();
        for (int i = 0; i < BLOCKED + 8; i++) {
            ids.add("slow-" + i);
            upload(application(ids.get(i), UUID.randomUUID().toString()));
        }
        gate.shut();
        WorkflowRun slow = waitFor(ams.addRunningJob("Encoding"), ids);
        await().atMost(Duration.ofMinutes(1)).until(() -> blockedThreads() >= BLOCKED);

        assertOthersAreServed();

        assertTrue(slow.isBuilding());
        assertEquals(0, gate.decryptedKeys());
        slow.doStop();
        j.assertBuildStatus(Result.ABORTED, j.waitForCompletion(slow));
    }

    @Test
    public void decryptsAKeyOnceUntilItIsReplaced() throws Exception {
        upload(certificate(key.pkcs12(PASSWORD)));
        upload(application("app", ams.emulator().clientId()));
        List<String> two = List.of("app", "app");
        for (int tokens = 1; tokens <= 3; tokens++) {
            j.assertBuildStatusSuccess(j.waitForCompletion(waitFor(ams.addFinishedJob("Encoding"), two)));
            assertEquals(tokens, ams.emulator().requests().count(RequestKind.TOKEN));
            assertEquals(1, gate.decryptedKeys());
            ams.emulator().azureAd().expireTokens();
        }
        post("credential/certificate/config.xml", certificate(key.pkcs12(PASSWORD)));
        for (int tokens = 4; tokens <= 5; tokens++) {
            j.assertBuildStatusSuccess(j.waitForCompletion(waitFor(ams.addFinishedJob("Encoding"), two)));
            assertEquals(tokens, ams.emulator().requests().count(RequestKind.TOKEN));
            assertEquals(2, gate.decryptedKeys());
            ams.emulator().azureAd().expireTokens();
        }
    }

    /** Runs a wait of each entry point in the other folder from start to end, while the gate is shut. */
    private void assertOthersAreServed() throws Exception {
        EmulatedJob job = ams.addFinishedJob("Others");
        WorkflowJob pipeline = others.createProject(WorkflowJob.class, "pipeline");
        pipeline.setDefinition(new CpsFlowDefinition("waitForAmsJob '" + job.id() + "'", true));
        FreeStyleProject freestyle = others.createProject(FreeStyleProject.class, "freestyle");
        freestyle.getBuildersList().add(new WaitForAmsJobBuilder(job.id()));
        List<Run<?, ?>> runs = List.of(
                pipeline.scheduleBuild2(0).waitForStart(),
                freestyle.scheduleBuild2(0).waitForStart());
        await("the waits of the other folder")
                .atMost(Duration.ofSeconds(90))
                .until(() -> runs.stream().noneMatch(Run::isBuilding));
        for (Run<?, ?> run : runs) {
            j.assertBuildStatusSuccess(run);
        }
        await("the record of the use").until(() -> {
            Fingerprint fingerprint = CredentialsProvider.getFingerprintOf(othersSecret);
            return fingerprint != null
                    && runs.stream()
                            .allMatch(run -> fingerprint
                                    .getRangeSet(run.getParent().getFullName())
                                    .includes(run.getNumber()));
        });
    }

    /** Starts a build with one wait for each ID of credentials. If the gate is shut, all of them have begun. */
    private WorkflowRun waitFor(EmulatedJob job, List<String> credentialsIds) throws Exception {
        List<String> branches = new ArrayList<>();
        for (String id : credentialsIds) {
            branches.add("b%d: { waitForAmsJob jobId: '%s', credentialsId: '%s', pollInterval: 2 }"
                    .formatted(branches.size(), job.id(), id));
        }
        WorkflowJob pipeline = mallorys.createProject(
                WorkflowJob.class, "job" + mallorys.getItems().size());
        pipeline.setDefinition(new CpsFlowDefinition("parallel " + String.join(", ", branches), true));
        WorkflowRun run = pipeline.scheduleBuild2(0).waitForStart();
        if (gate.isShut()) {
            await().atMost(Duration.ofMinutes(1))
                    .until(() -> AmsRuntime.get().poller().size() == branches.size()
                            && !gate.waiting().isEmpty());
        }
        return run;
    }

    /** Returns how many threads wait for the key store: one for the gate, the others for the credentials' monitor. */
    private static long blockedThreads() {
        return Thread.getAllStackTraces().values().stream()
                .filter(stack -> Arrays.stream(stack)
                        .anyMatch(frame -> frame.getMethodName().equals("getKeyStore")))
                .count();
    }

    private void upload(String xml) throws Exception {
        post("createCredentials", xml);
    }

    private void post(String path, String xml) throws Exception {
        try (JenkinsRule.WebClient client = j.createWebClient().login("mallory")) {
            URL url = client.createCrumbedUrl(mallorys.getUrl() + "credentials/store/folder/domain/_/" + path);
            WebRequest request = new WebRequest(url, HttpMethod.POST);
            request.setAdditionalHeader("Content-Type", "application/xml");
            request.setRequestBody(xml);
            assertEquals(200, client.loadWebResponse(request).getStatusCode());
        }
    }

    private static String certificate(byte[] file) {
        return """
                <com.cloudbees.plugins.credentials.impl.CertificateCredentialsImpl>
                  <scope>GLOBAL</scope>
                  <id>certificate</id>
                  <keyStoreSource class="%s">
                    <uploadedKeystoreBytes>%s</uploadedKeystoreBytes>
                  </keyStoreSource>
                  <password>%s</password>
                </com.cloudbees.plugins.credentials.impl.CertificateCredentialsImpl>
                """.formatted(
                        CertificateCredentialsImpl.UploadedKeyStoreSource.class.getName(),
                        Base64.getEncoder().encodeToString(file),
                        PASSWORD);
    }

    private String application(String id, String clientId) {
        return """
                <io.jenkins.plugins.ams.credentials.AzureAdClientCertificateCredentials>
                  <scope>GLOBAL</scope>
                  <id>%s</id>
                  <tenantId>%s</tenantId>
                  <clientId>%s</clientId>
                  <certificateId>certificate</certificateId>
                </io.jenkins.plugins.ams.credentials.AzureAdClientCertificateCredentials>
                """.formatted(id, ams.emulator().tenant(), clientId);
    }
}
