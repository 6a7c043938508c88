/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package com.cloudbees.plugins.credentials;

import hudson.model.ParameterValue;

public class CredentialsParameterValue extends ParameterValue {}
