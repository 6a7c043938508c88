/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.emulator;

import java.util.Locale;

/** Determines the payload format that a client requests. */
final class AcceptHeader {

    private AcceptHeader() {}

    /**
     * Returns the format by the rules of OData version 3: {@code application/json} is minimal for clients that support
     * version 3.0 and verbose for others. Without JSON in the header it is Atom.
     */
    static AmsSettings.Form form(Request request) {
        String accept = request.header("Accept").orElse("").toLowerCase(Locale.ROOT);
        if (!accept.contains("application/json")) {
            return AmsSettings.Form.ATOM;
        }
        boolean old = request.header("MaxDataServiceVersion").orElse("3.0").compareTo("3") < 0;
        return accept.contains("odata=verbose") || old && !accept.contains("odata=")
                ? AmsSettings.Form.VERBOSE_JSON
                : AmsSettings.Form.MINIMAL_JSON;
    }
}
