/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.service.v3;

import io.jenkins.plugins.ams.service.JobId;
import io.jenkins.plugins.ams.service.ODataUrls;
import java.net.URI;
import java.util.Collection;
import java.util.Locale;

/** Builds the URLs of a v3-style API, relative to the base URI. */
final class V3Urls {

    private final V3Dialect dialect;

    V3Urls(V3Dialect dialect) {
        this.dialect = dialect;
    }

    static String transform(JobId id) {
        return id.value().substring(0, id.value().indexOf('/'));
    }

    static String name(JobId id) {
        return id.value().substring(id.value().indexOf('/') + 1);
    }

    String job(JobId id) {
        return with(jobs(transform(id)) + "/" + ODataUrls.encoded(name(id)), "");
    }

    String cancel(JobId id) {
        return with(jobs(transform(id)) + "/" + ODataUrls.encoded(name(id)) + "/cancelJob", "");
    }

    /** Returns the URL that lists a transform's jobs, filtered by name. */
    String listing(String transform, Collection<JobId> ids) {
        return with(
                jobs(transform),
                ODataUrls.filter("name", ids.stream().map(V3Urls::name).toList()));
    }

    /** Returns whether a URI refers to a listing of a transform's jobs, ignoring case and percent-encoding. */
    boolean isListing(URI uri, String transform) {
        String path = URI.create("/" + jobs(transform)).getPath().toLowerCase(Locale.ROOT);
        return uri.getPath().toLowerCase(Locale.ROOT).endsWith(path);
    }

    /** Returns the URL that lists at most one transform. This URL is valid for every account. */
    String anyTransform() {
        return with(dialect.prefix() + "transforms", "$top=1");
    }

    private String jobs(String transform) {
        return dialect.prefix() + "transforms/" + ODataUrls.encoded(transform) + "/jobs";
    }

    private String with(String path, String query) {
        String all = dialect.query() + (dialect.query().isEmpty() || query.isEmpty() ? "" : "&") + query;
        return all.isEmpty() ? path : path + "?" + all;
    }
}
