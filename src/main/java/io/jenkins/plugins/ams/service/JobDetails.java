/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.service;

import java.util.List;

/**
 * The tasks and output assets of a job. Some APIs return them with the job; others require separate requests.
 *
 * @param tasks the tasks, in the order in which the service returned them
 * @param outputAssets the assets that the job writes to
 */
public record JobDetails(List<MediaTask> tasks, List<OutputAsset> outputAssets) {

    /** No tasks and no output assets. */
    public static final JobDetails NONE = new JobDetails(List.of(), List.of());

    public JobDetails {
        tasks = List.copyOf(tasks);
        outputAssets = List.copyOf(outputAssets);
    }
}
