/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package hudson.model;

import java.io.IOException;

public interface Saveable {
    void save() throws IOException;
}
