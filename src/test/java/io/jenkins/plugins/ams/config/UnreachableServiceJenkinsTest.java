/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.config;

import static org.junit.Assert.assertEquals;

import hudson.model.FreeStyleBuild;
import io.jenkins.plugins.ams.auth.AuthenticationException;
import io.jenkins.plugins.ams.polling.PollTarget;
import io.jenkins.plugins.ams.service.JobId;
import io.jenkins.plugins.ams.service.ServiceException;
import io.jenkins.plugins.ams.service.v2.AmsV2JobId;
import io.jenkins.plugins.ams.testing.AmsJenkinsRule;
import io.jenkins.plugins.ams.testing.Language;
import java.net.ConnectException;
import java.net.URI;
import java.nio.channels.UnresolvedAddressException;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.RuleChain;
import org.jvnet.hudson.test.JenkinsRule;

/** Tests that builds that never reached the service show the same message as the connection test. */
public class UnreachableServiceJenkinsTest {

    private final AmsJenkinsRule ams = new AmsJenkinsRule();
    private final JenkinsRule j = new JenkinsRule();

    @Rule
    public final RuleChain rules = RuleChain.outerRule(ams).around(j).around(Language.english());

    @Test
    public void namesTheHostThatDidNotRespondAndWhatToCheck() throws Exception {
        ams.addCredentials(AmsJenkinsRule.CREDENTIALS, ams.emulator().clientSecret());
        AmsJenkinsRule.configureAccount(
                URI.create("https://media-typo.example.com/api/"), URI.create("https://login-typo.example.com/"));
        FreeStyleBuild build = j.buildAndAssertSuccess(j.createFreeStyleProject());
        JobId job = AmsV2JobId.parse("nb:jid:UUID:f3c43f94-327f-2347-90bb-3bf79f8559f1");
        PollTarget target = BuildTargets.get().source(build, job, null, null).find();
        Throwable unknownHost = new ConnectException().initCause(new UnresolvedAddressException());

        assertEquals(
                "The service does not respond (the host name is not known). Check the spelling of"
                        + " media-typo.example.com, and check whether this controller can resolve host names",
                target.explanation().apply(ServiceException.noResponse("the host name is not known", unknownHost)));
        assertEquals(
                "Microsoft Entra ID is currently not issuing tokens (no answer). Check the spelling of login-typo.example.com, and check whether this"
                        + " controller can resolve host names",
                target.explanation()
                        .apply(AuthenticationException.causedBy(
                                AuthenticationException.Kind.TRANSIENT, "no answer", unknownHost)));
        assertEquals(URI.create("https://media-typo.example.com/api/"), target.account());
    }
}
