/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.polling;

import io.jenkins.plugins.ams.auth.TokenStatus;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Collects the accounts' health for administrators. Also keeps the last snapshots of queues that have been removed, so
 * that their problems are reported until they are solved.
 *
 * <p>Thread-safe.
 */
final class AccountRecords {

    /** Maximum number of origins whose last snapshots are kept. */
    private static final int MAX_REMOVED = 100;

    private final JobPoller poller;

    /** The last snapshots of removed queues and of connection tests. The map is its own lock. */
    private final Map<PollTarget.Origin, AccountHealth> removed = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<PollTarget.Origin, AccountHealth> eldest) {
            return size() > MAX_REMOVED;
        }
    };

    AccountRecords(JobPoller poller) {
        this.poller = poller;
    }

    /** Implements {@link JobPoller#onTested}. */
    void onTested(PollTarget.Origin origin, TokenStatus token) {
        keep(AccountHealth.tested(origin, poller.clock().instant(), token));
    }

    /** Keeps the last snapshot of a queue that is removed because it is not in use. */
    void keep(AccountHealth last) {
        synchronized (removed) {
            AccountHealth kept = removed.remove(last.origin()); // the new entry is added at the end
            boolean isNewer = kept == null || !kept.lastUsed().isAfter(last.lastUsed());
            removed.put(last.origin(), isNewer ? last : kept);
        }
    }

    /** Implements {@link JobPoller#accounts}. */
    List<AccountHealth> accounts() {
        List<AccountHealth> all = all();
        return all.stream().filter(each -> each.isCurrentAmong(all)).toList();
    }

    /** Implements {@link JobPoller#problems}. */
    List<AccountProblem> problems() {
        Instant now = poller.clock().instant();
        if (!mayHaveProblem(now)) {
            return List.of();
        }
        List<AccountHealth> all = all();
        synchronized (removed) {
            removed.values().removeIf(last -> !last.isCurrentAmong(all)); // a solved problem is not evaluated again
        }
        return AccountProblem.of(all, now);
    }

    private boolean mayHaveProblem(Instant now) {
        synchronized (removed) {
            if (!AccountProblem.of(List.copyOf(removed.values()), now).isEmpty()) {
                return true;
            }
        }
        return poller.queues().anyMatch(queue -> queue.mayHaveProblem(now));
    }

    private List<AccountHealth> all() {
        Map<AccountQueue, List<JobWait>> waits = new IdentityHashMap<>();
        for (JobWait wait : poller.waits()) {
            AccountQueue queue = wait.queue();
            if (queue != null) { // otherwise, the target has not been looked up yet
                waits.computeIfAbsent(queue, key -> new ArrayList<>()).add(wait);
            }
        }
        List<AccountHealth> all = new ArrayList<>();
        poller.queues().forEach(queue -> all.add(snapshot(queue, waits.getOrDefault(queue, List.of()))));
        synchronized (removed) {
            all.addAll(removed.values());
        }
        return all;
    }

    private static AccountHealth snapshot(AccountQueue queue, List<JobWait> waits) {
        Set<Object> owners = Collections.newSetFromMap(new IdentityHashMap<>());
        waits.forEach(wait -> owners.add(wait.targetSource().owner()));
        return queue.snapshot(waits.size(), owners.size());
    }
}
