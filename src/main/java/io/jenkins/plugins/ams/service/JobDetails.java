/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.service;

import java.util.List;

/**
 * The parts of a job that some APIs return with it and others on request only.
 *
 * @param tasks the tasks, in the service's order
 * @param outputAssets the assets that the job writes to
 */
public record JobDetails(List<MediaTask> tasks, List<OutputAsset> outputAssets) {

    public JobDetails {
        tasks = List.copyOf(tasks);
        outputAssets = List.copyOf(outputAssets);
    }
}
