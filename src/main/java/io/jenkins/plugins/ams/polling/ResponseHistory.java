/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.polling;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.ams.http.AmsException;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CancellationException;
import java.util.function.LongFunction;

/**
 * Records how an account's service responds to requests, so that administrators can see it. Unlike {@link
 * ServiceHealth}, the records do not affect polling.
 *
 * <p>Guarded by the lock of its {@link AccountQueue}. All times are in milliseconds on the scheduler's clock.
 */
final class ResponseHistory {

    /** A value that is earlier than any time on the scheduler's clock. */
    private static final long NEVER = Long.MIN_VALUE;

    private long lastResponse = NEVER;
    private long lastSuccess = NEVER;
    private Errors last = Errors.NONE;
    private Errors rejections = Errors.NONE;
    private Errors outage = Errors.NONE;

    /**
     * Consecutive errors.
     *
     * @param error the last error, or null if there is no error
     */
    private record Errors(@CheckForNull AmsException error, long firstTime, long lastTime) {

        static final Errors NONE = new Errors(null, NEVER, NEVER);

        Errors with(AmsException next, long now) {
            return new Errors(next, error == null ? now : firstTime, now);
        }

        @CheckForNull
        AccountHealth.Problem toProblem(LongFunction<Instant> toInstant) {
            return error == null
                    ? null
                    : new AccountHealth.Problem(error, toInstant.apply(firstTime), toInstant.apply(lastTime));
        }
    }

    /** Records a successful request. */
    void onSuccess(long now) {
        lastResponse = now;
        lastSuccess = now;
        rejections = Errors.NONE;
        outage = Errors.NONE;
    }

    /** Records a failed request. Ignores requests that were canceled because their results were no longer needed. */
    void onFailure(AmsException error, long now) {
        if (error.isCausedBy(CancellationException.class)) {
            return;
        }
        last = Errors.NONE.with(error, now);
        if (error.isFromService()) {
            lastResponse = now;
        }
        if (error.isTransient()) {
            if (!error.isOfController()) {
                outage = outage.with(error, now); // rejections are kept, because the credentials may still be rejected
            }
        } else if (error.isRejection()) {
            outage = Errors.NONE;
            rejections = error.concernsCredentials() ? rejections.with(error, now) : Errors.NONE;
        }
    }

    /**
     * Returns whether the last response rejected the credentials, or whether no request has succeeded for at least the
     * given time because of transient errors.
     */
    boolean hasProblem(Duration outageDuration, long now) {
        return rejections.error() != null
                || outage.error() != null && now - outage.firstTime() >= outageDuration.toMillis();
    }

    /**
     * Returns the recorded responses in the format that administrators see.
     *
     * @param toInstant converts times on the scheduler's clock to times on the system clock
     */
    AccountHealth.Responses toResponses(LongFunction<Instant> toInstant) {
        return new AccountHealth.Responses(
                lastResponse == NEVER ? null : toInstant.apply(lastResponse),
                lastSuccess == NEVER ? null : toInstant.apply(lastSuccess),
                last.toProblem(toInstant),
                rejections.toProblem(toInstant),
                outage.toProblem(toInstant));
    }
}
