package io.jenkins.plugins.ams.report;

import io.jenkins.plugins.ams.service.ErrorDetail;
import org.kohsuke.stapler.export.Exported;
import org.kohsuke.stapler.export.ExportedBean;

/** Why a task failed, as the build's page keeps it. */
@ExportedBean(defaultVisibility = 4)
public final class WatchedError {

    private final String task;
    private final String code;
    private final String message;

    WatchedError(String task, ErrorDetail error) {
        this.task = task;
        this.code = ConsoleLog.plain(error.code());
        this.message = ConsoleLog.plain(error.message());
    }

    /** The name of the task that failed. */
    @Exported
    public String getTask() {
        return task;
    }

    /** Such as {@code ErrorParsingConfiguration}; may be empty. */
    @Exported
    public String getCode() {
        return code;
    }

    /** The service's text; may be empty. */
    @Exported
    public String getMessage() {
        return message;
    }
}
