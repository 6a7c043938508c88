/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package hudson.model;

public interface PersistenceRoot extends Saveable {}
