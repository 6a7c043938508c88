/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package org.jenkinsci.plugins.workflow.pickles;

import hudson.ExtensionPoint;

public abstract class PickleFactory implements ExtensionPoint {
    public abstract Pickle writeReplace(Object object);
}
