/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams;

import static io.jenkins.plugins.ams.testing.Parameters.submittedForm;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertTrue;

import com.cloudbees.plugins.credentials.Credentials;
import com.cloudbees.plugins.credentials.CredentialsScope;
import com.cloudbees.plugins.credentials.SystemCredentialsProvider;
import com.microsoft.azure.util.AzureCredentials;
import com.microsoft.azure.util.AzureImdsCredentials;
import hudson.PluginWrapper;
import hudson.util.FormValidation;
import hudson.util.Secret;
import io.jenkins.plugins.ams.config.AmsV2Api;
import io.jenkins.plugins.ams.credentials.AzureAdClientSecretCredentials;
import io.jenkins.plugins.ams.emulator.AzureAd;
import io.jenkins.plugins.ams.emulator.RequestKind;
import io.jenkins.plugins.ams.testing.AmsJenkinsRule;
import java.io.Serializable;
import java.net.URI;
import org.jenkinsci.plugins.workflow.cps.CpsFlowDefinition;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.RuleChain;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.RealJenkinsRule;

/**
 * The plugin with and without the one that it can do without, in a Jenkins of its own process: there plugins have the
 * class loaders that they have for users.
 */
public class OptionalPluginsJenkinsTest {

    private static final String USER_ASSIGNED = "7c8d1b2e-0000-4000-8000-00805f9b34fb";

    private final AmsJenkinsRule ams = new AmsJenkinsRule();
    private final RealJenkinsRule jenkins = new RealJenkinsRule().prepareHomeLazily(true);

    @Rule
    public final RuleChain rules = RuleChain.outerRule(ams).around(jenkins);

    private EmulatorConfig config;

    @Before
    public void trustTheEmulator() {
        jenkins.javaOptions(
                "-Djavax.net.ssl.trustStore=" + ams.emulator().trustStore(),
                "-Djavax.net.ssl.trustStorePassword=" + ams.emulator().trustStorePassword());
        config = new EmulatorConfig(
                ams.emulator().endpoint(),
                ams.emulator().authority(),
                ams.emulator().tenant(),
                ams.emulator().clientId(),
                ams.emulator().clientSecret(),
                ams.addFinishedJob("Encoding").id());
    }

    @Test
    public void worksWithoutAzureCredentials() throws Throwable {
        jenkins.omitPlugins("azure-credentials", "azure-sdk", "netty-api");
        inJenkins(OptionalPluginsJenkinsTest::waitsWithoutAzureCredentials);
        assertEquals(1, ams.emulator().requests().count(RequestKind.TOKEN));
    }

    @Test
    public void worksWithAzureCredentialsAndItsOwnMsal4j() throws Throwable {
        inJenkins(WithAzureCredentials::waits);
        assertEquals(1, ams.emulator().requests().count(RequestKind.TOKEN));
    }

    @Test
    public void getsTokensForTheMachinesIdentities() throws Throwable {
        ams.emulator().azureAd().managedIdentities(AzureAd.SYSTEM_ASSIGNED, USER_ASSIGNED);
        jenkins.extraEnv("AZURE_POD_IDENTITY_AUTHORITY_HOST", config.authority().toString());
        inJenkins(WithAzureCredentials::waitsWithManagedIdentities);
        assertEquals(3, ams.emulator().requests().count(RequestKind.METADATA));
        assertEquals(0, ams.emulator().requests().count(RequestKind.TOKEN));
    }

    private void inJenkins(RealJenkinsRule.StepWithOneArg<EmulatorConfig> step) throws Throwable {
        jenkins.startJenkins();
        jenkins.runRemotely(step, config);
    }

    private static void waitsWithoutAzureCredentials(JenkinsRule r, EmulatorConfig place) throws Exception {
        assertNull(r.jenkins.getPluginManager().getPlugin("azure-credentials"));
        PluginWrapper plugin = r.jenkins.getPluginManager().getPlugin("azure-media-services");
        assertTrue(plugin.isActive());
        assertThat(r.jenkins.getPluginManager().getFailedPlugins().toString(), is("[]"));
        add(new AzureAdClientSecretCredentials(
                CredentialsScope.GLOBAL,
                AmsJenkinsRule.CREDENTIALS,
                "",
                place.tenant(),
                place.clientId(),
                Secret.fromString(place.secret())));
        waitsWith(r, place, AmsJenkinsRule.CREDENTIALS);
    }

    /** Apart, so that nothing loads that plugin's classes where it is missing. */
    private static final class WithAzureCredentials {

        static void waits(JenkinsRule r, EmulatorConfig place) throws Exception {
            ClassLoader own = r.jenkins.getPluginManager().getPlugin("azure-media-services").classLoader;
            ClassLoader sdk = r.jenkins.getPluginManager().getPlugin("azure-sdk").classLoader;
            for (String library : new String[] {
                "com.microsoft.aad.msal4j.ConfidentialClientApplication", "com.azure.json.JsonProviders"
            }) {
                assertEquals(own, own.loadClass(library).getClassLoader());
                assertEquals(sdk, sdk.loadClass(library).getClassLoader());
            }
            AzureCredentials credentials = new AzureCredentials(
                    CredentialsScope.GLOBAL,
                    "service-principal",
                    "",
                    "",
                    place.clientId(),
                    Secret.fromString(place.secret()));
            credentials.setTenant(place.tenant());
            add(credentials);
            assertEquals(own.loadClass(AzureCredentials.class.getName()), credentials.getClass());
            waitsWith(r, place, "service-principal");
        }

        static void waitsWithManagedIdentities(JenkinsRule r, EmulatorConfig place) throws Exception {
            add(new AzureImdsCredentials(CredentialsScope.GLOBAL, "system-assigned", "", "Azure"));
            AzureImdsCredentials ofUser =
                    new AzureImdsCredentials(CredentialsScope.GLOBAL, "user-assigned", "", "Azure");
            ofUser.setClientId(USER_ASSIGNED);
            add(ofUser);
            waitsWith(r, place, "system-assigned");
            waitsWith(r, place, "user-assigned");
            FormValidation test = new AmsV2Api.DescriptorImpl()
                    .doTestConnection(submittedForm(
                            "name",
                            "media",
                            "endpoint",
                            place.endpoint().toString(),
                            "credentialsId",
                            "user-assigned",
                            "cloud",
                            "CUSTOM",
                            "authority",
                            place.authority().toString(),
                            "resource",
                            "",
                            "additionalHosts",
                            "localhost"));
            assertEquals(test.getMessage(), FormValidation.Kind.OK, test.kind);
        }
    }

    private static void add(Credentials credentials) throws Exception {
        SystemCredentialsProvider provider = SystemCredentialsProvider.getInstance();
        provider.getCredentials().add(credentials);
        provider.save();
    }

    private static void waitsWith(JenkinsRule r, EmulatorConfig place, String credentialsId) throws Exception {
        AmsJenkinsRule.configureAccount(place.endpoint(), place.authority());
        WorkflowJob project = r.createProject(WorkflowJob.class);
        project.setDefinition(new CpsFlowDefinition(
                "waitForAmsJob jobId: '" + place.jobId() + "', credentialsId: '" + credentialsId + "'", true));
        r.assertLogContains("(credentials '" + credentialsId + "')", r.buildAndAssertSuccess(project));
    }

    /** Where the emulator is, for another process. */
    private record EmulatorConfig(
            URI endpoint, URI authority, String tenant, String clientId, String secret, String jobId)
            implements Serializable {}
}
