/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.service;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.stream.Collectors;

/** The addresses of the AMS v2 REST API, relative to an account's base address, in the forms of its reference. */
final class AmsV2Urls {

    /** IIS refuses query strings of more than 2,048 characters unless told otherwise. */
    static final int MAX_URL_LENGTH = 2000;

    private static final String OR = "%20or%20";
    private static final int CLAUSE_LENGTH =
            clause(AmsV2JobId.parse("00000000-0000-0000-0000-000000000000")).length();

    private AmsV2Urls() {}

    /** {@code Jobs()?$filter=Id%20eq%20'…'&$top=1}, the reference's way to look at a job, for one or for several. */
    static String jobs(Collection<JobId> ids) {
        return ids.stream().map(AmsV2Urls::clause).collect(Collectors.joining(OR, "Jobs()?$filter=", "&$top="))
                + ids.size();
    }

    /**
     * How many jobs an address of at most {@link #MAX_URL_LENGTH} characters can ask for; at least 1.
     *
     * @param baseLength how long the base address is
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

    /** The reference writes the escapes of this one in lower case. */
    static String cancel(JobId id) {
        return "CancelJob?jobid=" + literal(id.value()).replace("%3A", "%3a");
    }

    /** A string literal of OData (quotes doubled, between quotes), percent-encoded but for the quotes around it. */
    static String literal(String value) {
        String encoded = URLEncoder.encode(value.replace("'", "''"), StandardCharsets.UTF_8);
        return "'" + encoded.replace("+", "%20") + "'";
    }

    private static String clause(JobId id) {
        return "Id%20eq%20" + literal(id.value());
    }
}
