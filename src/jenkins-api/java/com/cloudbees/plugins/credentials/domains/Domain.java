/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package com.cloudbees.plugins.credentials.domains;

import java.io.Serializable;

public class Domain implements Serializable {}
