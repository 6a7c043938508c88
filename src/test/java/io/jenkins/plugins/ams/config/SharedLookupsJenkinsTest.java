/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.config;

import static io.jenkins.plugins.ams.testing.TestHttp.failureOf;
import static io.jenkins.plugins.ams.testing.TestHttp.get;
import static org.awaitility.Awaitility.await;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNotEquals;
import static org.junit.Assert.assertTrue;

import com.cloudbees.plugins.credentials.Credentials;
import com.cloudbees.plugins.credentials.CredentialsParameterDefinition;
import com.cloudbees.plugins.credentials.CredentialsParameterValue;
import com.cloudbees.plugins.credentials.CredentialsProvider;
import com.cloudbees.plugins.credentials.CredentialsScope;
import com.cloudbees.plugins.credentials.CredentialsStore;
import com.cloudbees.plugins.credentials.CredentialsUseListener;
import com.cloudbees.plugins.credentials.builds.CredentialsParameterBinder;
import com.cloudbees.plugins.credentials.common.IdCredentials;
import com.cloudbees.plugins.credentials.domains.Domain;
import com.cloudbees.plugins.credentials.domains.DomainRequirement;
import com.cloudbees.plugins.credentials.impl.BaseStandardCredentials;
import hudson.model.Cause;
import hudson.model.CauseAction;
import hudson.model.FreeStyleBuild;
import hudson.model.FreeStyleProject;
import hudson.model.Item;
import hudson.model.ItemGroup;
import hudson.model.ModelObject;
import hudson.model.Node;
import hudson.model.ParametersAction;
import hudson.model.ParametersDefinitionProperty;
import hudson.model.Run;
import hudson.model.User;
import hudson.security.ACL;
import hudson.security.ACLContext;
import hudson.security.AuthorizationStrategy;
import hudson.security.SecurityRealm;
import hudson.util.Secret;
import io.jenkins.plugins.ams.auth.AuthenticationException;
import io.jenkins.plugins.ams.credentials.AzureAdClientSecretCredentials;
import io.jenkins.plugins.ams.credentials.AzureAdWorkloadIdentityCredentials;
import io.jenkins.plugins.ams.http.AmsException;
import io.jenkins.plugins.ams.polling.PollTarget;
import io.jenkins.plugins.ams.service.JobId;
import io.jenkins.plugins.ams.service.v2.AmsV2JobId;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import jenkins.model.Jenkins;
import org.jenkinsci.plugins.plaincredentials.StringCredentials;
import org.jenkinsci.plugins.plaincredentials.impl.StringCredentialsImpl;
import org.junit.After;
import org.junit.Before;
import org.junit.ClassRule;
import org.junit.Test;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.MockAuthorizationStrategy;
import org.jvnet.hudson.test.TestExtension;
import org.springframework.security.core.Authentication;

/** Tests which credentials lookups concurrent builds share and which they must not share. */
public class SharedLookupsJenkinsTest {

    private static final JobId JOB = AmsV2JobId.parse("f3c43f94-327f-2347-90bb-3bf79f8559f1");
    private static final String TENANT = "7d2d9bd1-6f5c-4a43-8d5c-ea4b1a6f8f3e";

    @ClassRule
    public static JenkinsRule j = new JenkinsRule();

    private FreeStyleProject job;

    @Before
    public void start() throws Exception {
        AmsAccount account = new AmsAccount("account", "https://account.restv2.westeurope.media.azure.net/api/", null);
        AmsGlobalConfiguration.get().setAccounts(List.of(account));
        job = j.createFreeStyleProject();
        SlowStore.reset();
        Uses.ALL.clear();
    }

    @After
    public void stop() throws Exception {
        SlowStore.open();
        CredentialsStore store = store(j.jenkins);
        for (Credentials credentials : store.getCredentials(Domain.global())) {
            store.removeCredentials(Domain.global(), credentials);
        }
        j.jenkins.setAuthorizationStrategy(AuthorizationStrategy.UNSECURED);
        j.jenkins.setSecurityRealm(SecurityRealm.NO_AUTHENTICATION);
    }

    @Test
    public void buildsOfOneJobShareAPendingLookup() throws Exception {
        SlowStore.credentials = secret("slow", "secret");
        add(j.jenkins, secret("other", "secret"));
        List<FreeStyleBuild> builds = new ArrayList<>();
        List<CompletableFuture<PollTarget>> targets = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            FreeStyleBuild build = j.buildAndAssertSuccess(job);
            builds.add(build);
            targets.add(lookUp(build, "slow"));
            targets.add(lookUp(build, "slow"));
        }
        await().until(() -> SlowStore.requests.get() > 0);
        SlowStore.open();
        Object key = get(targets.get(0)).key();
        for (CompletableFuture<PollTarget> target : targets) {
            assertEquals(key, get(target).key());
        }
        assertEquals(1, SlowStore.requests.get());
        for (FreeStyleBuild build : builds) {
            await().until(() -> Uses.ALL.contains(build + " slow"));
        }
        get(lookUp(builds.get(0), "slow"));
        get(lookUp(builds.get(1), "other")); // recorded after all previous uses
        await().until(() -> Uses.ALL.contains(builds.get(1) + " other"));
        assertEquals("once per build, " + Uses.ALL, 4, Uses.ALL.size());
    }

    @Test
    public void aHungStoreDelaysNoOtherCredentials() throws Exception {
        add(j.jenkins, secret("other", "secret"));
        FreeStyleBuild build = j.buildAndAssertSuccess(job);
        CompletableFuture<PollTarget> hanging = lookUp(build, "slow");
        get(lookUp(build, "other"));
        assertFalse(hanging.isDone());
    }

    @Test
    public void aFailingStoreIsATransientError() throws Exception {
        SlowStore.failure = new IllegalStateException("Vault is sealed");
        SlowStore.open();
        AuthenticationException error =
                failureOf(AuthenticationException.class, lookUp(j.buildAndAssertSuccess(job), "slow"));
        assertTrue(error.isTransient());
        assertEquals("Vault is sealed", error.getMessage());
    }

    @Test
    public void aBuildWithAParameterOfThatNameSharesNoLookup() throws Exception {
        add(j.jenkins, secret("ams", "of the job"));
        add(j.jenkins, secret("chosen", "of the one who started the build"));
        String type = AzureAdClientSecretCredentials.class.getName();
        FreeStyleBuild without = j.buildAndAssertSuccess(job);
        job.addProperty(
                new ParametersDefinitionProperty(new CredentialsParameterDefinition("ams", "", "chosen", type, true)));
        FreeStyleBuild with = j.assertBuildStatusSuccess(
                job.scheduleBuild2(0, new ParametersAction(new CredentialsParameterValue("ams", "chosen", "", true))));
        List<CompletableFuture<PollTarget>> targets =
                List.of(lookUp(without, "ams"), lookUp(with, "ams"), lookUp(with, "${ams}"), lookUp(without, "chosen"));
        Object own = get(targets.get(0)).key();
        Object chosen = get(targets.get(3)).key();
        assertNotEquals(own, chosen);
        assertEquals(chosen, get(targets.get(1)).key());
        assertEquals(chosen, get(targets.get(2)).key());
    }

    /** Like the input step for credentials that a user selects while the build runs. */
    @Test
    public void aBuildWithALateBoundParameterSharesNoLookup() throws Exception {
        add(j.jenkins, secret("ams", "of the job"));
        add(j.jenkins, secret("chosen", "of somebody"));
        FreeStyleBuild plain = j.buildAndAssertSuccess(job);
        FreeStyleBuild bound = j.buildAndAssertSuccess(job);
        CredentialsParameterBinder.getOrCreate(bound)
                .bindCredentialsParameter(null, new CredentialsParameterValue("ams", "chosen", "", true));
        CompletableFuture<PollTarget> first = lookUp(plain, "ams");
        CompletableFuture<PollTarget> second = lookUp(bound, "ams");
        assertNotEquals(get(first).key(), get(second).key());
        assertEquals(get(lookUp(plain, "chosen")).key(), get(second).key());
    }

    @Test
    public void userCredentialsServeOnlyBuildsTheyStarted() throws Exception {
        j.jenkins.setSecurityRealm(j.createDummySecurityRealm());
        j.jenkins.setAuthorizationStrategy(new MockAuthorizationStrategy()
                .grant(Jenkins.ADMINISTER)
                .everywhere()
                .to("alice", "bob"));
        User alice = User.getById("alice", true);
        try (ACLContext as = ACL.as(alice)) {
            CredentialsStore own =
                    CredentialsProvider.lookupStores(alice).iterator().next();
            assertTrue(own.addCredentials(Domain.global(), secret("mine", "of alice")));
        }
        String type = AzureAdClientSecretCredentials.class.getName();
        job.addProperty(
                new ParametersDefinitionProperty(new CredentialsParameterDefinition("CRED", "", null, type, true)));
        FreeStyleBuild ofAlice = startedBy("alice");
        FreeStyleBuild ofBob = startedBy("bob");
        CompletableFuture<PollTarget> first = lookUp(ofAlice, "${CRED}");
        CompletableFuture<PollTarget> second = lookUp(ofBob, "${CRED}");
        get(first);
        assertEquals(AmsException.class, failureOf(AmsException.class, second).getClass());
        assertEquals(
                AmsException.class,
                failureOf(AmsException.class, lookUp(ofAlice, "mine")).getClass());
    }

    @Test
    public void sharesNoTokenIssuedPerBuild() throws Exception {
        SlowStore.credentials = new TokenPerBuild("slow");
        var federated = new AzureAdWorkloadIdentityCredentials(
                CredentialsScope.GLOBAL, "ams", "", TENANT, "c7d0a6de-41f5-4a2c-9d0e-6b8f2a517e93");
        federated.setTokenCredentialsId("slow");
        add(j.jenkins, federated);
        FreeStyleBuild one = j.buildAndAssertSuccess(job);
        FreeStyleBuild two = j.buildAndAssertSuccess(job);
        CompletableFuture<PollTarget> first = lookUp(one, "ams");
        CompletableFuture<PollTarget> second = lookUp(two, "ams");
        await().until(() -> SlowStore.requests.get() > 0);
        SlowStore.open();
        assertNotEquals(get(first).key(), get(second).key());
        assertEquals(get(first).key(), get(lookUp(one, "ams")).key());
    }

    private FreeStyleBuild startedBy(String user) throws Exception {
        return j.assertBuildStatusSuccess(job.scheduleBuild2(
                0,
                new CauseAction(new Cause.UserIdCause(user)),
                new ParametersAction(new CredentialsParameterValue("CRED", "mine", "", false))));
    }

    private static CompletableFuture<PollTarget> lookUp(FreeStyleBuild build, String credentialsId) {
        return BuildTargets.get().source(build, JOB, null, credentialsId).lookUp();
    }

    private static AzureAdClientSecretCredentials secret(String id, String secret) {
        return new AzureAdClientSecretCredentials(
                CredentialsScope.GLOBAL,
                id,
                "",
                TENANT,
                "c7d0a6de-41f5-4a2c-9d0e-6b8f2a517e93",
                Secret.fromString(secret));
    }

    private static void add(ItemGroup<?> where, Credentials credentials) throws Exception {
        assertTrue(store(where).addCredentials(Domain.global(), credentials));
    }

    private static CredentialsStore store(ModelObject where) {
        return CredentialsProvider.lookupStores(where).iterator().next();
    }

    /** A slow store with one type of credentials. */
    @TestExtension
    public static final class SlowStore extends CredentialsProvider {

        static final AtomicInteger requests = new AtomicInteger();
        static volatile CountDownLatch gate;
        static volatile Credentials credentials;
        static volatile RuntimeException failure;

        static void reset() {
            requests.set(0);
            gate = new CountDownLatch(1);
            credentials = null;
            failure = null;
        }

        static void open() {
            gate.countDown();
        }

        @Override
        public <C extends Credentials> List<C> getCredentialsInItemGroup(
                Class<C> type,
                ItemGroup itemGroup,
                Authentication authentication,
                List<DomainRequirement> domainRequirements) {
            return List.of();
        }

        @Override
        public <C extends IdCredentials> C getCredentialByIdInItem(
                String id,
                Class<C> type,
                Item item,
                Authentication authentication,
                List<DomainRequirement> domainRequirements) {
            if (!id.equals("slow") || credentials != null && !type.isInstance(credentials)) {
                return null;
            }
            requests.incrementAndGet();
            try {
                gate.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            if (failure != null) {
                throw failure;
            }
            return type.cast(credentials);
        }
    }

    @TestExtension
    public static final class Uses implements CredentialsUseListener {

        static final List<String> ALL = new CopyOnWriteArrayList<>();

        @Override
        public void onUse(Credentials c, Run run) {
            ALL.add(run + " " + ((BaseStandardCredentials) c).getId());
        }

        @Override
        public void onUse(Credentials c, Node node) {}

        @Override
        public void onUse(Credentials c, Item item) {}
    }

    /** Credentials that depend on the build, like those of an OIDC provider in Jenkins. */
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
            return new StringCredentialsImpl(
                    CredentialsScope.GLOBAL, getId(), "", Secret.fromString("of.build." + build.getNumber()));
        }
    }
}
