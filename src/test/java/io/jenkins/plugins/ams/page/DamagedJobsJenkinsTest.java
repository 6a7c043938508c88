/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.page;

import static org.awaitility.Awaitility.await;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.hasSize;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNotEquals;

import hudson.model.FreeStyleBuild;
import hudson.model.FreeStyleProject;
import hudson.model.Result;
import io.jenkins.plugins.ams.emulator.EmulatedJob;
import io.jenkins.plugins.ams.freestyle.WaitForAmsJobBuilder;
import io.jenkins.plugins.ams.testing.AmsJenkinsRule;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import net.sf.json.JSONObject;
import org.htmlunit.WebResponse;
import org.junit.ClassRule;
import org.junit.Test;
import org.junit.rules.RuleChain;
import org.jvnet.hudson.test.JenkinsRule;

/** Pages and the REST API of a build whose {@code build.xml} was cut off, edited or written by another version. */
public class DamagedJobsJenkinsTest {

    private static final AmsJenkinsRule ams = new AmsJenkinsRule();
    private static final JenkinsRule j = new JenkinsRule();

    @ClassRule
    public static final RuleChain RULES = RuleChain.outerRule(ams).around(j);

    /** What is replaced by what, once. */
    private static final Map<String, String> EDITS = new LinkedHashMap<>();

    /** Edits that leave nothing to show. */
    private static final List<String> WITHOUT_JOB = List.of("(?s)^.*$", "(?s).{20}$", "\"id\":\"nb:jid[^\"]*\",");

    static {
        WITHOUT_JOB.forEach(edit -> EDITS.put(edit, ""));
        EDITS.put("^", "null\n{\n");
        EDITS.put("\"tasks\":\\[.*?\\]\\}\\],", "");
        EDITS.put("\"tasks\":\\[", "\"tasks\":[null,");
        EDITS.put(",\"errors\":\\[.*?\\]", "");
        EDITS.put("\"name\":\"[^\"]*\"", "\"name\":7");
        EDITS.put("\"(status)\":\"ERROR\"", "\"future\":{}");
        EDITS.put("\"status\":\"ERROR\"", "\"status\":\"NO_SUCH_STATUS\"");
        EDITS.put("\"state\":\"Error\"", "\"state\":[]");
        EDITS.put("\"created\":\\d+", "\"created\":9223372036854775807");
    }

    @Test
    public void showsDamagedJobs() throws Exception {
        ams.configure();
        EmulatedJob job = ams.addRunningJob("Encoding");
        job.fail("ErrorProcessingTask", "no");
        FreeStyleProject project = j.createFreeStyleProject("encode");
        project.getBuildersList().add(new WaitForAmsJobBuilder(job.id()));
        FreeStyleBuild build = j.buildAndAssertStatus(Result.FAILURE, project);
        Path file = build.getRootDir().toPath().resolve(JobFile.NAME);
        await().until(() -> Files.exists(file) && Files.readAllLines(file).size() == 1);
        String stored = Files.readString(file);

        assertThat(json(job(project, stored), "ams-jobs/").getJSONArray("jobs"), hasSize(1));
        for (Map.Entry<String, String> edit : EDITS.entrySet()) {
            String edited = stored.replaceFirst(edit.getKey(), edit.getValue());
            assertNotEquals(edit.getKey(), stored, edited);
            FreeStyleBuild read = job(project, edited);
            JSONObject api = json(read, "ams-jobs/");
            assertThat(edit.getKey(), api.getJSONArray("jobs"), hasSize(WITHOUT_JOB.contains(edit.getKey()) ? 0 : 1));
            assertThat(edit.getKey(), json(read, "").toString(), containsString("AmsJobsAction"));
            for (String page : List.of("", "ams-jobs/", "ams-jobs/api/xml?depth=5")) {
                assertEquals(edit.getKey() + " " + page, 200, get(read, page).getStatusCode());
            }
        }
    }

    /** The build as Jenkins reads it from this text. */
    private static FreeStyleBuild job(FreeStyleProject project, String stored) throws Exception {
        FreeStyleBuild build = project.getBuildByNumber(1);
        Files.writeString(build.getRootDir().toPath().resolve(JobFile.NAME), stored);
        project.doReload();
        return j.jenkins
                .getItemByFullName(project.getFullName(), FreeStyleProject.class)
                .getBuildByNumber(1);
    }

    private static JSONObject json(FreeStyleBuild build, String path) throws Exception {
        WebResponse answer = get(build, path + "api/json?depth=5");
        assertEquals(path, 200, answer.getStatusCode());
        return JSONObject.fromObject(answer.getContentAsString());
    }

    private static WebResponse get(FreeStyleBuild build, String path) throws Exception {
        try (JenkinsRule.WebClient client = j.createWebClient()) {
            return client.withThrowExceptionOnFailingStatusCode(false)
                    .withJavaScriptEnabled(false)
                    .goTo(build.getUrl() + path, null)
                    .getWebResponse();
        }
    }
}
