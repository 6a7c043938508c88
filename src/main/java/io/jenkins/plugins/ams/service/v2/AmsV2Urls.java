/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.service.v2;

import io.jenkins.plugins.ams.service.JobId;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.stream.Collectors;

/** Builds the addresses of the AMS v2 REST API, relative to an account's base address, as its reference spells them. */
final class AmsV2Urls {

    /**
     * Maximum length of an address in characters. By default, IIS rejects query strings of more than 2,048 characters.
     */
    static final int MAX_URL_LENGTH = 2000;

    private static final String OR = "%20or%20";
    private static final int CLAUSE_LENGTH =
            clause(AmsV2JobId.parse("00000000-0000-0000-0000-000000000000")).length();

    private AmsV2Urls() {}

    /** Returns the address that polls one or several jobs; for one job, {@code Jobs()?$filter=Id%20eq%20'…'&$top=1}. */
    static String jobs(Collection<JobId> ids) {
        return ids.stream().map(AmsV2Urls::clause).collect(Collectors.joining(OR, "Jobs()?$filter=", "&$top="))
                + ids.size();
    }

    /**
     * Returns the number of jobs that fit into an address of {@link #MAX_URL_LENGTH} characters, at least 1.
     *
     * @param baseLength the length of the base address in characters
     */
    static int jobsPerUrl(int baseLength) {
        int rest = baseLength + "Jobs()?$filter=&$top=99".length() - OR.length();
        return Math.max(1, (MAX_URL_LENGTH - rest) / (CLAUSE_LENGTH + OR.length()));
    }

    static String tasks(JobId id) {
        return "Jobs(" + literal(id.value()) + ")/Tasks";
    }

    static String outputAssets(JobId id) {
        return "Jobs(" + literal(id.value()) + ")/OutputMediaAssets()";
    }

    /** Returns the address that cancels a job. Its percent-encoding is in lower case, as in the reference. */
    static String cancel(JobId id) {
        return "CancelJob?jobid=" + literal(id.value()).replace("%3A", "%3a");
    }

    /**
     * Returns an OData string literal: quotes within it doubled and, except for the enclosing quotes, percent-encoded.
     */
    static String literal(String value) {
        String encoded = URLEncoder.encode(value.replace("'", "''"), StandardCharsets.UTF_8);
        return "'" + encoded.replace("+", "%20") + "'";
    }

    private static String clause(JobId id) {
        return "Id%20eq%20" + literal(id.value());
    }
}
