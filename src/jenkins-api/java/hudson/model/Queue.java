/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package hudson.model;

public class Queue {
    public interface Task extends ModelObject {}

    public interface Executable extends Runnable {}
}
