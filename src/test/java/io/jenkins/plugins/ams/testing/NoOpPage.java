/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.testing;

import io.jenkins.plugins.ams.report.JobPage;
import io.jenkins.plugins.ams.service.MediaJob;
import io.jenkins.plugins.ams.service.MediaTask;
import io.jenkins.plugins.ams.watch.JobProgress;
import io.jenkins.plugins.ams.watch.WaitOutcome;
import java.util.List;

/** The page of a build for tests without Jenkins, which shows nothing. */
public final class NoOpPage implements JobPage {

    @Override
    public void onPolled(MediaJob polled, List<MediaTask> tasks, JobProgress progress) {}

    @Override
    public void onError(String text) {}

    @Override
    public void onEnded(WaitOutcome outcome) {}
}
