/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.polling;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.ams.http.AmsException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A problem with an account that an administrator must solve.
 *
 * @param origin the account and credentials
 * @param error the last error, or null if the problem is a certificate that expires
 * @param since the time when the problem began or, if the problem is a certificate, the time when it expires
 * @param builds the number of builds that are waiting
 */
public record AccountProblem(
        PollTarget.Origin origin, Kind kind, @CheckForNull AmsException error, Instant since, int builds) {

    /** The duration of an outage after which administrators are informed. */
    public static final Duration MIN_OUTAGE = Duration.ofHours(1);

    /** How long before the expiry of a client certificate administrators are informed. */
    public static final Duration CERTIFICATE_LEAD = Duration.ofDays(30);

    /**
     * How long a problem is reported after the last request if no build is waiting. If rejected credentials make a wait
     * fail immediately, administrators must still be able to see the problem afterwards. The time is limited, because
     * the credentials may no longer be in use.
     */
    static final Duration RETENTION = Duration.ofDays(7);

    /** The kinds of problems. */
    public enum Kind {
        /** The token authority or the service rejects the credentials. */
        REJECTED,
        /** Builds are waiting, but there has been no usable response for {@link #MIN_OUTAGE}. */
        NOT_RESPONDING,
        /** The client certificate expires within {@link #CERTIFICATE_LEAD}, or it has already expired. */
        CERTIFICATE_EXPIRES
    }

    /** Returns the problems, at most one of each kind for each origin. */
    static List<AccountProblem> of(List<AccountHealth> all, Instant now) {
        Map<List<Object>, AccountProblem> problems = new LinkedHashMap<>();
        for (AccountHealth health : all) {
            boolean isReported = health.waits() > 0 || health.lastUsed().isAfter(now.minus(RETENTION));
            if (isReported && health.isCurrentAmong(all)) {
                for (AccountProblem problem : of(health, now)) {
                    problems.merge(List.of(problem.origin, problem.kind), problem, AccountProblem::with);
                }
            }
        }
        return problems.values().stream()
                .sorted(Comparator.comparing(AccountProblem::kind).thenComparing(AccountProblem::since))
                .toList();
    }

    private static List<AccountProblem> of(AccountHealth health, Instant now) {
        List<AccountProblem> problems = new ArrayList<>();
        AccountHealth.Problem rejection = health.responses().rejection();
        AccountHealth.Problem outage = health.responses().outage();
        Instant expiry = health.token().certificateExpiry();
        if (rejection != null) {
            problems.add(of(health, Kind.REJECTED, rejection));
        } else if (expiry != null && !now.isBefore(expiry.minus(CERTIFICATE_LEAD))) {
            problems.add(new AccountProblem(health.origin(), Kind.CERTIFICATE_EXPIRES, null, expiry, health.builds()));
        }
        if (outage != null && health.waits() > 0 && !now.isBefore(outage.since().plus(MIN_OUTAGE))) {
            problems.add(of(health, Kind.NOT_RESPONDING, outage));
        }
        return problems;
    }

    private static AccountProblem of(AccountHealth health, Kind kind, AccountHealth.Problem problem) {
        return new AccountProblem(health.origin(), kind, problem.error(), problem.since(), health.builds());
    }

    /** Merges two problems of the same kind whose credentials have the same ID. */
    private AccountProblem with(AccountProblem other) {
        AccountProblem earlier = other.since.isBefore(since) ? other : this;
        return new AccountProblem(origin, kind, earlier.error, earlier.since, builds + other.builds);
    }
}
