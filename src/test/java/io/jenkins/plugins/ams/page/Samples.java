/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.page;

import io.jenkins.plugins.ams.polling.JobProgress;
import io.jenkins.plugins.ams.polling.WaitOutcome;
import io.jenkins.plugins.ams.result.WaitRecord;
import io.jenkins.plugins.ams.service.ErrorDetail;
import io.jenkins.plugins.ams.service.JobDetails;
import io.jenkins.plugins.ams.service.JobId;
import io.jenkins.plugins.ams.service.JobState;
import io.jenkins.plugins.ams.service.MediaJob;
import io.jenkins.plugins.ams.service.MediaTask;
import io.jenkins.plugins.ams.service.OutputAsset;
import io.jenkins.plugins.ams.service.v2.AmsV2JobId;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** Jobs and tasks as the service might describe them. */
public final class Samples {

    public static final JobId ID = AmsV2JobId.parse("nb:jid:UUID:f3c43f94-327f-2347-90bb-3bf79f8559f1");
    public static final Instant CREATED = Instant.parse("2021-03-10T09:15:30.125Z");
    static final Instant STARTED = CREATED.plusSeconds(18);

    private Samples() {}

    public static MediaJob job(JobState state) {
        return job("Encoding", state, state.label());
    }

    /** Started 18 s after it was created, and ended, if it is over, 372 s after. */
    public static MediaJob job(String name, JobState state, String stateText) {
        return new MediaJob(
                ID,
                name,
                state,
                stateText,
                CREATED,
                state == JobState.QUEUED || state == JobState.SCHEDULED ? null : STARTED,
                state.isTerminal() ? CREATED.plusSeconds(372) : null,
                Duration.ofMillis(state.isTerminal() ? 39605 : 0),
                null);
    }

    public static MediaTask task(String name, JobState state, double progress, ErrorDetail... errors) {
        return new MediaTask(
                "nb:tid:UUID:" + name, name, state, progress, null, STARTED, null, Duration.ZERO, List.of(errors));
    }

    /** What a page shows after a look that asked for the tasks as well. */
    static WaitRecord polled(WaitRecord before, MediaJob job, List<MediaTask> tasks, Instant now) {
        return before.polled(job, tasks, JobProgress.of(job, tasks, now), now);
    }

    public static WaitOutcome.Completed ended(JobState state, MediaTask... tasks) {
        OutputAsset asset = new OutputAsset("nb:cid:UUID:1", "encoded", "https://store.example/asset-1");
        return new WaitOutcome.Completed(job(state), new JobDetails(List.of(tasks), List.of(asset)), null);
    }

    /** An object as Jenkins saves it. */
    public static byte[] serialized(Object object) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(object);
        }
        return bytes.toByteArray();
    }

    /** What is left of an object after a restart of Jenkins. */
    public static <T> T deserialized(T object) throws IOException, ClassNotFoundException {
        try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(serialized(object)))) {
            @SuppressWarnings("unchecked")
            T read = (T) in.readObject();
            return read;
        }
    }
}
