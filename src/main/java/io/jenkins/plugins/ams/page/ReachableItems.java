/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.page;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * Checks which items a user can reach. An item is reachable only if the user can read it and all folders that contain
 * it, because its URL begins with theirs. Results are cached, so each instance must be used only for a single request.
 *
 * @param <T> the type of the items
 */
final class ReachableItems<T> {

    private final Predicate<T> isReadable;
    private final Function<T, T> parent;
    private final Map<T, Boolean> known = new HashMap<>();

    /** @param parent returns the parent of an item, or null for an item that has no parent */
    ReachableItems(Predicate<T> isReadable, Function<T, T> parent) {
        this.isReadable = isReadable;
        this.parent = parent;
    }

    boolean contains(@CheckForNull T item) {
        if (item == null) {
            return true;
        }
        Boolean before = known.get(item);
        if (before == null) {
            before = isReadable.test(item) && contains(parent.apply(item));
            known.put(item, before);
        }
        return before;
    }
}
