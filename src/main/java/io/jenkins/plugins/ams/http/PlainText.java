/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.http;

import java.util.regex.Pattern;

/** Sanitizes untrusted text so that it can be shown on a single line of a log. */
public final class PlainText {

    /**
     * Maximum length of a displayed error message in characters. The longest documented message is that of a 403
     * response from Azure Resource Manager. It contains two IDs, an action, and a scope, whose names can total about
     * 700 characters, followed by instructions.
     */
    public static final int MAX_ERROR_LENGTH = 1500;

    /** Matches an optional quotation mark, which may be escaped or encoded. */
    private static final String QUOTE = "(?:\\\\*+[\"']|\\\\++u0022|%(?:25)*+22|&quot;)?+";

    /** Matches the separator between a parameter's name and its value, which may also be escaped or encoded. */
    private static final String EQUALS = "(?:[=:]|%(?:25)*+3[AD]|\\\\++u003[ad]|&#(?:61|58|x3[ad]);)";

    /**
     * Matches a parameter that contains a shared access signature or a key. An error message may quote a URL with such
     * a parameter, which would grant everyone who can read the log access to the storage. The value ends at whitespace,
     * a quotation mark, an angle bracket, or {@code &}; encoded text that follows it is included. If a plus sign was
     * decoded to a space, the value ends at its trailing equals sign.
     */
    private static final Pattern SIGNATURE = Pattern.compile(
            "((?:sig(?:nature)?|accountkey|sharedaccesskey)" + QUOTE + "\\s*+" + EQUALS + "\\s*+" + QUOTE + ")"
                    + "(?:[^\\s\"'<>&]|&#\\w{1,4};)++(?:(?: [\\w/]{1,42}){0,5} [\\w/]{0,42}(?:=|%3D))?",
            Pattern.CASE_INSENSITIVE);

    /** Maximum length of a quoted name, ID, or URL in characters. Values in practical use are shorter. */
    private static final int MAX_QUOTED = 200;

    private PlainText() {}

    /**
     * Returns a name, ID, or URL for use in a message. It is sanitized by {@link #line} and shortened if necessary, so
     * that the rest of the message remains visible.
     */
    public static String quoted(String text) {
        return line(text, MAX_QUOTED);
    }

    /** Returns whether a string contains no characters that {@link #line} replaces, other than spaces. */
    public static boolean isPlain(String text) {
        return text.codePoints().noneMatch(PlainText::isHidden);
    }

    /**
     * Removes the values of signatures and keys from a string. When in doubt, removes too much rather than too little.
     *
     * @param text the string; may be null
     */
    public static String withoutSignatures(String text) {
        return text == null ? null : SIGNATURE.matcher(text).replaceAll("$1...");
    }

    /**
     * Returns an untrusted string as a single line. Control characters, line breaks, and invisible format characters
     * (some of which reverse the text direction) are replaced with spaces, and so are the noncharacters U+FFFE and
     * U+FFFF, which XML files such as {@code build.xml} cannot contain. Consecutive spaces are reduced to one. The
     * values of signatures and keys are removed as in {@link #withoutSignatures}.
     *
     * @param untrusted the string; may be null
     * @param maxLength the maximum number of characters to keep; an ellipsis is appended to a shortened string
     * @return the line; empty if the string contains no visible characters, but never null
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

    /** Returns the first line of a string, sanitized by {@link #line}. */
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
