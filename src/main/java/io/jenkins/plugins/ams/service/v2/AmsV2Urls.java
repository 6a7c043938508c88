/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.service.v2;

import io.jenkins.plugins.ams.service.JobId;
import io.jenkins.plugins.ams.service.ODataUrls;
import java.util.Collection;
import java.util.List;

/** Builds AMS v2 REST API URLs, relative to an account's base URI and spelled as in the API reference. */
final class AmsV2Urls {

    /** An arbitrary ID, used to compute the length of URLs. All job IDs have the same length. */
    private static final JobId ANY_ID = AmsV2JobId.parse("00000000-0000-0000-0000-000000000000");

    private AmsV2Urls() {}

    /** Returns the URL for polling one or more jobs; for one job, {@code Jobs()?$filter=Id%20eq%20'…'&$top=1}. */
    static String jobs(Collection<JobId> ids) {
        List<String> values = ids.stream().map(JobId::value).toList();
        return "Jobs()?" + ODataUrls.filter("Id", values) + "&$top=" + ids.size();
    }

    /**
     * Returns the number of jobs, at least 1, that fit into a URL of {@link ODataUrls#MAX_LENGTH} characters.
     *
     * @param baseLength the length of the base URI in characters
     */
    static int jobsPerUrl(int baseLength) {
        // For ten or more jobs, the number in $top has two digits, so a second digit is always counted.
        int one = jobs(List.of(ANY_ID)).length() + 1;
        int each = jobs(List.of(ANY_ID, ANY_ID)).length() + 1 - one;
        return 1 + Math.max(0, (ODataUrls.MAX_LENGTH - baseLength - one) / each);
    }

    static String tasks(JobId id) {
        return "Jobs(" + ODataUrls.literal(id.value()) + ")/Tasks";
    }

    static String outputAssets(JobId id) {
        return "Jobs(" + ODataUrls.literal(id.value()) + ")/OutputMediaAssets()";
    }

    /**
     * Returns the URL for canceling a job. Percent-encoding uses lowercase hexadecimal digits, as in the API reference.
     */
    static String cancel(JobId id) {
        return "CancelJob?jobid=" + ODataUrls.literal(id.value()).replace("%3A", "%3a");
    }
}
