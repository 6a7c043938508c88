/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.page;

import io.jenkins.plugins.ams.console.ConsoleLog;
import io.jenkins.plugins.ams.service.ErrorDetail;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.export.Exported;
import org.kohsuke.stapler.export.ExportedBean;

/**
 * Why a task failed, as the build's page keeps it.
 *
 * @since TODO
 */
@ExportedBean(defaultVisibility = 4)
@Restricted(NoExternalUse.class)
public final class StoredError {

    private final String task;
    private final String code;
    private final String message;

    /** Null in what was stored before there was such a thing. */
    private final String category;

    private final String retry;

    StoredError(String task, ErrorDetail error) {
        this.task = task;
        this.code = ConsoleLog.plain(error.code());
        this.message = ConsoleLog.plain(error.message());
        this.category = ConsoleLog.plain(error.category());
        this.retry = error.retry().label();
    }

    /** The name of the task that failed. */
    @Exported
    public String getTask() {
        return StoredJob.text(task);
    }

    /** Such as {@code ErrorParsingConfiguration}; may be empty. */
    @Exported
    public String getCode() {
        return StoredJob.text(code);
    }

    /** What the service blames, such as {@code Content}; empty where it does not say. */
    @Exported
    public String getCategory() {
        return StoredJob.text(category);
    }

    /** {@code MayRetry} or {@code DoNotRetry}; empty where the service does not say. */
    @Exported
    public String getRetry() {
        return StoredJob.text(retry);
    }

    /** Category and retry as they follow the message: in brackets, or not at all. */
    public String getMore() {
        String separator = getCategory().isEmpty() || getRetry().isEmpty() ? "" : ", ";
        String more = getCategory() + separator + getRetry();
        return more.isEmpty() ? "" : " (" + more + ")";
    }

    /** The service's text; may be empty. */
    @Exported
    public String getMessage() {
        return StoredJob.text(message);
    }
}
