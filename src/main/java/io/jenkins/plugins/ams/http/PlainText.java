/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.http;

import java.util.regex.Pattern;

/** Sanitizes untrusted text so that it can be shown in one line of a log. */
public final class PlainText {

    /**
     * Maximum length of an error that is shown, in characters. The longest documented one is the 403 of Azure Resource
     * Manager: two IDs, an action and a scope, whose names may have about 700 characters, followed by instructions.
     */
    public static final int MAX_ERROR_LENGTH = 1500;

    /** Matches an optional quote, which may be escaped or encoded. */
    private static final String QUOTE = "(?:\\\\*+[\"']|\\\\++u0022|%(?:25)*+22|&quot;)?+";

    /** Matches the separator between the name and the value of a parameter, which may also be escaped or encoded. */
    private static final String EQUALS = "(?:[=:]|%(?:25)*+3[AD]|\\\\++u003[ad]|&#(?:61|58|x3[ad]);)";

    /**
     * Matches a shared access signature or a key as a parameter. An error may quote a URL that contains one, which
     * would grant access to the storage to all readers of the log. The value ends at white space, a quote, a bracket or
     * {@code &}; encoded text that follows it is included. If a plus sign was decoded to a space, the value ends at its
     * trailing equals sign.
     */
    private static final Pattern SIGNATURE = Pattern.compile(
            "((?:sig(?:nature)?|accountkey|sharedaccesskey)" + QUOTE + "\\s*+" + EQUALS + "\\s*+" + QUOTE + ")"
                    + "(?:[^\\s\"'<>&]|&#\\w{1,4};)++(?:(?: [\\w/]{1,42}){0,5} [\\w/]{0,42}(?:=|%3D))?",
            Pattern.CASE_INSENSITIVE);

    /** Maximum length of a quoted name, ID or address in characters; those in practical use are shorter. */
    private static final int MAX_QUOTED = 200;

    private PlainText() {}

    /**
     * Returns a name, ID or address for use in a message: sanitized by {@link #line}, and short enough that the rest of
     * the message remains visible.
     */
    public static String quoted(String text) {
        return line(text, MAX_QUOTED);
    }

    /** Returns whether a text contains no characters that {@link #line} replaces, other than spaces. */
    public static boolean isPlain(String text) {
        return text.codePoints().noneMatch(PlainText::isHidden);
    }

    /**
     * Removes the values of signatures and keys from a text. In case of doubt, it removes too much rather than too
     * little.
     *
     * @param text the text; may be null
     */
    public static String withoutSignatures(String text) {
        return text == null ? null : SIGNATURE.matcher(text).replaceAll("$1...");
    }

    /**
     * Returns an untrusted text as a single line. Control characters, line breaks, invisible format characters (some of
     * which reverse the direction of text) and the noncharacters U+FFFE and U+FFFF (which XML files such as {@code
     * build.xml} cannot contain) become spaces, and consecutive spaces become one. Signatures and keys are removed, see
     * {@link #withoutSignatures}.
     *
     * @param untrusted the text; may be null
     * @param maxLength the maximum number of characters to keep; an ellipsis is appended to a shortened text
     * @return the line; empty if the text has no visible characters, never null
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

    /** Returns the first line of a text, sanitized by {@link #line}. */
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
