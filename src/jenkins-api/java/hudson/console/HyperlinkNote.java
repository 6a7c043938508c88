/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package hudson.console;

public class HyperlinkNote extends ConsoleNote {
    public HyperlinkNote(String url, int length) {}

    public static String encodeTo(String url, String text) {
        throw new UnsupportedOperationException();
    }
}
