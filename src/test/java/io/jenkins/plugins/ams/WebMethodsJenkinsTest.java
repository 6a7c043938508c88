/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.Assert.assertEquals;

import com.cloudbees.plugins.credentials.CredentialsProvider;
import hudson.ExtensionList;
import hudson.model.Descriptor;
import hudson.model.FreeStyleProject;
import hudson.model.Item;
import hudson.security.Permission;
import hudson.util.Secret;
import io.jenkins.plugins.ams.account.AmsAccount;
import io.jenkins.plugins.ams.account.AmsGlobalConfiguration;
import io.jenkins.plugins.ams.account.AmsV2Api;
import io.jenkins.plugins.ams.account.AzureResourceManagerApi;
import io.jenkins.plugins.ams.account.MkIoApi;
import io.jenkins.plugins.ams.account.RavnurApi;
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
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLEncoder;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import jenkins.model.Jenkins;
import jenkins.security.CryptoConfidentialKey;
import org.htmlunit.HttpMethod;
import org.htmlunit.WebRequest;
import org.htmlunit.WebResponse;
import org.junit.AfterClass;
import org.junit.Before;
import org.junit.BeforeClass;
import org.junit.ClassRule;
import org.junit.Test;
import org.junit.rules.RuleChain;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.MockAuthorizationStrategy;

/** Whom each web method of the plugin tells what: all of them, by each role, below an item and below none. */
public class WebMethodsJenkinsTest {

    private static final Permission[] OFF_BY_DEFAULT = {Item.EXTENDED_READ, CredentialsProvider.USE_ITEM};

    /** Roles in the order of their names' permissions; each may also read Jenkins, but for the first. */
    private enum Role {
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
    private enum Audience {
        /** Nothing is looked up: whoever sees the page may ask. */
        WHOEVER_SEES_THE_PAGE(
                EnumSet.range(Role.ITEM_READER, Role.ADMINISTRATOR), EnumSet.complementOf(EnumSet.of(Role.ANONYMOUS))),
        /** As the Credentials plugin asks its consumers to. */
        WHOEVER_SEES_THE_CONFIGURATION(
                EnumSet.range(Role.EXTENDED_READER, Role.ADMINISTRATOR), EnumSet.of(Role.ADMINISTRATOR)),
        ADMINISTRATORS(EnumSet.of(Role.ADMINISTRATOR), EnumSet.of(Role.ADMINISTRATOR)),
        /** What concerns the controller is told nobody in the context of an item. */
        ADMINISTRATORS_ABOVE_ALL_ITEMS(EnumSet.noneOf(Role.class), EnumSet.of(Role.ADMINISTRATOR));

        private final Set<Role> withItem;
        private final Set<Role> withoutItem;

        Audience(Set<Role> withItem, Set<Role> withoutItem) {
            this.withItem = withItem;
            this.withoutItem = withoutItem;
        }
    }

    /**
     * A web method.
     *
     * @param type whose descriptor it belongs to
     * @param query the name in the address and parameters that there is something to tell about
     * @param told what only the audience reads
     */
    private record WebMethod(Class<?> type, String query, String told, Audience audience) {

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
            return new WebMethod(type, name() + "?" + sent, told, audience);
        }

        @Override
        public String toString() {
            return type.getSimpleName() + "/" + name();
        }
    }

    private static final AmsJenkinsRule ams = new AmsJenkinsRule();
    private static final JenkinsRule j = new JenkinsRule();

    @ClassRule
    public static final RuleChain RULES = RuleChain.outerRule(ams).around(j);

    private static final String SECRET_TEXT = "api-key";

    /** Each is right as some parameter, and most are wrong as others. */
    private static final List<String> PLAIN_TEXTS = List.of(
            "60",
            "CUSTOM",
            AmsJenkinsRule.ACCOUNT,
            AmsJenkinsRule.CREDENTIALS,
            "contoso.onmicrosoft.com",
            "https://login.example/",
            "f3c43f94-327f-2347-90bb-3bf79f8559f1",
            "correct horse battery staple");

    private static FreeStyleProject item;
    private static final Map<Role, JenkinsRule.WebClient> CLIENTS = new EnumMap<>(Role.class);

    private final List<String> problems = new ArrayList<>();

    @BeforeClass
    public static void configure() throws Exception {
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
            CLIENTS.put(role, role == Role.ANONYMOUS ? client : client.login(role.user()));
        }
    }

    @AfterClass
    public static void turnPermissionsOff() {
        for (Permission permission : OFF_BY_DEFAULT) {
            permission.setEnabled(false);
        }
        CLIENTS.clear();
    }

    @Before
    public void forgetRequests() {
        ams.emulator().requests().clear();
    }

    @Test
    public void eachMethodTellsItsAudienceAndNobodyElse() throws Exception {
        for (WebMethod method : methods()) {
            for (Role role : Role.values()) {
                expect(method, role, item.getUrl(), method.audience().withItem.contains(role));
                expect(method, role, "", method.audience().withoutItem.contains(role));
            }
        }
        assertNoProblems();
    }

    @Test
    public void nobodyButAnAdministratorMakesJenkinsSendARequest() throws Exception {
        WebMethod test = testConnection();
        for (Role role : EnumSet.complementOf(EnumSet.of(Role.ADMINISTRATOR))) {
            for (String below : List.of("", item.getUrl())) {
                int status = send(HttpMethod.POST, below, test, role, true).getStatusCode();
                expect(status == 403 || status == 404, test + " answers " + role + " with " + status);
            }
        }
        for (Role role : Role.values()) {
            send(HttpMethod.GET, "", test, role, false);
            send(HttpMethod.POST, "", test, role, false);
        }
        assertNoProblems();
        assertEquals(0, ams.emulator().requests().count());

        send(HttpMethod.POST, "", test, Role.ADMINISTRATOR, true);
        assertEquals(2, ams.emulator().requests().count());
    }

    @Test
    public void methodsAnswerToPostWithACrumbAlone() throws Exception {
        for (WebMethod method : methods()) {
            for (String below : List.of("", item.getUrl())) {
                int get = send(HttpMethod.GET, below, method, Role.ADMINISTRATOR, false)
                        .getStatusCode();
                expect(get == 404 || get == 405, method + " answers a GET with " + get);
                int forged = send(HttpMethod.POST, below, method, Role.ADMINISTRATOR, false)
                        .getStatusCode();
                expect(forged == 403, method + " answers a POST without a crumb with " + forged);
            }
        }
        assertNoProblems();
    }

    @Test
    public void listsKeepTheCurrentValueForThoseAloneWhoMayReadTheForm() throws Exception {
        for (WebMethod method : methods()) {
            // but for the list that is the same for everybody
            if (method.name().startsWith("fill") && !method.name().equals("fillIdTypeItems")) {
                for (Role role : EnumSet.complementOf(EnumSet.of(Role.ANONYMOUS))) {
                    String list = send(HttpMethod.POST, item.getUrl(), method, role, true)
                            .getContentAsString();
                    boolean kept = method.audience().withItem.contains(role);
                    expect(
                            list.contains("the-current-one") == kept,
                            method + (kept ? " drops the current value for " : " echoes to ") + role);
                }
            }
        }
        assertNoProblems();
    }

    /**
     * A text that Jenkins has encrypted, in this form or in that of older versions, is nothing but a text to any web
     * method: no answer tells what it stands for, and none depends on it.
     */
    @Test
    public void noMethodDecryptsWhatItIsSent() throws Exception {
        Map<Role, String> places = Map.of(Role.READER, "", Role.EXTENDED_READER, item.getUrl(), Role.ADMINISTRATOR, "");
        for (Encryption encryption : List.<Encryption>of(this::encrypted, this::encryptedAsBefore)) {
            String other = encryption.of("a text that nothing depends on");
            Map<String, String> cipherTexts = new LinkedHashMap<>();
            for (String plain : PLAIN_TEXTS) {
                cipherTexts.put(encryption.of(plain), plain);
            }
            cipherTexts.forEach(
                    (text, plain) -> assertEquals(plain, Secret.fromString(text).getPlainText()));
            for (WebMethod method : methods()) {
                for (String parameter : method.parameters()) {
                    places.forEach((role, below) -> {
                        String expected =
                                text(below, method.with(parameter, other), role).replace(other, "…");
                        cipherTexts.forEach((text, plain) -> expect(
                                expected.equals(text(below, method.with(parameter, text), role)
                                        .replace(text, "…")),
                                method + " tells " + role + " by " + parameter + " that a cipher text is of " + plain));
                    });
                }
            }
        }
        assertNoProblems();
    }

    @Test
    public void theTableHasEveryMethod() throws Exception {
        Set<String> known = new TreeSet<>();
        methods().forEach(method -> known.add(method.toString()));
        Set<String> found = new TreeSet<>();
        for (Descriptor<?> descriptor : ExtensionList.lookup(Descriptor.class)) {
            if (descriptor.getClass().getName().startsWith("io.jenkins.plugins.ams.")) {
                Arrays.stream(descriptor.getClass().getMethods())
                        .filter(method -> method.getDeclaringClass().getName().startsWith("io.jenkins.plugins.ams."))
                        .map(Method::getName)
                        .filter(name -> name.matches("do[A-Z].*"))
                        .map(name -> name.substring(2, 3).toLowerCase(Locale.ROOT) + name.substring(3))
                        .forEach(name -> found.add(descriptor.clazz.getSimpleName() + "/" + name));
            }
        }
        assertEquals("the rows of methods()", String.join("\n", found), String.join("\n", known));
    }

    private static List<WebMethod> methods() {
        List<WebMethod> methods = new ArrayList<>();
        for (Class<?> door : List.of(WaitForAmsJobStep.class, WaitForAmsJobBuilder.class)) {
            Audience all = Audience.WHOEVER_SEES_THE_PAGE;
            methods.add(new WebMethod(door, "checkJobId?value=job-1&account=", " job id", all));
            methods.add(new WebMethod(door, "checkTimeout?value=-1", "may not be negative", all));
            methods.add(new WebMethod(door, "checkPollInterval?value=1", "Must be 2 or greater", all));
            Audience few = Audience.WHOEVER_SEES_THE_CONFIGURATION;
            methods.add(new WebMethod(door, "fillAccountItems?account=the-current-one", AmsJenkinsRule.ACCOUNT, few));
            methods.add(new WebMethod(door, "checkAccount?value=gone", "There is no AMS account", few));
            methods.add(new WebMethod(
                    door,
                    "fillCredentialsIdItems?account=&credentialsId=the-current-one",
                    AmsJenkinsRule.CREDENTIALS,
                    few));
            methods.add(new WebMethod(
                    door, "checkCredentialsId?account=&value=gone", "There are no Azure AD credentials", few));
        }
        String endpoint = URLEncoder.encode(ams.emulator().endpoint().toString(), UTF_8);
        Class<?> account = AmsAccount.class;
        Audience admins = Audience.ADMINISTRATORS;
        methods.add(new WebMethod(account, "checkName?value=", "needs a name", admins));
        methods.add(new WebMethod(account, "checkEndpoint?value=http://x/", "must begin with https", admins));
        methods.add(new WebMethod(account, "checkAuthority?value=x&cloud=CUSTOM", "authority is needed", admins));
        methods.add(new WebMethod(account, "checkResource?value=x&cloud=CUSTOM", "not an address", admins));
        addCredentialsOfApis(methods, endpoint);
        methods.add(testConnection());
        for (Class<?> api : List.of(AzureResourceManagerApi.class, RavnurApi.class)) {
            methods.add(new WebMethod(api, "checkSubscriptionId?value=x", "is a GUID", admins));
            methods.add(new WebMethod(api, "checkResourceGroup?value=x/y", "no name of a resource group", admins));
            methods.add(new WebMethod(api, "checkAccountName?value=x-y", "3 to 24 letters", admins));
        }
        String names = "&subscriptionId=" + LiveServices.SUBSCRIPTION + "&resourceGroup=media&accountName=media";
        String where = "testConnection?name=x&credentialsId=gone&endpoint=" + endpoint;
        methods.add(new WebMethod(
                AzureResourceManagerApi.class, where + names, "no Azure AD credentials with this id", admins));
        methods.add(new WebMethod(RavnurApi.class, where + names, "no secret text with this id", admins));
        methods.add(new WebMethod(MkIoApi.class, "checkProject?value=&subscription=", "either the project or", admins));
        methods.add(new WebMethod(MkIoApi.class, where + "&project=media", "no secret text with this id", admins));
        methods.add(new WebMethod(
                AmsGlobalConfiguration.class,
                "checkAdditionalHosts?value=a:b/",
                "neither the name nor the IP",
                admins));
        addCredentialsMethods(methods);
        return methods;
    }

    private static void addCredentialsOfApis(List<WebMethod> methods, String endpoint) {
        String check = "checkCredentialsId?value=gone&endpoint=" + endpoint;
        String fill = "fillCredentialsIdItems?credentialsId=the-current-one&endpoint=" + endpoint;
        Audience admins = Audience.ADMINISTRATORS;
        for (Class<?> api : List.of(AmsV2Api.class, AzureResourceManagerApi.class)) {
            methods.add(new WebMethod(api, check, "no Azure AD credentials", admins));
            methods.add(new WebMethod(api, fill, AmsJenkinsRule.CREDENTIALS, admins));
        }
        for (Class<?> api : List.of(RavnurApi.class, MkIoApi.class)) {
            methods.add(new WebMethod(api, check, "no secret text", admins));
            methods.add(new WebMethod(api, fill, SECRET_TEXT, admins));
        }
    }

    private static void addCredentialsMethods(List<WebMethod> methods) {
        Audience all = Audience.WHOEVER_SEES_THE_PAGE;
        Audience few = Audience.WHOEVER_SEES_THE_CONFIGURATION;
        Class<?> certificate = AzureAdClientCertificateCredentials.class;
        Class<?> token = AzureAdWorkloadIdentityCredentials.class;
        for (Class<?> type : List.of(AzureAdClientSecretCredentials.class, certificate, token)) {
            methods.add(new WebMethod(type, "checkTenantId?value=common", "neither a GUID nor a domain", all));
            methods.add(new WebMethod(type, "checkClientId?value=x", "not a GUID", all));
        }
        methods.add(new WebMethod(
                AzureAdClientSecretCredentials.class, "checkClientSecret?value=", "secret is needed", all));
        methods.add(
                new WebMethod(certificate, "fillCertificateIdItems?certificateId=the-current-one", "- none -", few));
        methods.add(new WebMethod(
                certificate, "checkCertificateId?value=gone&certificate=", "no certificate credentials", few));
        methods.add(new WebMethod(certificate, "checkCertificate?value=x&password=", "cannot be used", few));
        methods.add(new WebMethod(
                token, "fillTokenCredentialsIdItems?tokenCredentialsId=the-current-one", "- none -", few));
        methods.add(new WebMethod(
                token, "checkTokenCredentialsId?value=gone&tokenFile=", "no secret text or secret file", few));
        methods.add(new WebMethod(
                token, "checkTokenFile?value=/no/such/file", "cannot read", Audience.ADMINISTRATORS_ABOVE_ALL_ITEMS));
        Class<?> managed = AzureAdManagedIdentityCredentials.class;
        methods.add(new WebMethod(managed, "fillIdTypeItems", "User-assigned, by client ID", all));
        methods.add(new WebMethod(
                managed, "checkIdentityId?value=x&idType=CLIENT_ID", "not an id of the kind chosen above", all));
    }

    private static WebMethod testConnection() {
        String endpoint = URLEncoder.encode(ams.emulator().endpoint().toString(), UTF_8);
        String authority = URLEncoder.encode(ams.emulator().authority().toString(), UTF_8);
        return new WebMethod(
                AmsV2Api.class,
                "testConnection?name=x&endpoint=" + endpoint + "&credentialsId=" + AmsJenkinsRule.CREDENTIALS
                        + "&cloud=CUSTOM&authority=" + authority,
                "Azure AD gave a token",
                Audience.ADMINISTRATORS);
    }

    private void expect(WebMethod method, Role role, String below, boolean told) throws IOException {
        WebResponse answer = send(HttpMethod.POST, below, method, role, true);
        String text = answer.getContentAsString();
        String where = method + " below '" + below + "' as " + role + " (" + answer.getStatusCode() + ")";
        if (told) {
            expect(answer.getStatusCode() == 200, where + " is refused");
            expect(text.contains(method.told()), where + " does not tell: " + text);
        } else {
            boolean refusal = answer.getStatusCode() == 403 || answer.getStatusCode() == 404;
            expect(refusal || answer.getStatusCode() == 200, where + " fails");
            for (String secret : List.of(method.told(), AmsJenkinsRule.CREDENTIALS, AmsJenkinsRule.ACCOUNT)) {
                boolean echo = method.query().contains(secret); // the page to log in repeats the address
                expect(echo || !text.contains(secret), where + " tells " + secret);
            }
        }
    }

    private static WebResponse send(HttpMethod verb, String below, WebMethod method, Role role, boolean crumb)
            throws IOException {
        JenkinsRule.WebClient client = CLIENTS.get(role);
        URL url =
                new URL(j.getURL(), below + "descriptorByName/" + method.type().getName() + "/" + method.query());
        WebRequest request = new WebRequest(url, verb);
        return client.loadWebResponse(crumb ? client.addCrumb(request) : request);
    }

    private static String text(String below, WebMethod method, Role role) {
        try {
            WebResponse answer = send(HttpMethod.POST, below, method, role, true);
            return answer.getStatusCode() + " " + answer.getContentAsString();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private interface Encryption {
        String of(String plain);
    }

    private String encrypted(String plain) {
        return Secret.fromString(plain).getEncryptedValue();
    }

    /** As Jenkins stored secrets before 2.44, which it still reads. */
    private String encryptedAsBefore(String plain) {
        try {
            byte[] encrypted = new CryptoConfidentialKey(Secret.class.getName())
                    .encrypt()
                    .doFinal((plain + "::::MAGIC::::").getBytes(UTF_8));
            return Base64.getEncoder().encodeToString(encrypted);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private void expect(boolean condition, String problem) {
        if (!condition) {
            problems.add(problem);
        }
    }

    private void assertNoProblems() {
        assertEquals("", String.join("\n", problems));
    }
}
