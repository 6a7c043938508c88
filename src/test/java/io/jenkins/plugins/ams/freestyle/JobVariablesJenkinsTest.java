/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.freestyle;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.not;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assume.assumeFalse;

import hudson.EnvVars;
import hudson.Functions;
import hudson.Launcher;
import hudson.model.AbstractBuild;
import hudson.model.BuildListener;
import hudson.model.Environment;
import hudson.model.FreeStyleBuild;
import hudson.model.FreeStyleProject;
import hudson.model.ParametersAction;
import hudson.model.ParametersDefinitionProperty;
import hudson.model.Result;
import hudson.model.StringParameterDefinition;
import hudson.model.StringParameterValue;
import hudson.model.TaskListener;
import hudson.tasks.Shell;
import io.jenkins.plugins.ams.emulator.EmulatedJob;
import io.jenkins.plugins.ams.testing.AmsJenkinsRule;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Map;
import java.util.TreeMap;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.TestBuilder;

/** Tests the environment variables of the build steps that follow a wait. */
public class JobVariablesJenkinsTest {

    private static final String SCRIPT = """
            printf '%s\\n' "id=[${AMS_JOB_ID-unset}]" "name=[${AMS_JOB_NAME-unset}]" \\
              "state=[${AMS_JOB_STATE-unset}]" "error=[${AMS_JOB_ERROR-unset}]"
            """;

    @Rule
    public final AmsJenkinsRule ams = new AmsJenkinsRule();

    @Rule
    public final JenkinsRule jenkins = new JenkinsRule();

    @Before
    public void configure() throws Exception {
        assumeFalse("there is a POSIX shell", Functions.isWindows());
        ams.configure();
    }

    @Test
    public void aShellStepGetsTheJob() throws Exception {
        EmulatedJob job = ams.addFinishedJob("Encoding");
        FreeStyleBuild build = jenkins.buildAndAssertSuccess(project(new WaitForAmsJobBuilder(job.id())));

        assertShell(build, job.id(), "Encoding", "Finished", "unset");
    }

    @Test
    public void withoutPropagationAShellStepGetsTheError() throws Exception {
        EmulatedJob job = ams.addRunningJob("Encoding");
        job.fail("ErrorProcessingTask", "The preset is not valid.");
        WaitForAmsJobBuilder builder = new WaitForAmsJobBuilder(job.id());
        builder.setPropagate(false);
        FreeStyleBuild build = jenkins.buildAndAssertSuccess(project(builder));

        assertShell(
                build,
                job.id(),
                "Encoding",
                "Error",
                "AMS job 'Encoding' ended in Error: ErrorProcessingTask: The preset is not valid.");
    }

    @Test
    public void theLastWaitReplacesAllVariables() throws Exception {
        EmulatedJob failed = ams.addRunningJob("First");
        failed.fail("ErrorProcessingTask", "no");
        EmulatedJob finished = ams.addFinishedJob("");
        FreeStyleProject project = jenkins.createFreeStyleProject();
        project.getBuildersList().add(new Shell(SCRIPT));
        WaitForAmsJobBuilder first = new WaitForAmsJobBuilder(failed.id());
        first.setPropagate(false);
        project.getBuildersList().add(first);
        project.getBuildersList().add(new WaitForAmsJobBuilder(finished.id()));
        project.getBuildersList().add(new Shell("echo after; " + SCRIPT));
        FreeStyleBuild build = jenkins.buildAndAssertSuccess(project);

        assertShell(build, "unset", "unset", "unset", "unset");
        assertThat(
                JenkinsRule.getLog(build).replaceFirst("(?s).*\nafter\n", ""),
                containsString("id=[%s]\nname=[unset]\nstate=[Finished]\nerror=[unset]\n".formatted(finished.id())));
    }

    @Test
    public void afterAFailureTheVariablesDescribeIt() throws Exception {
        EmulatedJob job = ams.addRunningJob("Encoding");
        job.fail("ErrorProcessingTask", "no");
        FreeStyleBuild build =
                jenkins.buildAndAssertStatus(Result.FAILURE, project(new WaitForAmsJobBuilder(job.id())));
        assertVariables(
                build, job.id(), "Encoding", "Error", "AMS job 'Encoding' ended in Error: ErrorProcessingTask: no");

        WaitForAmsJobBuilder withoutCredentials = new WaitForAmsJobBuilder(job.id());
        withoutCredentials.setCredentialsId("gone");
        build = jenkins.buildAndAssertStatus(Result.FAILURE, project(withoutCredentials));
        assertThat(variables(build).get("AMS_JOB_ERROR"), containsString("'gone'"));
        assertEquals("", variables(build).get("AMS_JOB_STATE"));
    }

    @Test
    public void afterAnAbortTheVariablesHaveTheLastKnownState() throws Exception {
        EmulatedJob job = ams.addRunningJob("Encoding");
        FreeStyleBuild build =
                project(new WaitForAmsJobBuilder(job.id())).scheduleBuild2(0).waitForStart();
        jenkins.waitForMessage("Processing", build);
        build.doStop();
        jenkins.assertBuildStatus(Result.ABORTED, jenkins.waitForCompletion(build));

        assertVariables(build, job.id(), "Encoding", "Processing", "");
    }

    /**
     * Unlike a shell, Jenkins expands variables in the values of variables, and it knows more variables than the shell.
     */
    @Test
    public void noNameRevealsAnotherVariable() throws Exception {
        EmulatedJob job = ams.addRunningJob("$BOUND ${BOUND} $$BOUND $$$$BOUND $$$$${BOUND} `id` $(id)\nX=1\u0000");
        job.fail("$BOUND", "${BOUND} $$$$BOUND");
        WaitForAmsJobBuilder builder = new WaitForAmsJobBuilder(job.id());
        builder.setPropagate(false);
        FreeStyleProject project = jenkins.createFreeStyleProject();
        project.getBuildersList().add(new BindingBuilder());
        project.getBuildersList().add(builder);
        project.getBuildersList().add(new Shell("env | grep '^AMS_JOB\\|^X='"));
        project.getBuildersList().add(new Shell(SCRIPT));
        FreeStyleBuild build = jenkins.buildAndAssertSuccess(project);

        String log = JenkinsRule.getLog(build);
        assertThat(log, not(containsString("s3cret")));
        assertThat(log, not(containsString("\nX=1")));
        String name = "%24BOUND %24{BOUND} %24%24BOUND %24%24%24%24BOUND %24%24%24%24%24{BOUND} `id` %24(id) X=1";
        assertShell(
                build,
                job.id(),
                name,
                "Error",
                "AMS job '" + name + "' ended in Error: %24BOUND: %24{BOUND} %24%24%24%24BOUND");
    }

    @Test
    public void fieldsExpandTheVariables() throws Exception {
        EmulatedJob job = ams.addFinishedJob("Encoding");
        FreeStyleProject project = jenkins.createFreeStyleProject();
        project.getBuildersList().add(new WaitForAmsJobBuilder(job.id()));
        project.getBuildersList().add(new WaitForAmsJobBuilder("$AMS_JOB_ID$AMS_JOB_ERROR"));
        FreeStyleBuild build = jenkins.buildAndAssertSuccess(project);

        assertVariables(build, job.id(), "Encoding", "Finished", "");
    }

    @Test
    public void aParameterOfTheSameNameWins() throws Exception {
        EmulatedJob job = ams.addFinishedJob("Encoding");
        String guid = job.id().substring(job.id().lastIndexOf(':') + 1);
        FreeStyleProject project = project(new WaitForAmsJobBuilder("$AMS_JOB_ID"));
        project.addProperty(new ParametersDefinitionProperty(new StringParameterDefinition("AMS_JOB_ID")));
        FreeStyleBuild build = jenkins.assertBuildStatusSuccess(
                project.scheduleBuild2(0, new ParametersAction(new StringParameterValue("AMS_JOB_ID", guid))));

        assertShell(build, guid, "Encoding", "Finished", "unset");
    }

    @Test
    public void theVariablesAreNotStored() throws Exception {
        EmulatedJob job = ams.addFinishedJob("A name to find");
        FreeStyleBuild build = jenkins.buildAndAssertSuccess(project(new WaitForAmsJobBuilder(job.id())));
        String stored = Files.readString(build.getRootDir().toPath().resolve("build.xml"));
        assertThat(stored, not(containsString("A name to find")));

        build.reload();
        assertFalse(variables(build).containsKey("AMS_JOB_ID"));
    }

    private FreeStyleProject project(WaitForAmsJobBuilder builder) throws Exception {
        FreeStyleProject project = jenkins.createFreeStyleProject();
        project.getBuildersList().add(builder);
        project.getBuildersList().add(new Shell(SCRIPT));
        return project;
    }

    private static void assertShell(FreeStyleBuild build, String id, String name, String state, String error)
            throws IOException {
        assertThat(
                JenkinsRule.getLog(build),
                containsString("id=[%s]\nname=[%s]\nstate=[%s]\nerror=[%s]\n".formatted(id, name, state, error)));
    }

    /** Checks the variables that post-build actions receive. */
    private static void assertVariables(FreeStyleBuild build, String id, String name, String state, String error)
            throws Exception {
        assertEquals(
                Map.of("AMS_JOB_ID", id, "AMS_JOB_NAME", name, "AMS_JOB_STATE", state, "AMS_JOB_ERROR", error),
                variables(build));
    }

    private static Map<String, String> variables(FreeStyleBuild build) throws Exception {
        Map<String, String> variables = new TreeMap<>(build.getEnvironment(TaskListener.NULL));
        variables.keySet().removeIf(name -> !name.startsWith("AMS_JOB_"));
        return variables;
    }

    /** Binds a secret to a variable, like the wrappers that bind credentials. */
    public static final class BindingBuilder extends TestBuilder {
        @Override
        public boolean perform(AbstractBuild<?, ?> build, Launcher launcher, BuildListener listener) {
            build.getEnvironments().add(Environment.create(new EnvVars("BOUND", "s3cret")));
            return true;
        }
    }
}
