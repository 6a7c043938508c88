/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.config;

import io.jenkins.plugins.ams.auth.TokenSource;
import io.jenkins.plugins.ams.http.PlainText;
import io.jenkins.plugins.ams.service.AmsService;
import io.jenkins.plugins.ams.service.EndpointPolicy;
import io.jenkins.plugins.ams.service.JobId;
import io.jenkins.plugins.ams.service.v3.V3Dialect;
import io.jenkins.plugins.ams.service.v3.V3Service;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Clock;
import java.util.EnumSet;
import java.util.Set;
import java.util.function.Supplier;

/** Base class for APIs that resemble AMS v3. Each API's {@link V3Dialect} defines how the API differs from AMS v3. */
public abstract class V3ShapedApi extends AmsApi {

    /** Returns the dialect of this account's API. Call this method only if {@link #problem} returns empty. */
    abstract V3Dialect dialect();

    @Override
    final JobId jobId(String text) {
        return dialect().jobId(text);
    }

    @Override
    final AmsService service(
            URI endpoint, TokenSource tokens, Supplier<HttpClient> http, EndpointPolicy policy, Clock clock) {
        return new V3Service(endpoint, dialect(), tokens, http, policy, clock);
    }

    /** Base class for the descriptors of APIs that resemble AMS v3. */
    public abstract static class V3ShapedApiDescriptor extends AmsApiDescriptor {

        @Override
        final Set<JobPageUrl.Placeholder> placeholders() {
            return EnumSet.allOf(JobPageUrl.Placeholder.class);
        }

        @Override
        final String notAJobId(JobId.MalformedJobIdException problem) {
            if (problem.text().isEmpty()) {
                return Messages.V3ShapedApi_jobId_missing(getDisplayName());
            }
            return problem.entity() == null
                    ? Messages.V3ShapedApi_jobId_malformed(PlainText.line(problem.text()), getDisplayName())
                    : Messages.V3ShapedApi_jobId_otherAccount(PlainText.line(problem.text()), getDisplayName());
        }
    }
}
