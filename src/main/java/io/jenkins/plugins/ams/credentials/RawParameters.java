/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.credentials;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import java.util.function.UnaryOperator;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.StaplerRequest2;

/**
 * All parameters of a request exactly as the browser sent them. A web method uses this type if a subclass determines
 * which parameters are needed. {@link RawParameter} explains why web methods do not use {@code String}.
 *
 * @param source a function that returns the value of the parameter with a given name, or null if the request does not
 *     contain the parameter
 */
@Restricted(NoExternalUse.class)
public record RawParameters(@NonNull UnaryOperator<String> source) {

    /** Creates a web method's argument. Stapler finds this method by its name. */
    @NonNull
    public static RawParameters fromStapler(@NonNull StaplerRequest2 request) {
        return new RawParameters(request::getParameter);
    }

    /** Returns the value of a parameter, or null if the request does not contain the parameter. */
    @CheckForNull
    public String text(@NonNull String name) {
        return source.apply(name);
    }
}
