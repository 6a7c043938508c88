/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.result;

import static io.jenkins.plugins.ams.result.StoredValues.text;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.ams.http.PlainText;
import io.jenkins.plugins.ams.service.OutputAsset;
import java.io.Serializable;
import org.jenkinsci.plugins.scriptsecurity.sandbox.whitelists.Whitelisted;
import org.kohsuke.stapler.export.Exported;
import org.kohsuke.stapler.export.ExportedBean;

/**
 * An output asset of a job. Immutable.
 *
 * @since TODO
 */
@ExportedBean(defaultVisibility = 3)
public final class AmsAssetResult implements Serializable {

    private static final long serialVersionUID = 1L;

    private String id;
    private String name;
    private String uri;

    /** Creates an empty instance to be filled with stored data. */
    private AmsAssetResult() {}

    AmsAssetResult(OutputAsset asset) {
        id = PlainText.line(asset.id());
        name = PlainText.line(asset.name());
        uri = asset.uri() == null ? null : PlainText.line(asset.uri());
    }

    /**
     * Returns the asset's ID. The format is {@code nb:cid:UUID:<guid>} in AMS v2. In other APIs, the ID is the asset's
     * name.
     */
    @Whitelisted
    @Exported
    public String getId() {
        return text(id);
    }

    /** Returns the asset's name, or an empty string if the asset has no name. */
    @Whitelisted
    @Exported
    public String getName() {
        return text(name);
    }

    /** Returns the URI of the asset's storage container, or null if the asset has been deleted. */
    @Whitelisted
    @Exported
    @CheckForNull
    public String getUri() {
        return uri;
    }

    @Override
    @Whitelisted
    public String toString() {
        return "asset " + getName();
    }
}
