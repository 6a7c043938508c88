package com.cloudbees.plugins.credentials;

public abstract class CredentialsStore {}
