/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package jenkins;

public enum YesNoMaybe {
    YES,
    NO,
    MAYBE;
}
