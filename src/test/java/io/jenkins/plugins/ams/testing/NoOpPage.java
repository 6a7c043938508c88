/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.testing;

import io.jenkins.plugins.ams.console.ConsoleLog;
import io.jenkins.plugins.ams.page.JobPage;
import io.jenkins.plugins.ams.polling.JobProgress;
import io.jenkins.plugins.ams.polling.WaitOutcome;
import io.jenkins.plugins.ams.service.MediaJob;
import io.jenkins.plugins.ams.service.MediaTask;
import java.util.List;

/** The page of a build for tests without Jenkins, which shows nothing. */
public final class NoOpPage implements JobPage {

    @Override
    public void onPolled(MediaJob polled, List<MediaTask> tasks, JobProgress progress) {}

    @Override
    public void onShown(ConsoleLog.Shown shown) {}

    @Override
    public void onError(String text) {}

    @Override
    public void onEnded(WaitOutcome outcome) {}
}
