package io.jenkins.plugins.ams.build;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.hasSize;
import static org.junit.Assert.assertEquals;

import com.cloudbees.plugins.credentials.SystemCredentialsProvider;
import io.jenkins.plugins.ams.account.AmsGlobalConfiguration;
import io.jenkins.plugins.ams.build.Documentation.Example;
import io.jenkins.plugins.ams.emulator.JobScript;
import io.jenkins.plugins.ams.testing.AmsJenkinsRule;
import io.jenkins.plugins.casc.ConfigurationAsCode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jenkinsci.plugins.workflow.cps.CpsFlowDefinition;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import org.jvnet.hudson.test.JenkinsRule;

/** Runs the examples of the documentation as they stand there. */
public class DocumentationJenkinsTest {

    private static final Pattern JOB = Pattern.compile("nb:jid:UUID:[0-9a-f-]{36}");

    @Rule
    public final AmsJenkinsRule ams = new AmsJenkinsRule();

    @Rule
    public final JenkinsRule jenkins = new JenkinsRule();

    @Rule
    public final TemporaryFolder temporary = new TemporaryFolder();

    @Test
    public void pipelinesRun() throws Exception {
        ams.configure();
        List<Example> examples = Documentation.examples("groovy");
        assertThat(examples, hasSize(greaterThan(3)));
        Set<String> jobs = new HashSet<>();
        for (Example example : examples) {
            Matcher job = JOB.matcher(example.text());
            while (job.find()) {
                if (jobs.add(job.group())) {
                    addFinished(job.group());
                }
            }
            WorkflowJob project = jenkins.createProject(WorkflowJob.class);
            project.setDefinition(new CpsFlowDefinition(example.text(), true));
            jenkins.buildAndAssertSuccess(project);
        }
    }

    @Test
    public void configurationAsCodeLoads() throws Exception {
        List<Example> examples = Documentation.examples("yaml");
        assertThat(examples, hasSize(greaterThan(0)));
        for (Example example : examples) {
            Path yaml = temporary.newFile("jenkins.yaml").toPath();
            Files.writeString(yaml, example.text());
            ConfigurationAsCode.get().configure(yaml.toString());
            assertEquals(
                    "media-prod", AmsGlobalConfiguration.get().account(null).getName());
            assertThat(SystemCredentialsProvider.getInstance().getCredentials(), hasSize(1));
            Files.delete(yaml);
        }
    }

    private void addFinished(String id) {
        ams.emulator()
                .addJob(JobScript.named("Example")
                        .id(id)
                        .task("Encode", Duration.ZERO)
                        .outputAsset("encoded"));
    }
}
