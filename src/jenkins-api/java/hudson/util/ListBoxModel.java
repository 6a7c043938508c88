/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package hudson.util;

import hudson.model.ModelObject;
import java.util.ArrayList;
import java.util.Collection;

public class ListBoxModel extends ArrayList<ListBoxModel.Option> {
    public static final class Option {
        public String name;
        public String value;
        public boolean selected;

        public Option(String name, String value) {
            throw new UnsupportedOperationException();
        }

        public Option(String name) {
            throw new UnsupportedOperationException();
        }

        public Option(String name, String value, boolean selected) {
            throw new UnsupportedOperationException();
        }
    }

    public ListBoxModel(int initialCapacity) {}

    public ListBoxModel() {}

    public ListBoxModel(Collection<Option> c) {}

    public ListBoxModel(Option... data) {}

    public void add(String displayName, String value) {
        throw new UnsupportedOperationException();
    }

    public void add(ModelObject usedForDisplayName, String value) {
        throw new UnsupportedOperationException();
    }

    public ListBoxModel add(String nameAndValue) {
        throw new UnsupportedOperationException();
    }
}
