/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package hudson.model;

import hudson.security.AccessControlled;

public abstract class Node implements AccessControlled {}
