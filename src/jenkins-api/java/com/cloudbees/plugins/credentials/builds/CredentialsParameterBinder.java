/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package com.cloudbees.plugins.credentials.builds;

import hudson.model.InvisibleAction;

public final class CredentialsParameterBinder extends InvisibleAction {}
