/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.page;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.ams.config.AmsGlobalConfiguration;
import io.jenkins.plugins.ams.result.AmsJobResult;
import io.jenkins.plugins.ams.result.WaitRecord;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.export.Exported;
import org.kohsuke.stapler.export.ExportedBean;

/**
 * A job in the REST API: the build's record, and the link to the job's page. The link is not stored with the build, so
 * that it always corresponds to the account's current configuration.
 *
 * @since TODO
 */
@ExportedBean(defaultVisibility = 2)
@Restricted(NoExternalUse.class)
public final class LinkedJob {

    private final WaitRecord wait;

    LinkedJob(WaitRecord wait) {
        this.wait = wait;
    }

    @Exported(merge = true, visibility = 3)
    public WaitRecord getWait() {
        return wait;
    }

    /** Returns the URL of the web page that shows the job, or null if the account has no such pages. */
    @Exported
    @CheckForNull
    public String getJobPageUrl() {
        return urlOf(wait.getJob());
    }

    /** Returns the URL of the web page that shows a job, or null if the job's account has no such pages. */
    @CheckForNull
    static String urlOf(AmsJobResult job) {
        return AmsGlobalConfiguration.get().jobPage(job.getAccount(), job.getId());
    }
}
