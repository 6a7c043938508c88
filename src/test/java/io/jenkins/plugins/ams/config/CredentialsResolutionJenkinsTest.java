/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.config;

import static io.jenkins.plugins.ams.testing.ConfigurationErrors.assertConfigurationError;
import static io.jenkins.plugins.ams.testing.TestHttp.failureOf;
import static io.jenkins.plugins.ams.testing.TestHttp.get;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNotEquals;
import static org.junit.Assert.assertTrue;

import com.cloudbees.hudson.plugins.folder.Folder;
import com.cloudbees.plugins.credentials.Credentials;
import com.cloudbees.plugins.credentials.CredentialsParameterDefinition;
import com.cloudbees.plugins.credentials.CredentialsParameterValue;
import com.cloudbees.plugins.credentials.CredentialsProvider;
import com.cloudbees.plugins.credentials.CredentialsScope;
import com.cloudbees.plugins.credentials.CredentialsStore;
import com.cloudbees.plugins.credentials.SecretBytes;
import com.cloudbees.plugins.credentials.domains.Domain;
import com.cloudbees.plugins.credentials.impl.BaseStandardCredentials;
import com.cloudbees.plugins.credentials.impl.CertificateCredentialsImpl;
import hudson.model.FreeStyleBuild;
import hudson.model.FreeStyleProject;
import hudson.model.ItemGroup;
import hudson.model.ParametersAction;
import hudson.model.ParametersDefinitionProperty;
import hudson.model.Run;
import hudson.util.Secret;
import io.jenkins.plugins.ams.auth.AuthenticationException;
import io.jenkins.plugins.ams.auth.AuthenticationException.Kind;
import io.jenkins.plugins.ams.credentials.AzureAdClientCertificateCredentials;
import io.jenkins.plugins.ams.credentials.AzureAdClientSecretCredentials;
import io.jenkins.plugins.ams.credentials.AzureAdWorkloadIdentityCredentials;
import io.jenkins.plugins.ams.emulator.Emulator;
import io.jenkins.plugins.ams.http.AmsException;
import io.jenkins.plugins.ams.polling.PollTarget;
import io.jenkins.plugins.ams.service.AmsService;
import io.jenkins.plugins.ams.service.JobId;
import io.jenkins.plugins.ams.service.MediaJob;
import io.jenkins.plugins.ams.service.v2.AmsV2JobId;
import io.jenkins.plugins.ams.testing.OidcIssuer;
import io.jenkins.plugins.ams.testing.RecordedUses;
import io.jenkins.plugins.ams.testing.TestKey;
import java.io.File;
import java.nio.file.Files;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import javax.net.ssl.SSLContext;
import jenkins.model.ModifiableTopLevelItemGroup;
import org.jenkinsci.plugins.plaincredentials.StringCredentials;
import org.jenkinsci.plugins.plaincredentials.impl.StringCredentialsImpl;
import org.junit.After;
import org.junit.AfterClass;
import org.junit.Before;
import org.junit.BeforeClass;
import org.junit.ClassRule;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import org.jvnet.hudson.test.JenkinsRule;

/** Tests which credentials a build finds, with an authority that accepts only the right ones. */
public class CredentialsResolutionJenkinsTest {

    private static final JobId JOB = AmsV2JobId.parse("f3c43f94-327f-2347-90bb-3bf79f8559f1");

    private static TestKey validKey;
    private static TestKey invalidKey;
    private static OidcIssuer issuer;
    private static SSLContext before;

    @ClassRule
    public static JenkinsRule j = new JenkinsRule();

    @Rule
    public TemporaryFolder files = new TemporaryFolder();

    private Emulator emulator;
    private Folder folder;

    @BeforeClass
    public static void makeKeys() throws Exception {
        validKey = TestKey.rsa("right");
        invalidKey = TestKey.rsa("wrong");
        issuer = new OidcIssuer();
        before = SSLContext.getDefault();
    }

    @AfterClass
    public static void restoreTrust() {
        SSLContext.setDefault(before);
    }

    @Before
    public void start() throws Exception {
        emulator = Emulator.start();
        emulator.azureAd().certificates(validKey.certificate());
        SSLContext.setDefault(emulator.sslContext());
        AmsAccount account = new AmsAccount("emulator", emulator.endpoint().toString(), null);
        account.setCloud(AzureCloud.CUSTOM);
        account.setAuthority(emulator.authority().toString());
        AmsGlobalConfiguration.get().setAdditionalHosts(List.of("localhost"));
        AmsGlobalConfiguration.get().setAccounts(List.of(account));
        folder = j.createProject(Folder.class);
    }

    @After
    public void stop() throws Exception {
        emulator.close();
        CredentialsStore store = store(j.jenkins);
        for (Credentials credentials : store.getCredentials(Domain.global())) {
            store.removeCredentials(Domain.global(), credentials);
        }
    }

    @Test
    public void folderCredentialsServeOnlyItsJobs() throws Exception {
        add(folder, secret(CredentialsScope.GLOBAL, "ams", emulator.clientSecret()));
        get(poll(build(folder), "ams"));
        Folder sibling = j.createProject(Folder.class);
        assertConfigurationError(() -> poll(build(sibling), "ams"));
        assertConfigurationError(() -> poll(build(j.jenkins), "ams"));
    }

    @Test
    public void folderCredentialsShadowGlobalOnes() throws Exception {
        add(j.jenkins, secret(CredentialsScope.GLOBAL, "ams", "wrong"));
        add(folder, secret(CredentialsScope.GLOBAL, "ams", emulator.clientSecret()));
        get(poll(build(folder), "ams"));
        assertEquals(Kind.WRONG_SECRET, rejection(build(j.jenkins), "ams"));
    }

    @Test
    public void systemScopeServesNoJob() throws Exception {
        add(j.jenkins, secret(CredentialsScope.SYSTEM, "ams", emulator.clientSecret()));
        assertConfigurationError(() -> poll(build(j.jenkins), "ams"));
        assertConfigurationError(() -> poll(build(folder), "ams"));
    }

    @Test
    public void aParameterSelectsTheCredentials() throws Exception {
        add(j.jenkins, secret(CredentialsScope.GLOBAL, "ams-good", emulator.clientSecret()));
        add(j.jenkins, secret(CredentialsScope.GLOBAL, "ams-bad", "wrong"));
        FreeStyleProject job = project(j.jenkins);
        String type = AzureAdClientSecretCredentials.class.getName();
        job.addProperty(new ParametersDefinitionProperty(
                new CredentialsParameterDefinition("WHICH", "", "ams-bad", type, true)));
        FreeStyleBuild byDefault = j.buildAndAssertSuccess(job);
        assertEquals(Kind.WRONG_SECRET, rejection(byDefault, "${WHICH}"));
        assertEquals(Kind.WRONG_SECRET, rejection(byDefault, "WHICH"));

        var chosen = new ParametersAction(new CredentialsParameterValue("WHICH", "ams-good", "", true));
        FreeStyleBuild byHand = j.assertBuildStatusSuccess(job.scheduleBuild2(0, chosen));
        get(poll(byHand, "${WHICH}"));
    }

    @Test
    public void findsTheCertificateInTheJobsContext() throws Exception {
        add(j.jenkins, certificate(CredentialsScope.GLOBAL, "cert", invalidKey));
        add(j.jenkins, named("ams", "cert"));
        add(folder, certificate(CredentialsScope.GLOBAL, "cert", validKey));
        get(poll(build(folder), "ams"));
        assertEquals(Kind.WRONG_CERTIFICATE, rejection(build(j.jenkins), "ams"));
    }

    @Test
    public void findsNoInaccessibleCertificate() throws Exception {
        Folder sibling = j.createProject(Folder.class);
        add(sibling, certificate(CredentialsScope.GLOBAL, "cert", validKey));
        add(j.jenkins, certificate(CredentialsScope.SYSTEM, "system-cert", validKey));
        add(folder, named("ams", "cert"));
        add(folder, named("ams-system", "system-cert"));
        for (String id : List.of("ams", "ams-system")) {
            AmsException e = assertConfigurationError(() -> poll(build(folder), id));
            assertThat(e.getMessage(), containsString("'" + id + "'"));
        }
    }

    @Test
    public void ignoresParametersForCertificates() throws Exception {
        add(j.jenkins, certificate(CredentialsScope.GLOBAL, "cert", validKey));
        add(j.jenkins, certificate(CredentialsScope.GLOBAL, "other-cert", invalidKey));
        add(j.jenkins, named("ams", "cert"));
        FreeStyleProject job = project(j.jenkins);
        String type = CertificateCredentialsImpl.class.getName();
        job.addProperty(new ParametersDefinitionProperty(
                new CredentialsParameterDefinition("cert", "", "other-cert", type, true)));
        get(poll(j.buildAndAssertSuccess(job), "ams"));
    }

    @Test
    public void usesARotatedCertificate() throws Exception {
        Credentials old = certificate(CredentialsScope.GLOBAL, "cert", invalidKey);
        add(j.jenkins, old);
        add(j.jenkins, named("ams", "cert"));
        FreeStyleBuild build = build(j.jenkins);
        assertEquals(Kind.WRONG_CERTIFICATE, rejection(build, "ams"));
        store(j.jenkins)
                .updateCredentials(Domain.global(), old, certificate(CredentialsScope.GLOBAL, "cert", validKey));
        get(poll(build, "ams"));
    }

    @Test
    public void findsTheTokenInTheJobsContextAndRereadsIt() throws Exception {
        issuer.trustedBy(emulator.azureAd());
        Credentials expired =
                token("oidc", issuer.token(OidcIssuer.ISSUER, OidcIssuer.SUBJECT, "other", Instant.now()));
        add(j.jenkins, token("oidc", "neither.a.token"));
        add(folder, expired);
        add(j.jenkins, federated("ams", "oidc"));
        FreeStyleBuild build = build(folder);
        AmsService service = service(build, "ams");
        assertEquals(
                Kind.WRONG_ASSERTION,
                failureOf(AuthenticationException.class, service.jobs(List.of(JOB)))
                        .kind());
        store(folder).updateCredentials(Domain.global(), expired, token("oidc", issuer.token()));
        get(service.jobs(List.of(JOB)));
        assertEquals(Kind.WRONG_ASSERTION, rejection(build(j.jenkins), "ams"));
    }

    @Test
    public void sharesNoTokenBetweenFolders() throws Exception {
        issuer.trustedBy(emulator.azureAd());
        Folder sibling = j.createProject(Folder.class);
        add(folder, token("oidc", issuer.token()));
        add(sibling, token("oidc", "not.the.same"));
        add(j.jenkins, federated("ams", "oidc"));
        get(poll(build(folder), "ams"));
        assertEquals(Kind.WRONG_ASSERTION, rejection(build(sibling), "ams"));
        store(folder).removeCredentials(Domain.global(), token("oidc", "any"));
        assertConfigurationError(() -> poll(build(folder), "ams"));
    }

    @Test
    public void sharesTokensUnlessIssuedPerBuild() throws Exception {
        add(folder, token("oidc", issuer.token()));
        add(folder, new TokenPerBuild("per-build"));
        add(j.jenkins, federated("ams", "oidc"));
        add(j.jenkins, federated("ams-per-build", "per-build"));
        FreeStyleBuild one = build(folder);
        FreeStyleBuild two = j.buildAndAssertSuccess(one.getParent());
        assertEquals(key(one, "ams"), key(two, "ams"));
        assertEquals(key(one, "ams-per-build"), key(one, "ams-per-build"));
        assertNotEquals(key(one, "ams-per-build"), key(two, "ams-per-build"));
        assertNotEquals(key(one, "ams"), key(build(folder), "ams"));
    }

    @Test
    public void sendsTheTokenIssuedForABuild() throws Exception {
        issuer.trustedBy(emulator.azureAd());
        add(folder, new TokenPerBuild("per-build"));
        add(j.jenkins, federated("ams", "per-build"));
        get(poll(build(folder), "ams"));
    }

    @Test
    public void readsFilesOnlyForGlobalCredentials() throws Exception {
        issuer.trustedBy(emulator.azureAd());
        File file = files.newFile();
        Files.writeString(file.toPath(), issuer.token());
        for (String id : List.of("ams", "ams-folder")) {
            AzureAdWorkloadIdentityCredentials credentials = federated(id, null);
            credentials.setTokenFile(file.getAbsolutePath());
            add(id.equals("ams") ? j.jenkins : folder, credentials);
        }
        get(poll(build(folder), "ams"));
        assertConfigurationError(() -> poll(build(folder), "ams-folder"));
    }

    @Test
    public void tracksUsageOfBoth() throws Exception {
        Credentials certificate = certificate(CredentialsScope.GLOBAL, "cert", validKey);
        Credentials named = named("ams", "cert");
        add(j.jenkins, certificate);
        add(j.jenkins, named);
        FreeStyleBuild build = build(j.jenkins);
        get(poll(build, "ams"));
        for (Credentials used : List.of(certificate, named)) {
            RecordedUses.awaitUse(used, build);
        }
    }

    /** Polls a job that does not exist, which also requires a token. */
    private static CompletableFuture<Map<JobId, MediaJob>> poll(FreeStyleBuild build, String credentialsId)
            throws Exception {
        return service(build, credentialsId).jobs(List.of(JOB));
    }

    private static AmsService service(FreeStyleBuild build, String credentialsId) throws Exception {
        return target(build, credentialsId).service().get();
    }

    private static Object key(FreeStyleBuild build, String credentialsId) throws Exception {
        return target(build, credentialsId).key();
    }

    private static PollTarget target(FreeStyleBuild build, String credentialsId) throws Exception {
        return BuildTargets.get().source(build, JOB, null, credentialsId).find();
    }

    private static Kind rejection(FreeStyleBuild build, String credentialsId) throws Exception {
        return failureOf(AuthenticationException.class, poll(build, credentialsId))
                .kind();
    }

    private static FreeStyleProject project(ModifiableTopLevelItemGroup in) throws Exception {
        String name = "job-" + in.getItems().size();
        return in == j.jenkins
                ? j.jenkins.createProject(FreeStyleProject.class, name)
                : ((Folder) in).createProject(FreeStyleProject.class, name);
    }

    private static FreeStyleBuild build(ModifiableTopLevelItemGroup in) throws Exception {
        return j.buildAndAssertSuccess(project(in));
    }

    private static void add(ItemGroup<?> where, Credentials credentials) throws Exception {
        assertTrue(store(where).addCredentials(Domain.global(), credentials));
    }

    private static CredentialsStore store(ItemGroup<?> where) {
        return CredentialsProvider.lookupStores(where).iterator().next();
    }

    private AzureAdClientSecretCredentials secret(CredentialsScope scope, String id, String secret) {
        return new AzureAdClientSecretCredentials(
                scope, id, "", emulator.tenant(), emulator.clientId(), Secret.fromString(secret));
    }

    private AzureAdClientCertificateCredentials named(String id, String certificateId) {
        return new AzureAdClientCertificateCredentials(
                CredentialsScope.GLOBAL, id, "", emulator.tenant(), emulator.clientId(), certificateId);
    }

    private AzureAdWorkloadIdentityCredentials federated(String id, String tokenCredentialsId) {
        var credentials = new AzureAdWorkloadIdentityCredentials(
                CredentialsScope.GLOBAL, id, "", emulator.tenant(), emulator.clientId());
        credentials.setTokenCredentialsId(tokenCredentialsId);
        return credentials;
    }

    private static Credentials token(String id, String token) {
        return new StringCredentialsImpl(CredentialsScope.GLOBAL, id, "", Secret.fromString(token));
    }

    /** Credentials that are valid only in a build, like those of an OIDC provider in Jenkins. */
    private static final class TokenPerBuild extends BaseStandardCredentials implements StringCredentials {

        private static final long serialVersionUID = 1L;

        TokenPerBuild(String id) {
            super(CredentialsScope.GLOBAL, id, "");
        }

        @Override
        public Secret getSecret() {
            return Secret.fromString("of.no.build");
        }

        @Override
        public Credentials forRun(Run<?, ?> build) {
            return token(getId(), issuer.token());
        }
    }

    private static Credentials certificate(CredentialsScope scope, String id, TestKey key) throws Exception {
        var file = SecretBytes.fromRawBytes(key.pkcs12("secret"));
        return new CertificateCredentialsImpl(
                scope, id, "", "secret", new CertificateCredentialsImpl.UploadedKeyStoreSource(null, file));
    }
}
