/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.page;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.Util;
import hudson.model.Run;
import io.jenkins.plugins.ams.console.DurationText;
import io.jenkins.plugins.ams.result.CancelStatus;
import io.jenkins.plugins.ams.result.WaitRecord;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.format.FormatStyle;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.Optional;
import jenkins.model.Jenkins;
import org.jvnet.localizer.LocaleProvider;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.export.Exported;
import org.kohsuke.stapler.export.ExportedBean;

/**
 * A wait in progress as shown on the page of all waits and in its REST API, at a point in time and in the user's
 * language. Strings are not escaped; the views escape them.
 *
 * @since TODO
 */
@ExportedBean(defaultVisibility = 2)
@Restricted(NoExternalUse.class)
public final class WaitView {

    /**
     * Waits that need attention come first. Otherwise, waits that began earlier come first. Waits of a build that began
     * at the same time are in the build's order.
     */
    static final Comparator<WaitView> BY_URGENCY = Comparator.comparing((WaitView view) -> !view.isInNeed())
            .thenComparing(view -> view.wait.since())
            .thenComparing(view -> view.wait.index())
            .thenComparing(WaitView::getNumber);

    private final RunningWait wait;
    private final WaitRecord record;
    private final JobView job;
    private final Instant now;

    WaitView(RunningWait wait, Instant now) {
        this.wait = wait;
        this.record = wait.record();
        this.job = new JobView(record, wait.index(), true, now);
        this.now = now;
    }

    Run<?, ?> run() {
        return wait.run();
    }

    /** Returns the job's state, progress, and errors. */
    public JobView getJob() {
        return job;
    }

    /** Returns the job as of its last poll, and the status of the wait. */
    @Exported(merge = true)
    public WaitRecord getRecord() {
        return record;
    }

    /** Returns the number that identifies the wait until Jenkins is restarted. */
    @Exported
    public long getNumber() {
        return wait.number();
    }

    /** Returns the name of the build, including its job and folders. */
    @Exported
    public String getBuild() {
        return run().getFullDisplayName();
    }

    /** Returns the absolute URL of the build. */
    @Exported
    public String getBuildUrl() {
        return absolute(getPath());
    }

    /** Returns the absolute URL of the step's console, or of the build's console if it is a freestyle build. */
    @Exported
    public String getConsoleUrl() {
        return absolute(getConsolePath());
    }

    /** Returns the URL of the web page that shows the job, or null if the job's account has no such pages. */
    @Exported
    @CheckForNull
    public String getJobPageUrl() {
        return job.getJobPageUrl();
    }

    /** Returns the URL of the build, relative to Jenkins. */
    public String getPath() {
        return run().getUrl();
    }

    /** Returns the URL of the console, relative to Jenkins. */
    public String getConsolePath() {
        String node = wait.nodeId();
        return getPath() + (node == null ? "console" : "execution/node/" + node + "/log/");
    }

    /** Returns the name of the account, or a description if it is unknown. */
    public String getAccount() {
        String account = account();
        return account == null ? Messages.WaitList_noAccount() : account;
    }

    @CheckForNull
    String account() {
        return record.getJob().getAccount();
    }

    /** Returns the time when the wait began, in UTC and ISO 8601 format. */
    @Exported
    public String getWaitingSince() {
        return wait.since().truncatedTo(ChronoUnit.SECONDS).toString();
    }

    /** Returns the time when the wait began, in the user's language and the controller's time zone. */
    public String getWaitingSinceText() {
        return DateTimeFormatter.ofLocalizedDateTime(FormatStyle.MEDIUM)
                .withLocale(LocaleProvider.getLocale())
                .format(wait.since().atZone(ZoneId.systemDefault()));
    }

    /** Returns how long the build has been waiting, in the user's language. */
    @Exported(visibility = 1)
    public String getWaitingText() {
        return DurationText.of(Duration.between(wait.since(), now));
    }

    /**
     * Returns the time of the next poll in UTC and ISO 8601 format, or null if it is not known yet. The time is not in
     * the future if the poll is in flight or due.
     */
    @Exported
    @CheckForNull
    public String getNextPoll() {
        return untilPoll()
                .map(until -> now.plus(until).truncatedTo(ChronoUnit.SECONDS).toString())
                .orElse(null);
    }

    /** Returns the time until the next poll, in the user's language. */
    @Exported(visibility = 1)
    public String getNextPollText() {
        return untilPoll()
                .map(until -> until.toMillis() < 500
                        ? Messages.WaitView_nextPollDue()
                        : Messages.WaitView_nextPollIn(DurationText.of(until)))
                .orElseGet(Messages::WaitView_nextPollUnknown);
    }

    /** Returns whether the wait needs attention, because polls fail or the cancellation of the job has failed. */
    boolean isInNeed() {
        return record.getWarning() != null || record.getCancelStatus() == CancelStatus.FAILED;
    }

    private Optional<Duration> untilPoll() {
        return wait.untilPoll();
    }

    private static String absolute(String path) {
        return Util.fixNull(Jenkins.get().getRootUrl()) + path;
    }
}
