/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.page;

import hudson.model.Api;
import io.jenkins.plugins.ams.result.WaitRecord;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.export.Exported;
import org.kohsuke.stapler.export.ExportedBean;

/**
 * The changes to the jobs on a page since a given revision. The page's script requests these changes to update the
 * page.
 *
 * @since TODO
 */
@Restricted(NoExternalUse.class)
@ExportedBean
public final class JobChanges {

    private final JobList list;
    private final boolean building;
    private final List<WaitRecord> changed;

    private JobChanges(JobList list, boolean building, List<WaitRecord> changed) {
        this.list = list;
        this.building = building;
        this.changed = changed;
    }

    /**
     * Returns the changes since a page was rendered.
     *
     * @param since the page's revision and the positions of its jobs, such as {@code 17-0,1,4}
     * @return the changes, or null if {@code since} does not have this format
     */
    static JobChanges of(BuildJobs jobs, boolean building, Instant now, String since) {
        if (!since.matches("\\d{1,18}-(\\d{1,9}(,\\d{1,9}){0,99})?")) {
            return null;
        }
        int dash = since.indexOf('-');
        long revision = Long.parseLong(since.substring(0, dash));
        JobList list = JobList.page(jobs, building, now, null, null);
        List<BuildJobs.Slot> slots = jobs.slots();
        List<WaitRecord> changed = Arrays.stream(since.substring(dash + 1).split(","))
                .filter(index -> !index.isEmpty())
                .map(Integer::parseInt)
                .filter(index -> index < slots.size())
                .map(slots::get)
                .filter(slot -> slot.revision() > revision)
                .map(BuildJobs.Slot::record)
                .toList();
        return new JobChanges(list, building, changed);
    }

    public Api getApi() {
        return new Api(this);
    }

    /** Returns whether the build is still running. If so, more changes can follow. */
    @Exported
    public boolean isBuilding() {
        return building;
    }

    @Exported
    public long getRevision() {
        return list.getRevision();
    }

    @Exported
    public String getLayout() {
        return list.getLayout();
    }

    @Exported
    public List<JobList.Count> getCounts() {
        return list.getCounts();
    }

    @Exported
    public List<WaitRecord> getJobs() {
        return changed;
    }
}
