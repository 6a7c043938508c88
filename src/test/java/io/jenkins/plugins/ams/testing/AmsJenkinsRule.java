/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.testing;

import com.cloudbees.plugins.credentials.CredentialsProvider;
import com.cloudbees.plugins.credentials.CredentialsScope;
import com.cloudbees.plugins.credentials.CredentialsStore;
import com.cloudbees.plugins.credentials.SystemCredentialsProvider;
import hudson.model.ItemGroup;
import hudson.util.Secret;
import io.jenkins.plugins.ams.config.AmsAccount;
import io.jenkins.plugins.ams.config.AmsGlobalConfiguration;
import io.jenkins.plugins.ams.config.AzureCloud;
import io.jenkins.plugins.ams.config.AzureResourceManagerApi;
import io.jenkins.plugins.ams.config.MkIoApi;
import io.jenkins.plugins.ams.config.RavnurApi;
import io.jenkins.plugins.ams.credentials.AzureAdClientSecretCredentials;
import io.jenkins.plugins.ams.emulator.EmulatedJob;
import io.jenkins.plugins.ams.emulator.Emulator;
import io.jenkins.plugins.ams.emulator.JobScript;
import io.jenkins.plugins.ams.emulator.LiveApi;
import io.jenkins.plugins.ams.emulator.LiveServices;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.stream.StreamSupport;
import javax.net.ssl.SSLContext;
import org.jenkinsci.plugins.plaincredentials.impl.StringCredentialsImpl;
import org.junit.rules.ExternalResource;

/** Starts an emulated AMS account for tests with Jenkins, and makes the JVM trust its certificate by default. */
public final class AmsJenkinsRule extends ExternalResource {

    public static final String ACCOUNT = "media-test";
    public static final String CREDENTIALS = "ams-ci";

    private Emulator emulator;
    private SSLContext before;

    @Override
    protected void before() throws Exception {
        emulator = Emulator.start();
        before = SSLContext.getDefault();
        SSLContext.setDefault(emulator.sslContext());
    }

    @Override
    protected void after() {
        SSLContext.setDefault(before);
        emulator.close();
    }

    public Emulator emulator() {
        return emulator;
    }

    /** Configures the account and its credentials in Jenkins. Needed only once, because Jenkins saves them. */
    public void configure() throws Exception {
        addCredentials(CREDENTIALS, emulator.clientSecret());
        configureAccount();
    }

    /** Configures the account without credentials. */
    public void configureAccount() {
        configureAccount(emulator.endpoint(), emulator.authority());
    }

    /** Configures the account of an emulator, which may run in another process. */
    public static void configureAccount(URI endpoint, URI authority) {
        AmsAccount account = new AmsAccount(ACCOUNT, endpoint.toString(), CREDENTIALS);
        account.setCloud(AzureCloud.CUSTOM);
        account.setAuthority(authority.toString());
        AmsGlobalConfiguration configuration = AmsGlobalConfiguration.get();
        configuration.setAdditionalHosts(List.of(endpoint.getHost()));
        configuration.setAccounts(List.of(account));
    }

    /** Returns an account of the emulator for an account in the documentation, whose name says which API it has. */
    public AmsAccount documentedAccount(String name) {
        if (name.equals("media-mkio")) {
            MkIoApi api = new MkIoApi();
            api.setProject(LiveServices.PROJECT);
            AmsAccount account =
                    new AmsAccount(name, emulator.endpoint(LiveApi.MK_IO).toString(), "mkio-token");
            account.setApi(api);
            return account;
        }
        if (name.equals("media-ravnur")) {
            AmsAccount account =
                    new AmsAccount(name, emulator.endpoint(LiveApi.RAVNUR).toString(), "ravnur-key");
            account.setApi(new RavnurApi(LiveServices.SUBSCRIPTION, LiveServices.RESOURCE_GROUP, LiveServices.ACCOUNT));
            return account;
        }
        boolean v3 = name.equals("media-v3");
        String endpoint = (v3 ? emulator.endpoint(LiveApi.RESOURCE_MANAGER) : emulator.endpoint()).toString();
        AmsAccount account = new AmsAccount(name, endpoint, CREDENTIALS);
        account.setCloud(AzureCloud.CUSTOM);
        account.setAuthority(emulator.authority().toString());
        if (v3) {
            account.setApi(new AzureResourceManagerApi(
                    LiveServices.SUBSCRIPTION, LiveServices.RESOURCE_GROUP, LiveServices.ACCOUNT));
        }
        return account;
    }

    /** Adds global credentials for the emulator's application. */
    public void addCredentials(String id, String secret) throws Exception {
        SystemCredentialsProvider provider = SystemCredentialsProvider.getInstance();
        provider.getCredentials()
                .add(new AzureAdClientSecretCredentials(
                        CredentialsScope.GLOBAL,
                        id,
                        "for tests",
                        emulator.tenant(),
                        emulator.clientId(),
                        Secret.fromString(secret)));
        provider.save();
    }

    /** Adds a secret text as global credentials. */
    public static void addSecretText(String id, String text) throws Exception {
        SystemCredentialsProvider provider = SystemCredentialsProvider.getInstance();
        provider.getCredentials()
                .add(new StringCredentialsImpl(CredentialsScope.GLOBAL, id, "for tests", Secret.fromString(text)));
        provider.save();
    }

    /** Returns the credentials store of Jenkins or of a folder. */
    public static CredentialsStore storeOf(ItemGroup<?> context) {
        return StreamSupport.stream(CredentialsProvider.lookupStores(context).spliterator(), false)
                .filter(store -> store.getContext() == context)
                .findFirst()
                .orElseThrow();
    }

    /** Adds a job that is Processing until the test overrides its state. */
    public EmulatedJob addRunningJob(String name) {
        return emulator.addJob(JobScript.named(name).task("Encode", Duration.ofHours(1)));
    }

    /** Adds a finished job. */
    public EmulatedJob addFinishedJob(String name) {
        EmulatedJob job = addRunningJob(name);
        job.finish();
        return job;
    }
}
