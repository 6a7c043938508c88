/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package hudson.model;

public class Fingerprint implements ModelObject, Saveable {
    private Fingerprint() {}

    @Override
    public String getDisplayName() {
        throw new UnsupportedOperationException();
    }

    @Override
    public synchronized void save() {}

    public RangeSet getRangeSet(Job job) {
        throw new UnsupportedOperationException();
    }

    public static final class RangeSet {
        private RangeSet() {}

        public synchronized boolean includes(int i) {
            throw new UnsupportedOperationException();
        }
    }
}
