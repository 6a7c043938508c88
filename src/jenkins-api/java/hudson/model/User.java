/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package hudson.model;

import hudson.security.AccessControlled;

public class User extends AbstractModelObject implements AccessControlled, Saveable, Comparable<User> {
    User() {}

    public static User current() {
        throw new UnsupportedOperationException();
    }

    public String getFullName() {
        throw new UnsupportedOperationException();
    }

    @Override
    public String getDisplayName() {
        throw new UnsupportedOperationException();
    }

    @Override
    public void save() {}

    @Override
    public int compareTo(User that) {
        throw new UnsupportedOperationException();
    }
}
