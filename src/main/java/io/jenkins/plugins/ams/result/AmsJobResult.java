/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.result;

import io.jenkins.plugins.ams.console.ConsoleLog;
import io.jenkins.plugins.ams.polling.WaitOutcome;
import io.jenkins.plugins.ams.service.ErrorDetail;
import io.jenkins.plugins.ams.service.MediaJob;
import io.jenkins.plugins.ams.service.MediaTask;
import io.jenkins.plugins.ams.service.OutputAsset;
import java.io.Serializable;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jenkinsci.plugins.scriptsecurity.sandbox.whitelists.Whitelisted;

/**
 * What {@code waitForAmsJob} gives back to a Pipeline: the job as it ended. Usable in the sandbox, and safe to keep in a
 * variable over a restart. Times are ISO 8601 in UTC ({@code 2020-04-15T18:46:11.477Z}), null where the service has
 * none.
 *
 * @since TODO
 */
public final class AmsJobResult implements Serializable {

    private static final long serialVersionUID = 1L;

    private final String id;
    private final String name;
    private final String state;
    private final String created;
    private final String startTime;
    private final String endTime;
    private final long runningDuration;
    private final boolean retryable;
    private final ArrayList<TaskResult> tasks = new ArrayList<>();
    private final ArrayList<AssetResult> outputAssets = new ArrayList<>();

    /** Of a job that has ended. */
    public AmsJobResult(WaitOutcome.Completed ended) {
        MediaJob job = ended.job();
        id = job.id().value();
        name = job.name();
        state = job.state().label();
        created = iso(job.created());
        startTime = iso(job.startTime());
        endTime = iso(job.endTime());
        runningDuration = job.runningDuration().toMillis();
        retryable = ended.isRetryable();
        ended.tasks().forEach(task -> tasks.add(new TaskResult(task)));
        ended.outputAssets().forEach(asset -> outputAssets.add(new AssetResult(asset)));
    }

    /** {@code nb:jid:UUID:<guid>} of AMS v2, {@code transform/job} of the other APIs. */
    @Whitelisted
    public String getId() {
        return id;
    }

    /** The job's name, as its creator chose it. */
    @Whitelisted
    public String getName() {
        return name;
    }

    /** {@code Finished}, {@code Error} or {@code Canceled}. */
    @Whitelisted
    public String getState() {
        return state;
    }

    /** When the job was created. */
    @Whitelisted
    public String getCreated() {
        return created;
    }

    /** When its first task started. */
    @Whitelisted
    public String getStartTime() {
        return startTime;
    }

    /** When it ended. */
    @Whitelisted
    public String getEndTime() {
        return endTime;
    }

    /** Execution time in milliseconds; less than the time from start to end. */
    @Whitelisted
    public long getRunningDuration() {
        return runningDuration;
    }

    /**
     * Whether the job failed for reasons that may be gone another time, so that the same job is worth another try. Only
     * APIs with the shape of AMS v3 tell; false for AMS v2.
     */
    @Whitelisted
    public boolean isRetryable() {
        return retryable;
    }

    /** The job's tasks, in the service's order. */
    @Whitelisted
    public List<TaskResult> getTasks() {
        return tasks;
    }

    /** The assets that the job wrote. */
    @Whitelisted
    public List<AssetResult> getOutputAssets() {
        return outputAssets;
    }

    @Override
    @Whitelisted
    public String toString() {
        return "AMS job " + id + ' ' + state;
    }

    private static String iso(Instant instant) {
        return instant == null ? null : instant.toString();
    }

    /** One task of the job. */
    public static final class TaskResult implements Serializable {

        private static final long serialVersionUID = 1L;

        private final String id;
        private final String name;
        private final String state;
        private final double progress;
        private final ArrayList<ErrorResult> errors = new ArrayList<>();

        TaskResult(MediaTask task) {
            id = task.id();
            name = task.name();
            state = task.state().label();
            progress = task.progress();
            task.errors().forEach(error -> errors.add(new ErrorResult(error)));
        }

        /** {@code nb:tid:UUID:<guid>}. */
        @Whitelisted
        public String getId() {
            return id;
        }

        /** The task's name. */
        @Whitelisted
        public String getName() {
            return name;
        }

        /** The task's state. */
        @Whitelisted
        public String getState() {
            return state;
        }

        /** 0 to 100. */
        @Whitelisted
        public double getProgress() {
            return progress;
        }

        /** Why it failed; empty unless it did. */
        @Whitelisted
        public List<ErrorResult> getErrors() {
            return errors;
        }

        @Override
        @Whitelisted
        public String toString() {
            return "task " + ConsoleLog.plain(name) + ' ' + state;
        }
    }

    /** Why a task failed. */
    public static final class ErrorResult implements Serializable {

        private static final long serialVersionUID = 1L;

        private final String code;
        private final String message;
        private final String category;
        private final String retry;

        ErrorResult(ErrorDetail error) {
            code = error.code();
            message = error.message();
            category = error.category();
            retry = error.retry().label();
        }

        /** What the service blames, such as {@code Content}; empty where it does not say, as AMS v2. */
        @Whitelisted
        public String getCategory() {
            return category == null ? "" : category; // kept over a restart since before there was one
        }

        /** {@code MayRetry} or {@code DoNotRetry}; empty where the service does not say, as AMS v2. */
        @Whitelisted
        public String getRetry() {
            return retry == null ? "" : retry;
        }

        /** Such as {@code ErrorParsingConfiguration}. */
        @Whitelisted
        public String getCode() {
            return code;
        }

        /** The service's text. */
        @Whitelisted
        public String getMessage() {
            return message;
        }

        @Override
        @Whitelisted
        public String toString() {
            return ConsoleLog.plain(code + ": " + message);
        }
    }

    /** An asset that the job wrote. */
    public static final class AssetResult implements Serializable {

        private static final long serialVersionUID = 1L;

        private final String id;
        private final String name;
        private final String uri;

        AssetResult(OutputAsset asset) {
            id = asset.id();
            name = asset.name();
            uri = asset.uri();
        }

        /** {@code nb:cid:UUID:<guid>}. */
        @Whitelisted
        public String getId() {
            return id;
        }

        /** The asset's name. */
        @Whitelisted
        public String getName() {
            return name;
        }

        /** The address of its storage container; null if it was deleted since. */
        @Whitelisted
        public String getUri() {
            return uri;
        }

        @Override
        @Whitelisted
        public String toString() {
            return "asset " + ConsoleLog.plain(name);
        }
    }
}
