/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.account;

import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.ams.service.JobId;

/** What is wrong with a text that is no id of a job, where ids are {@code transform/job}. */
final class V3JobIds {

    private V3JobIds() {}

    /** @param api its name, for people */
    @NonNull
    static String problem(@NonNull JobId.MalformedJobIdException problem, @NonNull String api) {
        if (problem.text().isEmpty()) {
            return Messages.V3JobIds_missing(api);
        }
        String text = AmsApi.AmsApiDescriptor.shown(problem);
        return problem.entity() == null
                ? Messages.V3JobIds_malformed(text, api)
                : Messages.V3JobIds_otherAccount(text, api);
    }
}
