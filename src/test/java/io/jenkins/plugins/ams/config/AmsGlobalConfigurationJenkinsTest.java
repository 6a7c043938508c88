/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.config;

import static io.jenkins.plugins.ams.testing.ConfigurationErrors.assertConfigurationError;
import static io.jenkins.plugins.ams.testing.Parameters.submitted;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertThrows;

import hudson.util.FormValidation;
import io.jenkins.plugins.ams.http.AmsException;
import io.jenkins.plugins.casc.ConfigurationAsCode;
import io.jenkins.plugins.casc.ConfiguratorException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.htmlunit.Page;
import org.htmlunit.html.HtmlButton;
import org.htmlunit.html.HtmlForm;
import org.htmlunit.html.HtmlPage;
import org.junit.Rule;
import org.junit.Test;
import org.jvnet.hudson.test.JenkinsRule;

public class AmsGlobalConfigurationJenkinsTest {

    private static final String ENDPOINT = "https://prod.restv2.westeurope.media.azure.net/api/";

    @Rule
    public JenkinsRule j = new JenkinsRule();

    @Test
    public void survivesTheSystemForm() throws Exception {
        AmsGlobalConfiguration configuration = AmsGlobalConfiguration.get();
        configuration.setAccounts(List.of(account("prod"), custom("emulator")));
        configuration.setAdditionalHosts(List.of("Emulator.Example", "127.0.0.1"));

        j.configRoundtrip();

        assertEquals(
                List.of(describe(account("prod")), describe(custom("emulator"))),
                configuration.getAccounts().stream()
                        .map(AmsGlobalConfigurationJenkinsTest::describe)
                        .toList());
        assertEquals(List.of("emulator.example", "127.0.0.1"), configuration.getAdditionalHosts());
    }

    @Test
    public void aSingleAccountKeepsItsCredentialsInTheForm() throws Exception {
        AmsGlobalConfiguration configuration = AmsGlobalConfiguration.get();
        configuration.setAccounts(List.of(account("prod")));

        j.configRoundtrip();

        assertEquals("ams-ci", configuration.account("prod").getCredentialsId());
    }

    @Test
    public void theFormKeepsAndChangesTheJobPageUrl() throws Exception {
        AmsGlobalConfiguration configuration = AmsGlobalConfiguration.get();
        MkIoApi api = new MkIoApi();
        api.setProject("media-prod");
        AmsAccount mkIo = new AmsAccount("mkio", null, "mkio-token");
        mkIo.setApi(api);
        mkIo.setJobPageUrl("https://media.example/{transform}/{job}?q='");
        configuration.setAccounts(List.of(account("prod"), mkIo));

        j.configRoundtrip();

        assertNull(configuration.account("prod").getJobPageUrl());
        assertEquals(mkIo.getJobPageUrl(), configuration.account("mkio").getJobPageUrl());

        JenkinsRule.WebClient client = j.createWebClient();
        HtmlForm form = client.goTo("configure").getFormByName("config");
        form.getInputsByName("_.jobPageUrl").stream()
                .filter(input -> input.getValue().isEmpty())
                .forEach(input -> input.setValue(" https://media.example/{id} "));
        j.submit(form);
        assertEquals("https://media.example/{id}", configuration.account("prod").getJobPageUrl());
        assertEquals(mkIo.getJobPageUrl(), configuration.account("mkio").getJobPageUrl());
    }

    @Test
    public void theFormRejectsAnInvalidJobPageUrl() throws Exception {
        AmsGlobalConfiguration.get().setAccounts(List.of(account("prod")));
        JenkinsRule.WebClient client = j.createWebClient().withThrowExceptionOnFailingStatusCode(false);
        HtmlForm form = client.goTo("configure").getFormByName("config");
        form.getInputsByName("_.jobPageUrl").forEach(input -> input.setValue("https://{id}.example/"));

        Page response = j.submit(form);

        assertThat(
                response.getWebResponse().getContentAsString(),
                containsString("The job page URL of the AMS account 'prod' cannot be used. Placeholders are allowed"
                        + " only after the host and port."));
        assertNull(AmsGlobalConfiguration.get().account("prod").getJobPageUrl());
    }

    @Test
    public void rejectsAnInvalidJobPageUrl() {
        AmsAccount account = account("prod");
        account.setJobPageUrl("https://media.example/{job}");
        IllegalArgumentException rejection = assertThrows(
                IllegalArgumentException.class,
                () -> AmsGlobalConfiguration.get().setAccounts(List.of(account)));
        assertThat(rejection.getMessage(), containsString("'{job}' is not a placeholder for AMS v2"));
        assertEquals(List.of(), AmsGlobalConfiguration.get().getAccounts());
    }

    @Test
    public void anEditedJobPageUrlIsValidatedWhenItIsUsed() throws Exception {
        AmsGlobalConfiguration configuration = AmsGlobalConfiguration.get();
        AmsAccount account = account("prod");
        account.setJobPageUrl("https://media.example/{id}");
        configuration.setAccounts(List.of(account));
        assertEquals(
                "https://media.example/nb%3Ajid%3AUUID%3Af3c43f94-327f-2347-90bb-3bf79f8559f1",
                configuration.jobPage("prod", "nb:jid:UUID:f3c43f94-327f-2347-90bb-3bf79f8559f1"));
        assertNull(configuration.jobPage("test", "nb:jid:UUID:f3c43f94-327f-2347-90bb-3bf79f8559f1"));
        assertNull(configuration.jobPage(null, "nb:jid:UUID:f3c43f94-327f-2347-90bb-3bf79f8559f1"));
        assertNull(configuration.jobPage("prod", "transform/job"));

        Path file = j.jenkins.getRootDir().toPath().resolve(configuration.getId() + ".xml");
        String saved = Files.readString(file);
        assertThat(saved, containsString("<jobPageUrl>https://media.example/{id}</jobPageUrl>"));
        Files.writeString(file, saved.replace("https://media.example/{id}", "javascript:alert(1)//{id}"));
        configuration.load();
        assertEquals("javascript:alert(1)//{id}", configuration.account("prod").getJobPageUrl());
        assertNull(configuration.jobPage("prod", "nb:jid:UUID:f3c43f94-327f-2347-90bb-3bf79f8559f1"));
    }

    @Test
    public void survivesARestart() {
        AmsGlobalConfiguration.get().setAccounts(List.of(custom("emulator")));
        AmsGlobalConfiguration.get().setAdditionalHosts(List.of("127.0.0.1"));

        AmsGlobalConfiguration loaded = new AmsGlobalConfiguration();

        assertEquals(describe(custom("emulator")), describe(loaded.getAccounts().get(0)));
        assertEquals(List.of("127.0.0.1"), loaded.getAdditionalHosts());
    }

    @Test
    public void theLastAccountCanBeRemovedInTheForm() throws Exception {
        AmsGlobalConfiguration.get().setAccounts(List.of(account("prod")));
        AmsGlobalConfiguration.get().setAdditionalHosts(List.of("127.0.0.1"));
        HtmlPage page = j.createWebClient().goTo("configure");
        HtmlForm form = page.getFormByName("config");
        HtmlButton delete = form.getFirstByXPath(
                "//div[@name='accounts' and not(contains(@class,'to-be-removed'))]//button[contains(@class,'repeatable-delete')]");

        delete.click();
        j.submit(form);

        assertEquals(List.of(), AmsGlobalConfiguration.get().getAccounts());
        assertEquals(List.of("127.0.0.1"), AmsGlobalConfiguration.get().getAdditionalHosts());
    }

    @Test
    public void theFormRejectsDuplicateNames() throws Exception {
        AmsGlobalConfiguration.get().setAccounts(List.of(account("prod"), account("test")));
        JenkinsRule.WebClient client = j.createWebClient().withThrowExceptionOnFailingStatusCode(false);
        HtmlForm form = client.goTo("configure").getFormByName("config");
        form.getInputsByName("_.name").stream()
                .filter(input -> input.getValue().equals("test"))
                .forEach(input -> input.setValue("prod"));

        Page response = j.submit(form);

        assertThat(
                response.getWebResponse().getContentAsString(),
                containsString("More than one AMS account is named 'prod'"));
        assertEquals(
                List.of("prod", "test"),
                AmsGlobalConfiguration.get().getAccounts().stream()
                        .map(AmsAccount::getName)
                        .toList());
    }

    @Test
    public void rejectsInvalidAccountNames() {
        AmsGlobalConfiguration configuration = AmsGlobalConfiguration.get();
        assertThrows(
                IllegalArgumentException.class,
                () -> configuration.setAccounts(List.of(account("prod"), account(" prod "))));
        assertThrows(IllegalArgumentException.class, () -> configuration.setAccounts(List.of(account(" "))));
        assertEquals(List.of(), configuration.getAccounts());
    }

    @Test
    public void theFirstAccountIsTheDefault() throws Exception {
        AmsGlobalConfiguration.get().setAccounts(List.of(account("prod"), account("test")));
        assertEquals("prod", AmsGlobalConfiguration.get().account(null).getName());
        assertEquals("prod", AmsGlobalConfiguration.get().account(" ").getName());
        assertEquals("test", AmsGlobalConfiguration.get().account("test").getName());
    }

    @Test
    public void explainsAMissingAccount() {
        AmsException none =
                assertConfigurationError(() -> AmsGlobalConfiguration.get().account(null));
        assertThat(none.getMessage(), containsString("Manage Jenkins > System > Azure Media Services"));

        AmsGlobalConfiguration.get().setAccounts(List.of(account("prod")));
        AmsException unknown =
                assertConfigurationError(() -> AmsGlobalConfiguration.get().account("test"));
        assertThat(unknown.getMessage(), containsString("There is no AMS account 'test'"));
    }

    @Test
    public void allowsTokensForAdditionalHosts() throws Exception {
        AmsAccount account = custom("emulator");
        AmsGlobalConfiguration configuration = AmsGlobalConfiguration.get();
        assertConfigurationError(() -> account.endpoint(configuration.endpointPolicy(account.getApi())));
        configuration.setAdditionalHosts(List.of("127.0.0.1"));
        assertEquals(
                URI.create("https://127.0.0.1:8443/api/"),
                account.endpoint(configuration.endpointPolicy(account.getApi())));
    }

    @Test
    public void loadsAnEditedFile() throws Exception {
        AmsGlobalConfiguration configuration = AmsGlobalConfiguration.get();
        Path file = j.jenkins.getRootDir().toPath().resolve(configuration.getId() + ".xml");
        String account = AmsAccount.class.getName();
        Files.writeString(
                file,
                "<%1$s><accounts><null/><%2$s/><%2$s><name>prod</name></%2$s></accounts><additionalHosts><null/><string>A.example</string></additionalHosts></%1$s>"
                        .formatted(AmsGlobalConfiguration.class.getName(), account));
        configuration.load();
        assertEquals(2, configuration.getAccounts().size());
        AmsAccount prod = configuration.account("prod");
        assertEquals(AzureCloud.PUBLIC, prod.getCloud());
        assertEquals("", prod.getEndpoint());
        AmsException rejection =
                assertConfigurationError(() -> prod.endpoint(configuration.endpointPolicy(prod.getApi())));
        assertThat(rejection.getMessage(), containsString("The API endpoint of the AMS account 'prod' cannot be used"));
        assertEquals("", configuration.account(null).getName());
        assertEquals(List.of("a.example"), configuration.getAdditionalHosts());

        Files.writeString(
                file,
                "<%1$s><accounts class=\"null\"/><additionalHosts class=\"null\"/></%1$s>"
                        .formatted(AmsGlobalConfiguration.class.getName()));
        configuration.load();
        assertEquals(List.of(), configuration.getAccounts());
        assertEquals(List.of(), configuration.getAdditionalHosts());
    }

    @Test
    public void validatesAdditionalHosts() {
        AmsGlobalConfiguration configuration = AmsGlobalConfiguration.get();
        assertEquals(
                FormValidation.Kind.OK, configuration.doCheckAdditionalHosts(submitted("a.example\n127.0.0.1")).kind);
        assertEquals(
                FormValidation.Kind.ERROR, configuration.doCheckAdditionalHosts(submitted("https://a.example")).kind);
    }

    @Test
    public void configurationAsCodeRejectsDuplicateNames() {
        assertRejected("same-name-twice.yaml", "More than one AMS account is named 'prod'");
    }

    @Test
    public void configurationAsCodeRejectsAnInvalidJobPageUrl() {
        assertRejected("invalid-job-page-url.yaml", "'{transform}' is not a placeholder for AMS v2");
    }

    private void assertRejected(String file, String message) {
        ConfiguratorException rejection = assertThrows(
                ConfiguratorException.class,
                () -> ConfigurationAsCode.get()
                        .configure(getClass().getResource(file).toExternalForm()));
        assertThat(
                Stream.iterate((Throwable) rejection, cause -> cause != null, Throwable::getCause)
                        .map(String::valueOf)
                        .toList()
                        .toString(),
                containsString(message));
    }

    private static AmsAccount account(String name) {
        return new AmsAccount(name, ENDPOINT, "ams-ci");
    }

    private static AmsAccount custom(String name) {
        AmsAccount account = new AmsAccount(name, "https://127.0.0.1:8443/api/", "ams-ci");
        account.setCloud(AzureCloud.CUSTOM);
        account.setAuthority("https://127.0.0.1:8443");
        account.setResource("https://rest.emulator.example");
        return account;
    }

    private static String describe(AmsAccount account) {
        return String.join(
                " ",
                account.getName(),
                account.getEndpoint(),
                account.getCredentialsId(),
                account.getCloud().name(),
                account.getAuthority(),
                account.getResource());
    }
}
