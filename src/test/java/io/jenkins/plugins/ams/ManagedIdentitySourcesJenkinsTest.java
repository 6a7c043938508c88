/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams;

import static io.jenkins.plugins.ams.testing.Parameters.submittedForm;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.junit.Assert.assertEquals;

import com.cloudbees.plugins.credentials.Credentials;
import com.cloudbees.plugins.credentials.CredentialsScope;
import com.cloudbees.plugins.credentials.SystemCredentialsProvider;
import hudson.util.FormValidation;
import io.jenkins.plugins.ams.auth.ManagedIdentity.IdType;
import io.jenkins.plugins.ams.config.AmsV2Api;
import io.jenkins.plugins.ams.credentials.AzureAdManagedIdentityCredentials;
import io.jenkins.plugins.ams.emulator.AzureAd;
import io.jenkins.plugins.ams.emulator.RecordedRequest;
import io.jenkins.plugins.ams.emulator.RequestKind;
import io.jenkins.plugins.ams.testing.AmsJenkinsRule;
import java.net.URI;
import java.util.List;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.RuleChain;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.RealJenkinsRule;

/**
 * Where a Jenkins asks for the tokens of its machine's identities. MSAL4J reads that from the environment, so each is a
 * process of its own.
 */
public class ManagedIdentitySourcesJenkinsTest {

    private static final String RESOURCE_ID = "/subscriptions/0b1f6471-1bf0-4dda-aec3-cb9272f09590/resourceGroups/ci"
            + "/providers/Microsoft.ManagedIdentity/userAssignedIdentities/jenkins";

    private final AmsJenkinsRule ams = new AmsJenkinsRule();
    private final RealJenkinsRule jenkins =
            new RealJenkinsRule().omitPlugins("azure-credentials", "azure-sdk", "netty-api");

    @Rule
    public final RuleChain rules = RuleChain.outerRule(ams).around(jenkins);

    @Before
    public void assignIdentities() {
        jenkins.javaOptions(
                "-Djavax.net.ssl.trustStore=" + ams.emulator().trustStore(),
                "-Djavax.net.ssl.trustStorePassword=" + ams.emulator().trustStorePassword());
        ams.emulator().azureAd().managedIdentities(AzureAd.SYSTEM_ASSIGNED, RESOURCE_ID);
    }

    @Test
    public void getsTokensFromAnAppService() throws Throwable {
        URI place = ams.emulator().authority().resolve("/msi/token");
        jenkins.extraEnv("IDENTITY_ENDPOINT", place.toString()).extraEnv("IDENTITY_HEADER", AzureAd.IDENTITY_HEADER);
        jenkins.startJenkins();
        jenkins.runRemotely(
                ManagedIdentitySourcesJenkinsTest::connects,
                ams.emulator().endpoint(),
                ams.emulator().authority());

        List<RecordedRequest> requests = ams.emulator().requests().of(RequestKind.METADATA);
        assertEquals(3, requests.size());
        assertThat(requests.get(1).target(), containsString("mi_res_id=%2Fsubscriptions"));
    }

    private static void connects(JenkinsRule r, URI endpoint, URI authority) throws Exception {
        assertEquals(FormValidation.Kind.OK, test(IdType.SYSTEM_ASSIGNED, null, endpoint, authority).kind);
        assertEquals(FormValidation.Kind.OK, test(IdType.RESOURCE_ID, RESOURCE_ID, endpoint, authority).kind);
        String refusal =
                test(IdType.RESOURCE_ID, RESOURCE_ID + "2", endpoint, authority).getMessage();
        assertThat(refusal, containsString("responded with HTTP 400: No managed identity found"));
    }

    private static FormValidation test(IdType type, String identityId, URI endpoint, URI authority) throws Exception {
        var credentials = new AzureAdManagedIdentityCredentials(CredentialsScope.GLOBAL, "mi", "", type);
        credentials.setIdentityId(identityId);
        List<Credentials> global = SystemCredentialsProvider.getInstance().getCredentials();
        global.clear();
        global.add(credentials);
        return new AmsV2Api.DescriptorImpl()
                .doTestConnection(submittedForm(
                        "name",
                        "media",
                        "endpoint",
                        endpoint.toString(),
                        "credentialsId",
                        "mi",
                        "cloud",
                        "CUSTOM",
                        "authority",
                        authority.toString(),
                        "resource",
                        "",
                        "additionalHosts",
                        "localhost"));
    }
}
