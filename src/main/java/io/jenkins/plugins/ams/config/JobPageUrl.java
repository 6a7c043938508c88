/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.config;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.ams.http.PlainText;
import io.jenkins.plugins.ams.service.JobId;
import io.jenkins.plugins.ams.service.ODataUrls;
import java.net.URI;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A template for the URLs of web pages that show jobs, such as {@code https://media.example/{transform}/{job}}.
 * Administrators enter the template, and users who start builds choose the values of its placeholders. Therefore, a
 * placeholder cannot change the host, and a value cannot add a path segment or a parameter.
 */
final class JobPageUrl {

    private static final String HTTPS = "https://";
    private static final String EXAMPLE = HTTPS + "media.example/";
    private static final Pattern PLACEHOLDER = Pattern.compile("\\{([^{}]*)}");
    private static final Pattern HOST_AND_PORT = Pattern.compile("[^/?#]*");

    private JobPageUrl() {}

    /** A placeholder in a template, which stands for a job ID or a part of it. */
    enum Placeholder {
        /** The job ID in its API's canonical format. */
        ID(JobId::value),

        /** The name of the transform. Only the IDs of v3-style APIs contain it. */
        TRANSFORM(job -> job.value().substring(0, job.value().indexOf('/'))),

        /** The name of the job. Only the IDs of v3-style APIs contain it. */
        JOB(job -> job.value().substring(job.value().indexOf('/') + 1));

        private final Function<JobId, String> value;

        Placeholder(Function<JobId, String> value) {
            this.value = value;
        }

        @Override
        public String toString() {
            return "{" + name().toLowerCase(Locale.ROOT) + "}";
        }

        @CheckForNull
        private static Placeholder of(String text) {
            return Stream.of(values())
                    .filter(each -> each.toString().equals(text))
                    .findFirst()
                    .orElse(null);
        }
    }

    /**
     * Returns an error message if a template is invalid. Otherwise, returns empty.
     *
     * @param available the placeholders that the account's API supports
     * @param api the API's name, for the message
     */
    @NonNull
    static Optional<String> problem(
            @NonNull String template, @NonNull Set<Placeholder> available, @NonNull String api) {
        if (!template.regionMatches(true, 0, HTTPS, 0, HTTPS.length())) {
            return Optional.of(Messages.AmsAccount_endpoint_NOT_HTTPS());
        }
        Matcher host = HOST_AND_PORT.matcher(template.substring(HTTPS.length()));
        if (host.lookingAt() && hasBrace(host.group())) {
            return Optional.of(Messages.AmsAccount_jobPageUrl_placeholderInHost());
        }
        for (Matcher used = PLACEHOLDER.matcher(template); used.find(); ) {
            Placeholder placeholder = Placeholder.of(used.group());
            if (placeholder == null || !available.contains(placeholder)) {
                return Optional.of(Messages.AmsAccount_jobPageUrl_unknownPlaceholder(
                        PlainText.quoted(used.group()), api, list(available)));
            }
        }
        String example = PLACEHOLDER.matcher(template).replaceAll("x");
        if (hasBrace(example)) {
            return Optional.of(Messages.AmsAccount_jobPageUrl_unbalancedBraces(list(available)));
        }
        Optional<URI> uri = HostsAndUris.uri(example);
        if (uri.isPresent() && uri.get().getRawUserInfo() != null) {
            return Optional.of(Messages.AmsAccount_endpoint_USER_INFO());
        }
        return uri.filter(HostsAndUris::isHttpsUrl).isPresent()
                ? Optional.empty()
                : Optional.of(Messages.AmsAccount_jobPageUrl_malformed(EXAMPLE
                        + (available.contains(Placeholder.JOB)
                                ? Placeholder.TRANSFORM + "/" + Placeholder.JOB
                                : Placeholder.ID)));
    }

    /**
     * Returns whether a template contains at least one placeholder. Without a placeholder, the links of all jobs lead
     * to the same page.
     */
    static boolean hasPlaceholder(@NonNull String template) {
        return PLACEHOLDER.matcher(template).find();
    }

    /**
     * Returns the URL of a job's page. Call this method only if {@link #problem} returns empty for the template and the
     * job's API.
     */
    @NonNull
    static String of(@NonNull String template, @NonNull JobId job) {
        String url = PLACEHOLDER
                .matcher(template)
                .replaceAll(used -> Matcher.quoteReplacement(
                        ODataUrls.encoded(Placeholder.of(used.group()).value.apply(job))));
        return URI.create(url).toASCIIString();
    }

    private static boolean hasBrace(String text) {
        return text.indexOf('{') >= 0 || text.indexOf('}') >= 0;
    }

    private static String list(Set<Placeholder> placeholders) {
        return placeholders.stream().map(Placeholder::toString).collect(Collectors.joining(", "));
    }
}
