/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.not;
import static org.junit.Assert.assertEquals;

import com.cloudbees.plugins.credentials.CredentialsProvider;
import com.cloudbees.plugins.credentials.SystemCredentialsProvider;
import hudson.security.ACL;
import io.jenkins.plugins.ams.config.AmsAccount;
import io.jenkins.plugins.ams.config.AmsGlobalConfiguration;
import io.jenkins.plugins.ams.credentials.AzureAdClientSecretCredentials;
import io.jenkins.plugins.casc.ConfigurationAsCode;
import io.jenkins.plugins.casc.misc.ConfiguredWithCode;
import io.jenkins.plugins.casc.misc.EnvVarsRule;
import io.jenkins.plugins.casc.misc.JenkinsConfiguredWithCodeRule;
import io.jenkins.plugins.casc.misc.Util;
import java.io.ByteArrayOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.RuleChain;
import org.junit.rules.TemporaryFolder;

/** All of the plugin's configuration from a file, into a file, and from that one again. */
public class ConfigurationAsCodeJenkinsTest {

    private static final String SECRET = "tTe8Q~a-secret-that-nobody-sees";
    private static final Pattern ENCRYPTED = Pattern.compile("\\{AQAA[A-Za-z0-9+/=]+}");

    public final JenkinsConfiguredWithCodeRule j = new JenkinsConfiguredWithCodeRule();

    @Rule
    public final RuleChain rules = RuleChain.outerRule(new EnvVarsRule().set("AMS_CLIENT_SECRET", SECRET))
            .around(j);

    @Rule
    public final TemporaryFolder files = new TemporaryFolder();

    @Test
    @ConfiguredWithCode("configuration-as-code.yaml")
    public void loadsAFile() throws Exception {
        assertConfigured();
    }

    @Test
    @ConfiguredWithCode("configuration-as-code.yaml")
    public void exportsTheSecretEncrypted() throws Exception {
        String export = export();

        assertThat(export, not(containsString(SECRET)));
        assertEquals(
                Util.toStringFromYamlFile(this, "configuration-as-code-export.yaml"),
                ENCRYPTED.matcher(export).replaceAll("{encrypted}"));
    }

    @Test
    @ConfiguredWithCode("configuration-as-code.yaml")
    public void loadsItsExport() throws Exception {
        Path file = files.newFile("exported.yaml").toPath();
        Files.writeString(file, export());
        SystemCredentialsProvider.getInstance().getCredentials().clear();
        AmsGlobalConfiguration.get().setAccounts(List.of());
        AmsGlobalConfiguration.get().setAdditionalHosts(List.of());

        ConfigurationAsCode.get().configure(file.toString());

        assertConfigured();
    }

    @Test
    @ConfiguredWithCode("live-services.yaml")
    public void loadsAndExportsEveryApi() throws Exception {
        List<AmsAccount> accounts = AmsGlobalConfiguration.get().getAccounts();
        assertEquals(
                List.of("AzureResourceManagerApi", "RavnurApi", "MkIoApi", "MkIoApi", "AmsV2Api"),
                accounts.stream()
                        .map(account -> account.getApi().getClass().getSimpleName())
                        .toList());
        String export = export(false);
        for (String line : Util.toStringFromYamlFile(this, "live-services.yaml").split("\n")) {
            assertThat(export, containsString(line.strip()));
        }
        assertThat("AMS v2 is what is not said", export, not(containsString("amsV2")));
        Path file = files.newFile("exported.yaml").toPath();
        Files.writeString(file, export);
        AmsGlobalConfiguration.get().setAccounts(List.of());
        ConfigurationAsCode.get().configure(file.toString());
        for (int i = 0; i < accounts.size(); i++) {
            assertEquals(
                    accounts.get(i).getApi(),
                    AmsGlobalConfiguration.get().getAccounts().get(i).getApi());
        }
    }

    private void assertConfigured() {
        AmsGlobalConfiguration configuration = AmsGlobalConfiguration.get();
        String https = "https://prod.restv2.";
        assertEquals(
                List.of(
                        "prod " + https + "westeurope.media.azure.net/api/ ams-ci PUBLIC null null",
                        "shanghai " + https + "chinaeast.media.chinacloudapi.cn/api/ null CHINA null null",
                        "emulator https://127.0.0.1:8443/api/ ams-ci CUSTOM https://127.0.0.1:8443"
                                + " https://rest.emulator.example"),
                configuration.getAccounts().stream()
                        .map(ConfigurationAsCodeJenkinsTest::describe)
                        .toList());
        assertEquals(List.of("127.0.0.1"), configuration.getAdditionalHosts());

        List<AzureAdClientSecretCredentials> credentials = CredentialsProvider.lookupCredentialsInItemGroup(
                AzureAdClientSecretCredentials.class, j.jenkins, ACL.SYSTEM2, List.of());
        assertEquals(1, credentials.size());
        assertEquals("ams-ci", credentials.get(0).getId());
        assertEquals("contoso.onmicrosoft.com", credentials.get(0).getTenantId());
        assertEquals(SECRET, credentials.get(0).getClientSecret().getPlainText());
    }

    /** What of the export is the plugin's. */
    private static String export() throws Exception {
        return export(true);
    }

    private static String export(boolean withCredentials) throws Exception {
        ByteArrayOutputStream export = new ByteArrayOutputStream();
        ConfigurationAsCode.get().export(export);
        String all = export.toString(UTF_8);
        if (!withCredentials) {
            return "unclassified:\n" + section(all, "  azureMediaServices:");
        }
        return """
                credentials:
                  system:
                    domainCredentials:
                    - credentials:
                """
                + section(all, "      - azureAdClientSecret:") + "unclassified:\n"
                + section(all, "  azureMediaServices:");
    }

    /** A line and those below it that are indented further. */
    private static String section(String yaml, String header) {
        List<String> lines = yaml.lines().toList();
        int first = lines.indexOf(header);
        String deeper = header.replaceAll("\\S.*", "") + " ";
        return header
                + "\n"
                + lines.subList(first + 1, lines.size()).stream()
                        .takeWhile(line -> line.startsWith(deeper))
                        .map(line -> line + "\n")
                        .collect(Collectors.joining());
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
