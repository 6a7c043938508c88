/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package hudson.model;

import java.io.Serializable;

public abstract class ParameterValue implements Serializable {}
