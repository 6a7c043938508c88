/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.emulator;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A parsed {@code $filter} with the documented clauses {@code Id eq '…'} and {@code startswith(Name,'…')}. Several
 * clauses can be joined with {@code or}, which is undocumented.
 *
 * @param clauses the number of clauses
 * @param ids the IDs in the filter, in order, or null if not every clause contains an ID
 * @param matches the predicate for the property values of an entity
 */
record ODataFilter(int clauses, List<String> ids, Predicate<Map<String, Object>> matches) {

    /** Possessive, because long literals would otherwise overflow the stack. */
    private static final String LITERAL = "'((?:[^']++|'')*+)'";

    private static final Pattern ID = Pattern.compile("\\(?\\s*Id\\s+eq\\s+" + LITERAL + "\\s*\\)?\\s*");
    private static final Pattern NAME =
            Pattern.compile("\\(?\\s*startswith\\(\\s*Name\\s*,\\s*" + LITERAL + "\\s*\\)\\s*\\)?\\s*");
    private static final Pattern OR = Pattern.compile("or\\s+(?=\\(?)");

    /** @throws ODataException if the filter is not valid */
    static ODataFilter parse(String text) {
        List<String> ids = new ArrayList<>();
        Predicate<Map<String, Object>> matches = properties -> false;
        int clauses = 0;
        int position = 0;
        String trimmed = text.trim();
        while (true) {
            Matcher id = ID.matcher(trimmed).region(position, trimmed.length());
            Matcher name = NAME.matcher(trimmed).region(position, trimmed.length());
            if (id.lookingAt()) {
                String value = unquote(id.group(1));
                ids.add(value);
                matches = matches.or(properties -> value.equalsIgnoreCase((String) properties.get("Id")));
                position = id.end();
            } else if (name.lookingAt()) {
                String value = unquote(name.group(1));
                matches = matches.or(
                        properties -> String.valueOf(properties.get("Name")).startsWith(value));
                position = name.end();
            } else {
                throw new ODataException(
                        400,
                        "The query specified in the URI is not valid: syntax error at position " + position + " in '"
                                + text + "'.");
            }
            clauses++;
            if (position == trimmed.length()) {
                return new ODataFilter(clauses, ids.size() == clauses ? ids : null, matches);
            }
            Matcher or = OR.matcher(trimmed).region(position, trimmed.length());
            if (!or.lookingAt()) {
                throw new ODataException(
                        400,
                        "The query specified in the URI is not valid: unsupported operator at" + " position " + position
                                + " in '" + text + "'.");
            }
            position = or.end();
        }
    }

    /** Replaces doubled quotes in a literal with single ones. */
    static String unquote(String literal) {
        return literal.replace("''", "'");
    }
}
