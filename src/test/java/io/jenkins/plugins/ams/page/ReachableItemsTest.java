/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.page;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.Test;

/** Tests which folders, jobs, and builds a user can reach. The test uses paths to represent them. */
public class ReachableItemsTest {

    private final List<String> checked = new ArrayList<>();

    @Test
    public void needsEveryFolderOnTheWay() {
        ReachableItems<String> items = items(Set.of("films", "films/encode", "films/encode/1", "hidden/encode"));
        assertTrue(items.contains("films/encode/1"));
        assertFalse("the build itself", items.contains("films/encode/2"));
        assertFalse("the folder", items.contains("hidden/encode"));
    }

    @Test
    public void checksEachItemOnce() {
        ReachableItems<String> items = items(Set.of("films", "films/encode", "films/encode/1", "other/encode/1"));
        long reachable = IntStream.range(0, 1250)
                .filter(wait -> items.contains(wait < 1200 ? "films/encode/1" : "other/encode/1"))
                .count();
        assertEquals(1200, reachable);
        assertEquals(List.of("films/encode/1", "films/encode", "films", "other/encode/1", "other/encode"), checked);
    }

    private ReachableItems<String> items(Set<String> readable) {
        return new ReachableItems<>(
                item -> {
                    checked.add(item);
                    return readable.contains(item);
                },
                item -> item.contains("/") ? item.substring(0, item.lastIndexOf('/')) : null);
    }
}
