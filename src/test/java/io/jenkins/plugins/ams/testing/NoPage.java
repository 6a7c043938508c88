/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.testing;

import io.jenkins.plugins.ams.report.ReportingListener;
import io.jenkins.plugins.ams.service.Job;
import io.jenkins.plugins.ams.service.Task;
import io.jenkins.plugins.ams.watch.Outcome;
import io.jenkins.plugins.ams.watch.Progress;
import java.util.List;

/** Where no Jenkins runs, no build shows a page. */
public final class NoPage implements ReportingListener.Page {

    @Override
    public void looked(Job seen, List<Task> tasks, Progress progress) {}

    @Override
    public void troubled(String text) {}

    @Override
    public void ended(Outcome outcome) {}
}
