package com.cloudbees.plugins.credentials;

import hudson.model.ParameterValue;

public class CredentialsParameterValue extends ParameterValue {}
