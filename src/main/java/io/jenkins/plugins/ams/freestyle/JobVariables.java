/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.freestyle;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.ams.http.PlainText;
import io.jenkins.plugins.ams.result.AmsJobResult;
import java.util.Map;

/** Creates the environment variables that describe the job of a build's last wait, for the build steps that follow. */
final class JobVariables {

    /**
     * Maximum length of a name or message in characters. All operating systems support much longer command lines and
     * environments.
     */
    private static final int MAX_LENGTH = 1000;

    private JobVariables() {}

    /**
     * Returns the variables for a job. A missing value becomes an empty string, so that it replaces the value of the
     * build's previous wait.
     *
     * @param error why the job or the wait failed, or null if it did not fail
     */
    static Map<String, String> of(AmsJobResult job, @CheckForNull String error) {
        return Map.of(
                "AMS_JOB_ID", literal(job.getId()),
                "AMS_JOB_NAME", literal(PlainText.line(job.getName(), MAX_LENGTH)),
                "AMS_JOB_STATE", literal(PlainText.line(job.getState(), MAX_LENGTH)),
                "AMS_JOB_ERROR", literal(PlainText.line(error, MAX_LENGTH)));
    }

    /**
     * Percent-encodes dollar signs. Jenkins expands variables in the values of variables, once when it collects a
     * build's variables and again when it starts a process. A job name could therefore reveal the value of another
     * variable, such as a bound secret. Doubling the dollar sign would protect it from only one of these expansions.
     */
    private static String literal(String value) {
        return value.replace("$", "%24");
    }
}
