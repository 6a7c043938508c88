package com.cloudbees.plugins.credentials.domains;

import java.io.Serializable;

public class Domain implements Serializable {}
