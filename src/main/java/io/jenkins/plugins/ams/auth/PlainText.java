/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.auth;

/** Makes text from the network fit for a line of a log. */
public final class PlainText {

    /**
     * How much of an error is shown, in characters. The longest that is documented is Azure Resource Manager's 403: two
     * IDs, an action and a scope, whose names may have some 700 characters, and what to do behind them.
     */
    public static final int MAX_ERROR_LENGTH = 1500;

    private PlainText() {}

    /**
     * One line of a text whose author may be hostile: control characters, line breaks, invisible format characters
     * (which turn the direction of writing, among other things) and what is no character at all (U+FFFE and U+FFFF,
     * which no XML file can hold, a build's not either) become spaces, and runs of spaces one.
     *
     * @param text may be null
     * @param longest how many characters are kept; what is cut is shown as an ellipsis
     * @return never null; empty if there is nothing to show
     */
    public static String line(String text, int longest) {
        if (text == null) {
            return "";
        }
        StringBuilder line = new StringBuilder();
        boolean space = false;
        for (int at = 0; at < text.length(); ) {
            int character = text.codePointAt(at);
            at += Character.charCount(character);
            if (isBlank(character)) {
                space = line.length() > 0;
                continue;
            }
            int room = longest - line.length() - (space ? 1 : 0);
            if (Character.charCount(character) > room) {
                return line.append('…').toString();
            }
            if (space) {
                line.append(' ');
                space = false;
            }
            line.appendCodePoint(character);
        }
        return line.toString();
    }

    /** The first line of a text, made fit by {@link #line}. */
    public static String firstLine(String text, int longest) {
        return line(text == null ? null : text.strip().lines().findFirst().orElse(""), longest);
    }

    private static boolean isBlank(int character) {
        if ((character & 0xfffe) == 0xfffe) {
            return true;
        }
        return switch (Character.getType(character)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.SPACE_SEPARATOR,
                    Character.SURROGATE -> true;
            default -> false;
        };
    }
}
