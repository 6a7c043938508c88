/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.service.v2;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import io.jenkins.plugins.ams.service.BaseAddress;
import io.jenkins.plugins.ams.service.JobId;
import io.jenkins.plugins.ams.service.ODataUrls;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.Test;

public class AmsV2UrlsTest {

    private static final JobId ONE = AmsV2JobId.parse("f3c43f94-327f-2347-90bb-3bf79f8559f1");
    private static final JobId OTHER = AmsV2JobId.parse("a1b2c3d4-1500-80c3-a70e-f1e4ff0d4333");

    @Test
    public void filtersOneJobAsDocumented() {
        assertEquals(
                "Jobs()?$filter=Id%20eq%20'nb%3Ajid%3AUUID%3Af3c43f94-327f-2347-90bb-3bf79f8559f1'&$top=1",
                AmsV2Urls.jobs(List.of(ONE)));
    }

    @Test
    public void filtersSeveralJobsWithOr() {
        assertEquals(
                "Jobs()?$filter=Id%20eq%20'nb%3Ajid%3AUUID%3Af3c43f94-327f-2347-90bb-3bf79f8559f1'"
                        + "%20or%20Id%20eq%20'nb%3Ajid%3AUUID%3Aa1b2c3d4-1500-80c3-a70e-f1e4ff0d4333'&$top=2",
                AmsV2Urls.jobs(List.of(ONE, OTHER)));
    }

    @Test
    public void addressesTasksAssetsAndCancelJob() {
        assertEquals("Jobs('nb%3Ajid%3AUUID%3Af3c43f94-327f-2347-90bb-3bf79f8559f1')/Tasks", AmsV2Urls.tasks(ONE));
        assertEquals(
                "Jobs('nb%3Ajid%3AUUID%3Af3c43f94-327f-2347-90bb-3bf79f8559f1')/OutputMediaAssets()",
                AmsV2Urls.outputAssets(ONE));
        assertEquals("CancelJob?jobid='nb%3ajid%3aUUID%3af3c43f94-327f-2347-90bb-3bf79f8559f1'", AmsV2Urls.cancel(ONE));
    }

    @Test
    public void quotesAndEncodesLiterals() {
        assertEquals("'a%27%27%20or%20%27%27b%25%26%2B%23%C3%A9'", ODataUrls.literal("a' or 'b%&+#é"));
    }

    @Test
    public void limitsJobsByUrlLength() {
        for (int baseLength : List.of(30, 60, 80, 250)) {
            int most = AmsV2Urls.jobsPerUrl(baseLength);
            assertTrue(baseLength + urlOf(most).length() <= ODataUrls.MAX_LENGTH);
            assertTrue(baseLength + urlOf(most + 1).length() > ODataUrls.MAX_LENGTH);
        }
        assertEquals(1, AmsV2Urls.jobsPerUrl(5000));
    }

    private static String urlOf(int jobs) {
        return AmsV2Urls.jobs(
                Stream.generate(() -> AmsV2JobId.parse(UUID.randomUUID().toString()))
                        .limit(jobs)
                        .toList());
    }

    @Test
    public void endsABaseWithASlash() {
        assertEquals(URI.create("https://a/api/"), BaseAddress.of(URI.create("https://a/api")));
        assertEquals(URI.create("https://a/api/"), BaseAddress.of(URI.create("https://a/api/")));
        assertEquals(URI.create("https://a/"), BaseAddress.of(URI.create("https://a")));
    }

    @Test
    public void findsTheNewBaseInARedirectToItOrToTheWholeRequest() {
        String jobs = AmsV2Urls.jobs(List.of(ONE));
        String tasks = AmsV2Urls.tasks(ONE);
        Map<String, String> jobRedirects = Map.of(
                "https://b/api/",
                "https://b/api/",
                "https://b/api",
                "https://b/api/",
                "https://b",
                "https://b/",
                "https://b/api/" + jobs,
                "https://b/api/",
                "https://b/x/API/jobs()?$top=1",
                "https://b/x/API/",
                "https://b:8443/Jobs()",
                "https://b:8443/");
        jobRedirects.forEach((location, base) ->
                assertEquals(location, URI.create(base), BaseAddress.redirected(URI.create(location), jobs)));
        assertEquals(URI.create("https://b/api/"), BaseAddress.redirected(URI.create("https://b/api/" + tasks), tasks));
        assertEquals(
                URI.create("https://b/api/"),
                BaseAddress.redirected(URI.create("https://b/api/Jobs('" + ONE + "')/Tasks"), tasks));
    }
}
