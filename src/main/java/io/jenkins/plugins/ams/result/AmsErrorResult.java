/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.result;

import static io.jenkins.plugins.ams.result.StoredValues.text;

import io.jenkins.plugins.ams.http.PlainText;
import io.jenkins.plugins.ams.service.ErrorDetail;
import java.io.Serializable;
import org.jenkinsci.plugins.scriptsecurity.sandbox.whitelists.Whitelisted;
import org.kohsuke.stapler.export.Exported;
import org.kohsuke.stapler.export.ExportedBean;

/**
 * An error of a failed task. Immutable.
 *
 * @since TODO
 */
@ExportedBean(defaultVisibility = 4)
public final class AmsErrorResult implements Serializable {

    private static final long serialVersionUID = 1L;

    private String task;
    private String code;
    private String message;
    private String category;
    private String retry;

    /** Creates an empty instance to be filled with stored data. */
    private AmsErrorResult() {}

    AmsErrorResult(String task, ErrorDetail error) {
        this.task = task;
        code = PlainText.line(error.code());
        message = PlainText.line(error.message());
        category = PlainText.line(error.category());
        retry = error.retry().label();
    }

    /** Returns the name of the task that failed. */
    @Whitelisted
    @Exported
    public String getTask() {
        return text(task);
    }

    /**
     * Returns the service's error code, such as {@code ErrorParsingConfiguration}, or an empty string if the service
     * does not provide an error code.
     */
    @Whitelisted
    @Exported
    public String getCode() {
        return text(code);
    }

    /** Returns the service's error message, or an empty string if the service does not provide an error message. */
    @Whitelisted
    @Exported
    public String getMessage() {
        return text(message);
    }

    /**
     * Returns the service's error category, such as {@code Content}, or an empty string if the service does not provide
     * a category. AMS v2 does not provide categories.
     */
    @Whitelisted
    @Exported
    public String getCategory() {
        return text(category);
    }

    /**
     * Returns the service's advice on whether to retry the job: {@code MayRetry} or {@code DoNotRetry}. Returns an
     * empty string if the service does not provide advice. AMS v2 does not provide advice.
     */
    @Whitelisted
    @Exported
    public String getRetry() {
        return text(retry);
    }

    @Override
    @Whitelisted
    public String toString() {
        return getCode() + ": " + getMessage();
    }
}
