/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.config;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import io.jenkins.plugins.ams.config.JobPageUrl.Placeholder;
import io.jenkins.plugins.ams.service.JobId;
import io.jenkins.plugins.ams.service.v3.V3Dialect;
import io.jenkins.plugins.ams.testing.Language;
import java.net.URI;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.Rule;
import org.junit.Test;

public class JobPageUrlTest {

    private static final Set<Placeholder> ALL = EnumSet.allOf(Placeholder.class);
    private static final Set<Placeholder> V2 = EnumSet.of(Placeholder.ID);
    private static final JobId V2_JOB = new JobId("nb:jid:UUID:f3c43f94-327f-2347-90bb-3bf79f8559f1");
    private static final JobId V3_JOB = new JobId("Adaptive/job-1");

    @Rule
    public final Language language = Language.english();

    @Test
    public void replacesPlaceholdersInPathQueryAndFragment() {
        Map.of(
                        "https://media.example/{transform}/{job}", "https://media.example/Adaptive/job-1",
                        "https://media.example/jobs/{id}", "https://media.example/jobs/Adaptive%2Fjob-1",
                        "https://media.example?job={id}&t={transform}",
                                "https://media.example?job=Adaptive%2Fjob-1&t=Adaptive",
                        "HTTPS://media.example:8443/#/t-{transform}/{job}.html",
                                "HTTPS://media.example:8443/#/t-Adaptive/job-1.html",
                        "https://[::1]/{job}/{job}", "https://[::1]/job-1/job-1",
                        "https://media.example/%7Bjob%7D/{job}", "https://media.example/%7Bjob%7D/job-1",
                        "https://media.example/travaux-\u00e9l\u00e8ves/{job}",
                                "https://media.example/travaux-%C3%A9l%C3%A8ves/job-1",
                        "https://media.example/", "https://media.example/")
                .forEach((template, url) -> {
                    assertEquals(template, Optional.empty(), problem(template, ALL));
                    assertEquals(url, JobPageUrl.of(template, V3_JOB));
                });
        assertEquals(
                "https://media.example/nb%3Ajid%3AUUID%3Af3c43f94-327f-2347-90bb-3bf79f8559f1",
                JobPageUrl.of("https://media.example/{id}", V2_JOB));
    }

    @Test
    public void aValueIsOneSegmentOrParameter() {
        for (String name : List.of(
                "a?b", "a#b", "a&b=c", "a%2Fb", "a\\b", "a;b", "a@b", "a b", "a+b", "{id}", "$1\\1", "'\"<a>",
                "\u00e9")) {
            String url =
                    JobPageUrl.of("https://media.example/t/{job}/end?q={job}&r=1#{job}", new JobId("Adaptive/" + name));
            URI uri = URI.create(url);
            assertEquals(url, "media.example", uri.getAuthority());
            assertEquals(url, "/t/" + name + "/end", uri.getPath());
            assertEquals(url, 5, url.split("/").length - 1);
            assertEquals(url, 2, uri.getRawQuery().split("[&=]").length / 2);
            assertEquals(url, name, uri.getFragment());
            assertTrue(url, url.matches("[\\x21-\\x7e&&[^'\"<>\\\\]]+"));
        }
    }

    /** Browsers would resolve such segments, even if they were percent-encoded. */
    @Test
    public void noNameIsADotSegment() {
        for (V3Dialect dialect : List.of(V3Dialect.anyResource(), V3Dialect.anyMkIo())) {
            for (String id : List.of("../job", "./job", "Adaptive/..", "Adaptive/.", "%2e%2e/job", "Adaptive/%2E")) {
                assertThrows(id, JobId.MalformedJobIdException.class, () -> dialect.jobId(id));
            }
        }
    }

    @Test
    public void rejectsOtherSchemes() {
        for (String template : List.of(
                "http://media.example/{id}",
                "javascript:alert(1)//{id}",
                "data:text/html,{id}",
                "//media.example/{id}",
                "/media/{id}",
                "media.example/{id}",
                "https:media.example/{id}",
                "https:/media.example/{id}",
                "https:\\\\media.example\\{id}",
                " https://media.example/{id}",
                "{id}://media.example/",
                "{id}")) {
            assertEquals(template, Optional.of("The URL must begin with https://"), problem(template, ALL));
        }
    }

    @Test
    public void rejectsPlaceholdersInTheHost() {
        for (String template : List.of(
                "https://{id}/",
                "https://{id}",
                "https://media.example{id}/",
                "https://{transform}.media.example/{job}",
                "https://media.example:{id}/",
                "https://media.example:44{id}/",
                "https://{id}@media.example/",
                "https://user:{id}@media.example/",
                "https://media.example}/",
                "https://media.example\\{id}")) {
            assertEquals(
                    template,
                    Optional.of("Placeholders are allowed only after the host and port"),
                    problem(template, ALL));
        }
    }

    @Test
    public void rejectsUserNames() {
        for (String template : List.of("https://media.example@other.example/{id}", "https://u:p@media.example/{id}")) {
            assertEquals(template, Optional.of("The URL must not contain a user name"), problem(template, ALL));
        }
    }

    @Test
    public void listsThePlaceholdersOfTheApi() {
        for (String unknown : List.of("{foo}", "{ID}", "{ id }", "{}", "{id}{jobs}", "{$id}")) {
            String quoted = unknown.replace("{id}", "");
            assertEquals(
                    Optional.of("'" + quoted
                            + "' is not a placeholder for The API; available placeholders: {id}, {transform}, {job}"),
                    problem("https://media.example/" + unknown, ALL));
        }
        for (String other : List.of("{transform}", "{job}")) {
            assertEquals(
                    Optional.of("'" + other + "' is not a placeholder for The API; available placeholders: {id}"),
                    problem("https://media.example/{id}/" + other, V2));
        }
    }

    @Test
    public void rejectsUnbalancedBraces() {
        for (String end : List.of("{id", "id}", "{", "}", "{{id}}", "{i{id}d}", "{id}}", "}{")) {
            assertEquals(
                    end,
                    Optional.of("The braces do not match; available placeholders: {id}"),
                    problem("https://media.example/" + end, V2));
        }
    }

    @Test
    public void rejectsInvalidUrls() {
        for (String template : List.of(
                "https://",
                "https:///{id}",
                "https://?{id}",
                "https://#{id}",
                "https://media.example:0/{id}",
                "https://media.example:65536/{id}",
                "https://media.example:x/{id}",
                "https://media_1.example/{id}",
                "https://m\u00e9dia.example/{id}",
                "https://media.example./{id}",
                "https://[::1/{id}",
                "https://media.example\\@other.example/{id}",
                "https://media.example/a b/{id}",
                "https://media.example/\n{id}",
                "https://media.example/\u0000{id}",
                "https://media.example/<{id}>",
                "https://media.example/\"{id}",
                "https://media.example/%{id}",
                "https://media.example/%4{id}",
                "https://media.example/#{id}#{id}")) {
            assertEquals(
                    template,
                    Optional.of("Enter a URL such as https://media.example/{transform}/{job}"),
                    problem(template, ALL));
        }
        assertEquals(Optional.of("Enter a URL such as https://media.example/{id}"), problem("https://a b/{id}", V2));
    }

    @Test
    public void quotesAHostileTemplateOnOneLine() {
        String message = problem("https://media.example/{\r\n\u001b[31m" + "x".repeat(10_000) + "}", ALL)
                .orElseThrow();
        assertTrue(message, message.startsWith("'{ [31mxxx"));
        assertTrue(message, message.length() < 500);
    }

    @Test
    public void explainsInFrench() {
        language.use(Locale.FRENCH);
        assertEquals(
                Optional.of(
                        "«\u00a0{job}\u00a0» n’est pas une variable pour The API\u00a0; variables disponibles\u00a0:"
                                + " {id}"),
                problem("https://media.example/{job}", V2));
    }

    @Test
    public void recognizesTemplatesWithoutPlaceholders() {
        assertTrue(JobPageUrl.hasPlaceholder("https://media.example/{id}"));
        assertFalse(JobPageUrl.hasPlaceholder("https://media.example/jobs"));
    }

    private static Optional<String> problem(String template, Set<Placeholder> available) {
        return JobPageUrl.problem(template, available, "The API");
    }
}
