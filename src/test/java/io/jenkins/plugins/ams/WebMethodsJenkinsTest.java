/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams;

import static org.junit.Assert.assertEquals;

import hudson.ExtensionList;
import hudson.model.Descriptor;
import io.jenkins.plugins.ams.WebMethodsJenkinsRule.Role;
import io.jenkins.plugins.ams.WebMethodsJenkinsRule.WebMethod;
import io.jenkins.plugins.ams.testing.AmsJenkinsRule;
import java.io.IOException;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.htmlunit.HttpMethod;
import org.htmlunit.WebResponse;
import org.junit.Before;
import org.junit.ClassRule;
import org.junit.Test;
import org.junit.rules.RuleChain;
import org.jvnet.hudson.test.JenkinsRule;

/** Whom each web method of the plugin tells what: all of them, by each role, below an item and below none. */
public class WebMethodsJenkinsTest {

    private static final AmsJenkinsRule ams = new AmsJenkinsRule();
    private static final JenkinsRule j = new JenkinsRule();
    private static final WebMethodsJenkinsRule web = new WebMethodsJenkinsRule(ams, j);

    @ClassRule
    public static final RuleChain RULES = RuleChain.outerRule(ams).around(j).around(web);

    private final List<String> problems = new ArrayList<>();

    @Before
    public void clearRequests() {
        ams.emulator().requests().clear();
    }

    @Test
    public void eachMethodDisclosesOnlyToItsAudience() throws Exception {
        for (WebMethod method : web.methods()) {
            for (Role role : Role.values()) {
                expect(method, role, web.item(), method.audience().withItem().contains(role));
                expect(method, role, "", method.audience().withoutItem().contains(role));
            }
        }
        assertNoProblems();
    }

    @Test
    public void onlyAdministratorsTriggerRequests() throws Exception {
        WebMethod test = web.testConnection();
        for (Role role : EnumSet.complementOf(EnumSet.of(Role.ADMINISTRATOR))) {
            for (String below : List.of("", web.item())) {
                int status = web.send(HttpMethod.POST, below, test, role, true).getStatusCode();
                expect(status == 403 || status == 404, test + " answers " + role + " with " + status);
            }
        }
        for (Role role : Role.values()) {
            web.send(HttpMethod.GET, "", test, role, false);
            web.send(HttpMethod.POST, "", test, role, false);
        }
        assertNoProblems();
        assertEquals(0, ams.emulator().requests().count());

        web.send(HttpMethod.POST, "", test, Role.ADMINISTRATOR, true);
        assertEquals(2, ams.emulator().requests().count());
    }

    @Test
    public void methodsRequirePostAndACrumb() throws Exception {
        for (WebMethod method : web.methods()) {
            for (String below : List.of("", web.item())) {
                int get = web.send(HttpMethod.GET, below, method, Role.ADMINISTRATOR, false)
                        .getStatusCode();
                expect(get == 404 || get == 405, method + " answers a GET with " + get);
                int forged = web.send(HttpMethod.POST, below, method, Role.ADMINISTRATOR, false)
                        .getStatusCode();
                expect(forged == 403, method + " answers a POST without a crumb with " + forged);
            }
        }
        assertNoProblems();
    }

    @Test
    public void listsShowTheCurrentValueOnlyToFormReaders() throws Exception {
        for (WebMethod method : web.methods()) {
            // but for the list that is the same for everybody
            if (method.name().startsWith("fill") && !method.name().equals("fillIdTypeItems")) {
                for (Role role : EnumSet.complementOf(EnumSet.of(Role.ANONYMOUS))) {
                    String list = web.send(HttpMethod.POST, web.item(), method, role, true)
                            .getContentAsString();
                    boolean kept = method.audience().withItem().contains(role);
                    expect(
                            list.contains("the-current-one") == kept,
                            method + (kept ? " drops the current value for " : " echoes to ") + role);
                }
            }
        }
        assertNoProblems();
    }

    @Test
    public void theTableIsComplete() throws Exception {
        Set<String> known = new TreeSet<>();
        web.methods().forEach(method -> known.add(method.toString()));
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
        assertEquals("the rows of WebMethodsJenkinsRule", String.join("\n", found), String.join("\n", known));
    }

    private void expect(WebMethod method, Role role, String below, boolean told) throws IOException {
        WebResponse answer = web.send(HttpMethod.POST, below, method, role, true);
        String text = answer.getContentAsString();
        String where = method + " below '" + below + "' as " + role + " (" + answer.getStatusCode() + ")";
        if (told) {
            expect(answer.getStatusCode() == 200, where + " is refused");
            expect(text.contains(method.disclosed()), where + " does not tell: " + text);
        } else {
            boolean refusal = answer.getStatusCode() == 403 || answer.getStatusCode() == 404;
            expect(refusal || answer.getStatusCode() == 200, where + " fails");
            for (String secret : List.of(method.disclosed(), AmsJenkinsRule.CREDENTIALS, AmsJenkinsRule.ACCOUNT)) {
                boolean echo = method.query().contains(secret); // the page to log in repeats the address
                expect(echo || !text.contains(secret), where + " tells " + secret);
            }
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
