/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.polling;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.ams.auth.TokenStatus;
import io.jenkins.plugins.ams.http.AmsException;
import java.time.Instant;

/**
 * A snapshot of an account's health with one application identity, for administrators. Several snapshots can have the
 * same origin: credentials in different folders can have the same ID, and waits continue with new credentials after a
 * secret has been replaced.
 *
 * @param origin the account and credentials
 * @param waits the number of waits that currently poll their jobs with these credentials
 * @param builds the number of builds that these waits belong to
 * @param requestsPerMinute the number of requests in the last minute, excluding redirects and token requests
 * @param inFlight the number of requests in flight
 * @param jobsPerRequest the maximum number of jobs per request. It is 1 if requests for several jobs are disabled, and
 *     0 if it is unknown because there has been no wait
 * @param heldBackUntil the time until which requests are held back because of throttling or another error, or null if
 *     requests are not held back
 * @param lastUsed the time of the last request, or of the first wait if there has been no request
 * @param responses the service's responses
 * @param token the expiry times of the token and the client certificate
 */
public record AccountHealth(
        PollTarget.Origin origin,
        int waits,
        int builds,
        int requestsPerMinute,
        int inFlight,
        int jobsPerRequest,
        @CheckForNull Instant heldBackUntil,
        Instant lastUsed,
        Responses responses,
        TokenStatus token) {

    /**
     * The responses to an account's requests.
     *
     * @param last the time when the service last responded, even with an error, or null if it has never responded
     * @param lastSuccess the time of the last successful request, or null if no request has succeeded
     * @param lastError the last error of any kind, which may already be resolved, or null if there was no error
     * @param rejection the rejection of the credentials, by the token authority or by the service. Null if they were
     *     not rejected, or if a later request shows that they are accepted
     * @param outage the transient errors since the last usable response, or null if there were no such errors
     */
    public record Responses(
            @CheckForNull Instant last,
            @CheckForNull Instant lastSuccess,
            @CheckForNull Problem lastError,
            @CheckForNull Problem rejection,
            @CheckForNull Problem outage) {

        static final Responses NONE = new Responses(null, null, null, null, null);
    }

    /**
     * One or more consecutive errors.
     *
     * @param error the last error
     * @param since the time of the first error
     * @param last the time of the last error
     */
    public record Problem(AmsException error, Instant since, Instant last) {}

    /** Creates the snapshot for credentials that were successfully tested without a wait. */
    static AccountHealth tested(PollTarget.Origin origin, Instant time, TokenStatus token) {
        return new AccountHealth(origin, 0, 0, 0, 0, 0, null, time, new Responses(time, time, null, null, null), token);
    }

    /** Creates the snapshot for an account that no build has used yet. */
    public static AccountHealth unused(PollTarget.Origin origin) {
        return new AccountHealth(origin, 0, 0, 0, 0, 0, null, Instant.EPOCH, Responses.NONE, TokenStatus.UNKNOWN);
    }

    /**
     * Returns whether this snapshot shows the current state of its origin. A snapshot without waits is outdated if
     * another snapshot with the same origin contains a later success, for example because the secret has been replaced.
     */
    boolean isCurrentAmong(Iterable<AccountHealth> all) {
        if (waits > 0) {
            return true;
        }
        for (AccountHealth other : all) {
            Instant success = other.responses.lastSuccess();
            if (other != this && other.origin.equals(origin) && success != null && success.isAfter(lastUsed)) {
                return false;
            }
        }
        return true;
    }
}
