/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.http;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.util.regex.Pattern;

/** Sanitizes untrusted text so that it can be shown on a single line of a log. */
public final class PlainText {

    /**
     * Maximum length of a displayed error message in characters. The longest documented message belongs to a 403
     * response from Azure Resource Manager. The message contains two IDs, an action, and a scope, which can total about
     * 700 characters, followed by instructions.
     */
    public static final int MAX_ERROR_LENGTH = 1500;

    /** Matches an optional quotation mark, which may be escaped or encoded. */
    private static final String QUOTE = "(?:\\\\*+[\"']|\\\\++u0022|%(?:25)*+22|&quot;)?+";

    /** Matches the separator between a parameter's name and its value, which may be escaped or encoded. */
    private static final String EQUALS = "(?:[=:]|%(?:25)*+3[AD]|\\\\++u003[ad]|&#(?:61|58|x3[ad]);)";

    /**
     * Matches a parameter that contains a shared access signature or a key. An error message may quote a URL with such
     * a parameter, and everyone who can read the log could then access the storage. The value ends at white space, a
     * quotation mark, an angle bracket, or {@code &}. Encoded separators, such as {@code %26}, do not end the value. If
     * a plus sign was decoded to a space, the value continues after the space up to its trailing equals sign.
     */
    private static final Pattern SIGNATURE = Pattern.compile(
            "((?:sig(?:nature)?|accountkey|sharedaccesskey)" + QUOTE + "\\s*+" + EQUALS + "\\s*+" + QUOTE + ")"
                    + "(?:[^\\s\"'<>&]|&#\\w{1,4};)++(?:(?: [\\w/]{1,42}){0,5} [\\w/]{0,42}(?:=|%3D))?",
            Pattern.CASE_INSENSITIVE);

    /** Maximum length of a quoted name, ID, or URL in characters. In practice, names, IDs, and URLs are shorter. */
    private static final int MAX_QUOTED = 200;

    /** Maximum length of other text in characters, so that console lines and messages remain readable. */
    private static final int MAX_LINE = 2000;

    private PlainText() {}

    /**
     * Returns a name, ID, or URL for use in a message. The string is sanitized by {@link #line(String, int)}, and
     * shortened if necessary so that the rest of the message remains visible.
     */
    public static String quoted(String text) {
        return line(text, MAX_QUOTED);
    }

    /**
     * Returns whether a string contains no control characters or other invisible characters. Spaces are allowed, even
     * those that {@link #line(String, int)} replaces.
     */
    public static boolean isPlain(String text) {
        return text.codePoints().noneMatch(PlainText::isHidden);
    }

    /**
     * Removes the values of signatures and keys from a string. If it is unclear where a value ends, the method removes
     * too much rather than too little.
     *
     * @param text the string; can be null
     * @return the string without the values, or null if {@code text} is null
     */
    public static String withoutSignatures(@CheckForNull String text) {
        return text == null ? null : SIGNATURE.matcher(text).replaceAll("$1...");
    }

    /**
     * Returns an untrusted string as a single line. Control characters, line breaks, and invisible format characters
     * (some of which reverse the text direction) are replaced with spaces. The noncharacters U+FFFE and U+FFFF are also
     * replaced, because XML files such as {@code build.xml} cannot contain them. Consecutive spaces are reduced to one.
     * The values of signatures and keys are removed as in {@link #withoutSignatures}.
     *
     * @param untrusted the string; can be null
     * @param maxLength the maximum number of characters to keep; an ellipsis is appended to a shortened string
     * @return the line; empty if the string contains no visible characters, but never null
     */
    public static String line(@CheckForNull String untrusted, int maxLength) {
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

    /** Returns an untrusted string as a single line of at most 2,000 characters, as {@link #line(String, int)} does. */
    public static String line(@CheckForNull String untrusted) {
        return line(untrusted, MAX_LINE);
    }

    /** Returns the first line of a string, sanitized by {@link #line(String, int)}. */
    public static String firstLine(@CheckForNull String text, int maxLength) {
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
