/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.cloudbees.plugins.credentials.CredentialsProvider;
import hudson.model.FreeStyleProject;
import hudson.model.Item;
import hudson.security.Permission;
import io.jenkins.plugins.ams.config.AmsAccount;
import io.jenkins.plugins.ams.config.AmsGlobalConfiguration;
import io.jenkins.plugins.ams.config.AmsV2Api;
import io.jenkins.plugins.ams.config.AzureResourceManagerApi;
import io.jenkins.plugins.ams.config.MkIoApi;
import io.jenkins.plugins.ams.config.RavnurApi;
import io.jenkins.plugins.ams.credentials.AzureAdClientCertificateCredentials;
import io.jenkins.plugins.ams.credentials.AzureAdClientSecretCredentials;
import io.jenkins.plugins.ams.credentials.AzureAdManagedIdentityCredentials;
import io.jenkins.plugins.ams.credentials.AzureAdWorkloadIdentityCredentials;
import io.jenkins.plugins.ams.emulator.LiveServices;
import io.jenkins.plugins.ams.freestyle.WaitForAmsJobBuilder;
import io.jenkins.plugins.ams.pipeline.WaitForAmsJobStep;
import io.jenkins.plugins.ams.testing.AmsJenkinsRule;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URL;
import java.net.URLEncoder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import jenkins.model.Jenkins;
import org.htmlunit.HttpMethod;
import org.htmlunit.WebRequest;
import org.htmlunit.WebResponse;
import org.junit.rules.ExternalResource;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.MockAuthorizationStrategy;

/** A Jenkins with a user of each role, and the table of the plugin's web methods. */
final class WebMethodsJenkinsRule extends ExternalResource {

    private static final Permission[] OFF_BY_DEFAULT = {Item.EXTENDED_READ, CredentialsProvider.USE_ITEM};

    /** Roles in the order of their names' permissions; each may also read Jenkins, but for the first. */
    enum Role {
        ANONYMOUS,
        READER,
        ITEM_READER(Item.READ),
        EXTENDED_READER(Item.READ, Item.EXTENDED_READ),
        CREDENTIALS_USER(Item.READ, CredentialsProvider.USE_ITEM),
        CONFIGURER(Item.READ, Item.CONFIGURE),
        ADMINISTRATOR;

        private final Permission[] onItem;

        Role(Permission... onItem) {
            this.onItem = onItem;
        }

        String user() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** Who may be told, below an item and below none. */
    enum Audience {
        /** Nothing is looked up: whoever sees the page may ask. */
        PAGE_VIEWERS(
                EnumSet.range(Role.ITEM_READER, Role.ADMINISTRATOR), EnumSet.complementOf(EnumSet.of(Role.ANONYMOUS))),
        /** As the Credentials plugin asks its consumers to. */
        CONFIGURATION_VIEWERS(EnumSet.range(Role.EXTENDED_READER, Role.ADMINISTRATOR), EnumSet.of(Role.ADMINISTRATOR)),
        ADMINISTRATORS(EnumSet.of(Role.ADMINISTRATOR), EnumSet.of(Role.ADMINISTRATOR)),
        /** What concerns the controller is told nobody in the context of an item. */
        GLOBAL_ADMINISTRATORS(EnumSet.noneOf(Role.class), EnumSet.of(Role.ADMINISTRATOR));

        private final Set<Role> withItem;
        private final Set<Role> withoutItem;

        Audience(Set<Role> withItem, Set<Role> withoutItem) {
            this.withItem = withItem;
            this.withoutItem = withoutItem;
        }

        Set<Role> withItem() {
            return withItem;
        }

        Set<Role> withoutItem() {
            return withoutItem;
        }
    }

    /**
     * A web method.
     *
     * @param type whose descriptor it belongs to
     * @param query the name in the address and parameters that there is something to tell about
     * @param told what only the audience reads
     */
    record WebMethod(Class<?> type, String query, String disclosed, Audience audience) {

        String name() {
            return query.replaceAll("\\?.*", "");
        }

        /** The names of the parameters, but for one with which a request would leave this machine. */
        List<String> parameters() {
            return Arrays.stream(query.substring(query.indexOf('?') + 1).split("&"))
                    .map(parameter -> parameter.replaceAll("=.*", ""))
                    .filter(parameter -> !parameter.equals(query))
                    .filter(parameter -> !(name().equals("testConnection") && parameter.equals("cloud")))
                    .toList();
        }

        WebMethod with(String parameter, String value) {
            String sent = Arrays.stream(query.substring(query.indexOf('?') + 1).split("&"))
                    .map(each ->
                            each.startsWith(parameter + "=") ? parameter + "=" + URLEncoder.encode(value, UTF_8) : each)
                    .collect(Collectors.joining("&"));
            return new WebMethod(type, name() + "?" + sent, disclosed, audience);
        }

        @Override
        public String toString() {
            return type.getSimpleName() + "/" + name();
        }
    }

    private static final String SECRET_TEXT = "api-key";

    private final AmsJenkinsRule ams;
    private final JenkinsRule j;
    private final Map<Role, JenkinsRule.WebClient> clients = new EnumMap<>(Role.class);
    private FreeStyleProject item;

    /** @param j has to be around this */
    WebMethodsJenkinsRule(AmsJenkinsRule ams, JenkinsRule j) {
        this.ams = ams;
        this.j = j;
    }

    @Override
    protected void before() throws Exception {
        ams.configure();
        AmsJenkinsRule.addSecretText(SECRET_TEXT, "k3y");
        item = j.createFreeStyleProject("encode");
        for (Permission permission : OFF_BY_DEFAULT) {
            permission.setEnabled(true);
        }
        MockAuthorizationStrategy authorization = new MockAuthorizationStrategy()
                .grant(Jenkins.ADMINISTER)
                .everywhere()
                .to(Role.ADMINISTRATOR.user());
        for (Role role : EnumSet.complementOf(EnumSet.of(Role.ANONYMOUS, Role.ADMINISTRATOR))) {
            authorization.grant(Jenkins.READ).everywhere().to(role.user());
            if (role.onItem.length > 0) {
                authorization.grant(role.onItem).onItems(item).to(role.user());
            }
        }
        j.jenkins.setSecurityRealm(j.createDummySecurityRealm());
        j.jenkins.setAuthorizationStrategy(authorization);
        for (Role role : Role.values()) {
            JenkinsRule.WebClient client = j.createWebClient().withThrowExceptionOnFailingStatusCode(false);
            clients.put(role, role == Role.ANONYMOUS ? client : client.login(role.user()));
        }
    }

    @Override
    protected void after() {
        for (Permission permission : OFF_BY_DEFAULT) {
            permission.setEnabled(false);
        }
        clients.clear();
    }

    /** The address of the item, relative to Jenkins. */
    String item() {
        return item.getUrl();
    }

    List<WebMethod> methods() {
        List<WebMethod> methods = new ArrayList<>();
        for (Class<?> door : List.of(WaitForAmsJobStep.class, WaitForAmsJobBuilder.class)) {
            Audience all = Audience.PAGE_VIEWERS;
            methods.add(new WebMethod(door, "checkJobId?value=job-1&account=", "nb:jid:UUID:", all));
            methods.add(new WebMethod(door, "checkTimeout?value=-1", "may not be negative", all));
            methods.add(new WebMethod(door, "checkPollInterval?value=1", "Must be 2 or greater", all));
            Audience few = Audience.CONFIGURATION_VIEWERS;
            methods.add(new WebMethod(door, "fillAccountItems?account=the-current-one", AmsJenkinsRule.ACCOUNT, few));
            methods.add(new WebMethod(door, "checkAccount?value=gone", "There is no AMS account", few));
            methods.add(new WebMethod(
                    door,
                    "fillCredentialsIdItems?account=&credentialsId=the-current-one",
                    AmsJenkinsRule.CREDENTIALS,
                    few));
            methods.add(new WebMethod(
                    door,
                    "checkCredentialsId?account=&value=gone",
                    "There are no Microsoft Entra ID credentials",
                    few));
        }
        String endpoint = URLEncoder.encode(ams.emulator().endpoint().toString(), UTF_8);
        Class<?> account = AmsAccount.class;
        Audience admins = Audience.ADMINISTRATORS;
        methods.add(new WebMethod(account, "checkName?value=", "Enter a name", admins));
        methods.add(new WebMethod(account, "checkEndpoint?value=http://x/", "must begin with https", admins));
        methods.add(new WebMethod(account, "checkAuthority?value=x&cloud=CUSTOM", "enter the authority", admins));
        methods.add(new WebMethod(account, "checkResource?value=x&cloud=CUSTOM", "Enter a URL", admins));
        addCredentialsOfApis(methods, endpoint);
        methods.add(testConnection());
        for (Class<?> api : List.of(AzureResourceManagerApi.class, RavnurApi.class)) {
            methods.add(new WebMethod(api, "checkSubscriptionId?value=x", "must be a GUID", admins));
            methods.add(new WebMethod(api, "checkResourceGroup?value=x/y", "resource group name", admins));
            methods.add(new WebMethod(api, "checkAccountName?value=x-y", "3 to 24 letters", admins));
        }
        String names = "&subscriptionId=" + LiveServices.SUBSCRIPTION + "&resourceGroup=media&accountName=media";
        String where = "testConnection?name=x&credentialsId=gone&endpoint=" + endpoint;
        methods.add(new WebMethod(
                AzureResourceManagerApi.class,
                where + names,
                "no Microsoft Entra ID credentials with this ID",
                admins));
        methods.add(new WebMethod(RavnurApi.class, where + names, "no secret text with this ID", admins));
        methods.add(new WebMethod(MkIoApi.class, "checkProject?value=&subscription=", "either the project or", admins));
        methods.add(new WebMethod(MkIoApi.class, where + "&project=media", "no secret text with this ID", admins));
        methods.add(new WebMethod(
                AmsGlobalConfiguration.class, "checkAdditionalHosts?value=a:b/", "not a host name or an IP", admins));
        addCredentialsMethods(methods);
        return methods;
    }

    private static void addCredentialsOfApis(List<WebMethod> methods, String endpoint) {
        String check = "checkCredentialsId?value=gone&endpoint=" + endpoint;
        String fill = "fillCredentialsIdItems?credentialsId=the-current-one&endpoint=" + endpoint;
        Audience admins = Audience.ADMINISTRATORS;
        for (Class<?> api : List.of(AmsV2Api.class, AzureResourceManagerApi.class)) {
            methods.add(new WebMethod(api, check, "no Microsoft Entra ID credentials", admins));
            methods.add(new WebMethod(api, fill, AmsJenkinsRule.CREDENTIALS, admins));
            methods.add(new WebMethod(api, "checkJobPageUrl?value=http://x/", "must begin with https", admins));
        }
        for (Class<?> api : List.of(RavnurApi.class, MkIoApi.class)) {
            methods.add(new WebMethod(api, check, "no secret text", admins));
            methods.add(new WebMethod(api, fill, SECRET_TEXT, admins));
            methods.add(new WebMethod(api, "checkJobPageUrl?value=http://x/", "must begin with https", admins));
        }
    }

    private static void addCredentialsMethods(List<WebMethod> methods) {
        Audience all = Audience.PAGE_VIEWERS;
        Audience few = Audience.CONFIGURATION_VIEWERS;
        Class<?> certificate = AzureAdClientCertificateCredentials.class;
        Class<?> token = AzureAdWorkloadIdentityCredentials.class;
        for (Class<?> type : List.of(AzureAdClientSecretCredentials.class, certificate, token)) {
            methods.add(new WebMethod(type, "checkTenantId?value=common", "neither a GUID nor a domain", all));
            methods.add(new WebMethod(type, "checkClientId?value=x", "not a GUID", all));
        }
        methods.add(new WebMethod(
                AzureAdClientSecretCredentials.class, "checkClientSecret?value=", "Enter the client secret", all));
        methods.add(
                new WebMethod(certificate, "fillCertificateIdItems?certificateId=the-current-one", "- none -", few));
        methods.add(new WebMethod(certificate, "checkCertificateId?value=gone", "no certificate credentials", few));
        methods.add(new WebMethod(
                token, "fillTokenCredentialsIdItems?tokenCredentialsId=the-current-one", "- none -", few));
        methods.add(new WebMethod(
                token, "checkTokenCredentialsId?value=gone&tokenFile=", "no secret text or secret file", few));
        methods.add(new WebMethod(
                token, "checkTokenFile?value=/no/such/file", "cannot read", Audience.GLOBAL_ADMINISTRATORS));
        Class<?> managed = AzureAdManagedIdentityCredentials.class;
        methods.add(new WebMethod(managed, "fillIdTypeItems", "User-assigned, by client ID", all));
        methods.add(new WebMethod(
                managed, "checkIdentityId?value=x&idType=CLIENT_ID", "not an ID of the type selected above", all));
    }

    WebMethod testConnection() {
        String endpoint = URLEncoder.encode(ams.emulator().endpoint().toString(), UTF_8);
        String authority = URLEncoder.encode(ams.emulator().authority().toString(), UTF_8);
        return new WebMethod(
                AmsV2Api.class,
                "testConnection?name=x&endpoint=" + endpoint + "&credentialsId=" + AmsJenkinsRule.CREDENTIALS
                        + "&cloud=CUSTOM&authority=" + authority,
                "Microsoft Entra ID issued a token",
                Audience.ADMINISTRATORS);
    }

    WebResponse send(HttpMethod verb, String below, WebMethod method, Role role, boolean crumb) throws IOException {
        JenkinsRule.WebClient client = clients.get(role);
        URL url =
                new URL(j.getURL(), below + "descriptorByName/" + method.type().getName() + "/" + method.query());
        WebRequest request = new WebRequest(url, verb);
        return client.loadWebResponse(crumb ? client.addCrumb(request) : request);
    }

    String text(String below, WebMethod method, Role role) {
        try {
            WebResponse answer = send(HttpMethod.POST, below, method, role, true);
            return answer.getStatusCode() + " " + answer.getContentAsString();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
