/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package hudson;

import java.util.List;

public class Util {
    public static String fixNull(String s) {
        throw new UnsupportedOperationException();
    }

    public static <T> List<T> fixNull(List<T> l) {
        throw new UnsupportedOperationException();
    }

    public static String fixEmpty(String s) {
        throw new UnsupportedOperationException();
    }

    public static String fixEmptyAndTrim(String s) {
        throw new UnsupportedOperationException();
    }
}
