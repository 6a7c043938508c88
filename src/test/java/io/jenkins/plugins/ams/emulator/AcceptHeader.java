/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.emulator;

import java.util.Locale;

/** Which form of payload a client asks for. */
final class AcceptHeader {

    private AcceptHeader() {}

    /**
     * By the rules of OData version 3: plain {@code application/json} is minimal for a client that understands version
     * 3.0 and verbose for one that does not; without a word about JSON it is Atom.
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
