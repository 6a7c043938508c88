/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.auth;

import java.util.regex.Pattern;

/** Makes text from the network fit for a line of a log. */
public final class PlainText {

    /**
     * How much of an error is shown, in characters. The longest that is documented is Azure Resource Manager's 403: two
     * IDs, an action and a scope, whose names may have some 700 characters, and what to do behind them.
     */
    public static final int MAX_ERROR_LENGTH = 1500;

    /** A quote as it is, escaped, or encoded. */
    private static final String QUOTE = "(?:\\\\*+[\"']|\\\\++u0022|%(?:25)*+22|&quot;)?+";

    /** What stands between the name and the value of a parameter, in the same spellings. */
    private static final String EQUALS = "(?:[=:]|%(?:25)*+3[AD]|\\\\++u003[ad]|&#(?:61|58|x3[ad]);)";

    /**
     * A shared access signature or a key as a parameter: an address that an error quotes would open the storage to those
     * who read it. The value ends at white space, a quote, a bracket or {@code &}, and what is encoded behind it goes with
     * it. Where a plus was decoded to a space it ends at the equals sign that ends such a value.
     */
    private static final Pattern SIGNATURE = Pattern.compile(
            "((?:sig(?:nature)?|accountkey|sharedaccesskey)" + QUOTE + "\\s*+" + EQUALS + "\\s*+" + QUOTE + ")"
                    + "(?:[^\\s\"'<>&]|&#\\w{1,4};)++(?:(?: [\\w/]{1,42}){0,5} [\\w/]{0,42}(?:=|%3D))?",
            Pattern.CASE_INSENSITIVE);

    /** Names and IDs that people use are shorter. */
    private static final int MAX_QUOTED = 200;

    private PlainText() {}

    /**
     * Returns a name, ID or address as a message quotes it: made fit by {@link #line}, and so short that the rest of the
     * message is seen.
     */
    public static String quoted(String text) {
        return line(text, MAX_QUOTED);
    }

    /** Returns whether a text holds nothing that {@link #line} replaces, other than spaces. */
    public static boolean isPlain(String text) {
        return text.codePoints().noneMatch(PlainText::isHidden);
    }

    /**
     * A text without the values of signatures and keys, wherever such a parameter stands; rather too much than too little.
     *
     * @param text may be null
     */
    public static String withoutSignatures(String text) {
        return text == null ? null : SIGNATURE.matcher(text).replaceAll("$1...");
    }

    /**
     * One line of a text whose author may be hostile: control characters, line breaks, invisible format characters
     * (which turn the direction of writing, among other things) and what is no character at all (U+FFFE and U+FFFF,
     * which no XML file can hold, a build's not either) become spaces, and runs of spaces one. Signatures and keys in it
     * are cut, see {@link #withoutSignatures}.
     *
     * @param untrusted may be null
     * @param maxLength how many characters are kept; what is cut is shown as an ellipsis
     * @return never null; empty if there is nothing to show
     */
    public static String line(String untrusted, int maxLength) {
        if (untrusted == null) {
            return "";
        }
        String text = withoutSignatures(untrusted);
        StringBuilder line = new StringBuilder();
        boolean space = false;
        for (int index = 0; index < text.length(); ) {
            int character = text.codePointAt(index);
            index += Character.charCount(character);
            if (isBlank(character)) {
                space = line.length() > 0;
                continue;
            }
            int remaining = maxLength - line.length() - (space ? 1 : 0);
            if (Character.charCount(character) > remaining) {
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
    public static String firstLine(String text, int maxLength) {
        return line(text == null ? null : text.strip().lines().findFirst().orElse(""), maxLength);
    }

    private static boolean isBlank(int character) {
        return isHidden(character) || Character.getType(character) == Character.SPACE_SEPARATOR;
    }

    private static boolean isHidden(int character) {
        if ((character & 0xfffe) == 0xfffe) {
            return true;
        }
        return switch (Character.getType(character)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.SURROGATE -> true;
            default -> false;
        };
    }
}
