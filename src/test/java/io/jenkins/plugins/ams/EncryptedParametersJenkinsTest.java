/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.Assert.assertEquals;

import hudson.model.FreeStyleProject;
import hudson.util.Secret;
import io.jenkins.plugins.ams.WebMethodsJenkinsRule.Role;
import io.jenkins.plugins.ams.WebMethodsJenkinsRule.WebMethod;
import io.jenkins.plugins.ams.freestyle.WaitForAmsJobBuilder;
import io.jenkins.plugins.ams.pipeline.WaitForAmsJobStep;
import io.jenkins.plugins.ams.testing.AmsJenkinsRule;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import jenkins.security.CryptoConfidentialKey;
import net.sf.json.JSONObject;
import org.htmlunit.HttpMethod;
import org.htmlunit.WebRequest;
import org.htmlunit.html.HtmlForm;
import org.htmlunit.html.HtmlTextInput;
import org.htmlunit.util.NameValuePair;
import org.jenkinsci.plugins.workflow.cps.Snippetizer;
import org.junit.ClassRule;
import org.junit.Test;
import org.junit.rules.RuleChain;
import org.jvnet.hudson.test.JenkinsRule;

/**
 * Core decrypts a parameter of type {@code String} that is a secret in Jenkins' encryption. To this plugin such a text is
 * nothing but a text: no response tells what it stands for, and none depends on it.
 */
public class EncryptedParametersJenkinsTest {

    private static final AmsJenkinsRule ams = new AmsJenkinsRule();
    private static final JenkinsRule j = new JenkinsRule();
    private static final WebMethodsJenkinsRule web = new WebMethodsJenkinsRule(ams, j);

    @ClassRule
    public static final RuleChain RULES = RuleChain.outerRule(ams).around(j).around(web);

    private static final String GUID = "f3c43f94-327f-2347-90bb-3bf79f8559f1";

    /** Each is right as some parameter, and most are wrong as others. */
    private static final List<String> PLAIN_TEXTS = List.of(
            "60",
            "CUSTOM",
            AmsJenkinsRule.ACCOUNT,
            AmsJenkinsRule.CREDENTIALS,
            "contoso.onmicrosoft.com",
            "https://login.example/",
            GUID,
            "correct horse battery staple");

    private final List<String> problems = new ArrayList<>();

    @Test
    public void respondsToAdministratorsIndependentlyOfTheValue() {
        expectNoLeak(this::encrypted, PLAIN_TEXTS, Role.ADMINISTRATOR, "");
        assertEquals("", String.join("\n", problems));
    }

    @Test
    public void respondsToAdministratorsIndependentlyOfTheLegacyValue() {
        List<String> few = List.of(AmsJenkinsRule.ACCOUNT, AmsJenkinsRule.CREDENTIALS, GUID);
        expectNoLeak(this::encryptedLegacy, few, Role.ADMINISTRATOR, "");
        assertEquals("", String.join("\n", problems));
    }

    @Test
    public void respondsToOthersIndependentlyOfTheValue() {
        List<String> few = List.of(AmsJenkinsRule.CREDENTIALS, GUID);
        expectNoLeak(this::encrypted, few, Role.READER, "");
        expectNoLeak(this::encrypted, few, Role.EXTENDED_READER, web.item());
        assertEquals("", String.join("\n", problems));
    }

    /** A plugin cannot change this, so docs/security.md warns of it. If this fails, the warning is obsolete. */
    @Test
    public void coreDecryptsWhatFormsSave() throws Exception {
        FreeStyleProject project = j.createFreeStyleProject();
        project.getBuildersList().add(new WaitForAmsJobBuilder("$AMS_JOB_ID"));
        try (JenkinsRule.WebClient client = j.createWebClient().login(Role.ADMINISTRATOR.user())) {
            HtmlForm form = client.getPage(project, "configure").getFormByName("config");
            form.<HtmlTextInput>getInputByName("_.jobId").setValue(encrypted(GUID));
            j.submit(form);
        }
        assertEquals(
                GUID, project.getBuildersList().get(WaitForAmsJobBuilder.class).getJobId());
    }

    @Test
    public void coreDecryptsWhatTheSnippetGeneratorGets() throws Exception {
        JSONObject step = new JSONObject()
                .element("stapler-class", WaitForAmsJobStep.class.getName())
                .element("$class", WaitForAmsJobStep.class.getName())
                .element("jobId", encrypted(GUID));
        try (JenkinsRule.WebClient client = j.createWebClient().login(Role.ADMINISTRATOR.user())) {
            WebRequest request = new WebRequest(
                    client.createCrumbedUrl(Snippetizer.ACTION_URL + "/generateSnippet"), HttpMethod.POST);
            request.setRequestParameters(List.of(new NameValuePair("json", step.toString())));
            assertEquals(
                    "waitForAmsJob '" + GUID + "'",
                    client.loadWebResponse(request).getContentAsString().trim());
        }
    }

    private void expectNoLeak(Encryption encryption, List<String> plainTexts, Role role, String below) {
        String other = encryption.of("a text that nothing depends on");
        for (WebMethod method : web.methods()) {
            for (String parameter : method.parameters()) {
                String expected = response(method, parameter, other, role, below);
                for (String plain : plainTexts) {
                    String cipherText = encryption.of(plain);
                    assertEquals(plain, Secret.fromString(cipherText).getPlainText());
                    String actual = response(method, parameter, cipherText, role, below);
                    if (!actual.equals(expected)) {
                        problems.add(method + " tells " + role + " by " + parameter + " of " + plain + ": " + actual);
                    }
                }
            }
        }
    }

    /** Without the text that was sent, which some responses hold; names of hosts in lower case. */
    private static String response(WebMethod method, String parameter, String sent, Role role, String below) {
        return web.text(below, method.with(parameter, sent), role)
                .replace(sent, "…")
                .replace(sent.toLowerCase(Locale.ROOT), "…");
    }

    private interface Encryption {
        String of(String plain);
    }

    /** Without a slash, since a text with one in it looks like the ID of a job. */
    private String encrypted(String plain) {
        return Stream.generate(() -> Secret.fromString(plain).getEncryptedValue())
                .filter(text -> !text.contains("/"))
                .findFirst()
                .orElseThrow();
    }

    /** As Jenkins stored secrets before 2.44, which it still reads. */
    private String encryptedLegacy(String plain) {
        try {
            byte[] encrypted = new CryptoConfidentialKey(Secret.class.getName())
                    .encrypt()
                    .doFinal((plain + "::::MAGIC::::").getBytes(UTF_8));
            return Base64.getEncoder().encodeToString(encrypted);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
