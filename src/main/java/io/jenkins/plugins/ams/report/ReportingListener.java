package io.jenkins.plugins.ams.report;

import io.jenkins.plugins.ams.service.Job;
import io.jenkins.plugins.ams.service.JobId;
import io.jenkins.plugins.ams.service.Task;
import io.jenkins.plugins.ams.watch.Outcome;
import io.jenkins.plugins.ams.watch.WatchListener;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

/** Tells a build's console what the watcher sees, and its door how it ended. */
public final class ReportingListener implements WatchListener {

    private final JobId job;
    private final ConsoleLog log;
    private final Runnable stateChanged;
    private final Consumer<Outcome> done;
    private int stateNumber = Integer.MIN_VALUE; // as long as nothing was seen

    /**
     * @param stateChanged called after the job was first seen in another State
     * @param done called at the end, after the console has told it
     */
    public ReportingListener(JobId job, ConsoleLog log, Runnable stateChanged, Consumer<Outcome> done) {
        this.job = job;
        this.log = log;
        this.stateChanged = stateChanged;
        this.done = done;
    }

    @Override
    public void looked(Job seen, List<Task> tasks) {
        log.looked(seen, tasks);
        if (seen.stateNumber() != stateNumber) {
            stateNumber = seen.stateNumber();
            stateChanged.run();
        }
    }

    @Override
    public void troubled(Exception fault, Duration pause) {
        log.troubled(fault, pause);
    }

    @Override
    public void recovered(Duration after) {
        log.recovered(after);
    }

    @Override
    public void ended(Outcome outcome) {
        log.ended(job, outcome);
        done.accept(outcome);
    }
}
