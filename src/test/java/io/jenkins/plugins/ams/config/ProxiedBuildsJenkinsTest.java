/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.config;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.not;
import static org.junit.Assert.assertEquals;

import hudson.ProxyConfiguration;
import io.jenkins.plugins.ams.emulator.EmulatedJob;
import io.jenkins.plugins.ams.emulator.RecordedRequest;
import io.jenkins.plugins.ams.emulator.RequestKind;
import io.jenkins.plugins.ams.runtime.TunnelProxy;
import io.jenkins.plugins.ams.testing.AmsJenkinsRule;
import io.jenkins.plugins.ams.testing.CapturedLog;
import java.util.Optional;
import org.jenkinsci.plugins.workflow.cps.CpsFlowDefinition;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.RuleChain;
import org.jvnet.hudson.test.JenkinsRule;

/** Tests builds with a proxy that requires a password for requests to the authority and the service. */
public class ProxiedBuildsJenkinsTest {

    private static final String USER = "jenkins";
    private static final String PASSWORD = "proxy:pass%word";

    private final AmsJenkinsRule ams = new AmsJenkinsRule();
    private final JenkinsRule j = new JenkinsRule();

    @Rule
    public final RuleChain rules = RuleChain.outerRule(ams).around(j);

    private final TunnelProxy proxy = TunnelProxy.start(USER, PASSWORD);

    @Before
    public void configure() throws Exception {
        ams.configure();
    }

    @After
    public void stop() {
        proxy.close();
    }

    @Test
    public void sendsAllRequestsThroughTheProxy() throws Exception {
        use(PASSWORD, null);
        try (CapturedLog log = CapturedLog.start()) {
            j.assertBuildStatusSuccess(j.waitForCompletion(start(ams.addFinishedJob("Encoding"))));
            assertThat(log.text(), not(containsString(PASSWORD)));
        }
        assertThat(proxy.tunnels(), greaterThan(0));
        assertEquals(1, ams.emulator().requests().count(RequestKind.TOKEN));
        for (RecordedRequest request : ams.emulator().requests().all()) {
            assertEquals(request.toString(), Optional.empty(), request.header("Proxy-Authorization"));
        }
        // no request bypasses the proxy: without it, all of them fail
        proxy.close();
        ams.emulator().requests().clear();
        WorkflowRun run = start(ams.addFinishedJob("Encoding"));
        j.waitForMessage("retrying in", run);
        assertEquals(0, ams.emulator().requests().count());
        j.jenkins.setProxy(null);
        j.assertBuildStatusSuccess(j.waitForCompletion(run));
    }

    @Test
    public void bypassesTheProxyForExcludedHosts() throws Exception {
        use(PASSWORD, "localhost");
        j.assertBuildStatusSuccess(j.waitForCompletion(start(ams.addFinishedJob("Encoding"))));

        assertEquals(0, proxy.tunnels());
    }

    @Test
    public void continuesOnceTheProxyPasswordIsCorrected() throws Exception {
        use("of yesterday", null);
        WorkflowRun run = start(ams.addFinishedJob("Encoding"));
        j.waitForMessage("retrying in", run);
        assertEquals(0, ams.emulator().requests().count());
        use(PASSWORD, null);

        j.assertBuildStatusSuccess(j.waitForCompletion(run));
        j.assertLogContains("The service is responding again after", run);
    }

    private void use(String password, String noProxyHosts) throws Exception {
        String host = proxy.address().getAddress().getHostAddress();
        j.jenkins.setProxy(new ProxyConfiguration(host, proxy.address().getPort(), USER, password, noProxyHosts));
    }

    private WorkflowRun start(EmulatedJob job) throws Exception {
        WorkflowJob project = j.createProject(WorkflowJob.class);
        project.setDefinition(new CpsFlowDefinition("waitForAmsJob '" + job.id() + "'", true));
        return project.scheduleBuild2(0).waitForStart();
    }
}
