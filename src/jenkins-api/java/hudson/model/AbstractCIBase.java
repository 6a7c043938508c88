/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package hudson.model;

public abstract class AbstractCIBase extends Node implements ItemGroup<TopLevelItem> {}
