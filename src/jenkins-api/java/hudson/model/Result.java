/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package hudson.model;

import java.io.Serializable;

public final class Result implements Serializable {
    public static final Result ABORTED = null;
    public static final Result FAILURE = null;
}
