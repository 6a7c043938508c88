/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.page;

import io.jenkins.plugins.ams.console.ConsoleLog;
import io.jenkins.plugins.ams.service.OutputAsset;
import java.net.URI;
import java.net.URISyntaxException;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.export.Exported;
import org.kohsuke.stapler.export.ExportedBean;

/**
 * An asset that the job wrote, as the build's page keeps it.
 *
 * @since TODO
 */
@ExportedBean(defaultVisibility = 3)
@Restricted(NoExternalUse.class)
public final class StoredAsset {

    private final String id;
    private final String name;
    private final String uri;

    StoredAsset(OutputAsset asset) {
        this.id = ConsoleLog.plain(asset.id());
        this.name = ConsoleLog.plain(asset.name());
        this.uri = asset.uri() == null ? null : ConsoleLog.plain(asset.uri());
    }

    /** {@code nb:cid:UUID:<guid>}. */
    @Exported
    public String getId() {
        return StoredJob.text(id);
    }

    /** The asset's name. */
    @Exported
    public String getName() {
        return StoredJob.text(name);
    }

    /** The address of its storage container; null if the asset was deleted since. */
    @Exported
    public String getUri() {
        return uri;
    }

    /**
     * The address if a page may link to it; null otherwise. It comes from the service, so nothing is taken for a link
     * but plain https: a {@code javascript:} address would run in the reader's session, and one with a user name in it
     * looks like another host.
     */
    public String getLink() {
        if (uri == null) {
            return null;
        }
        try {
            URI parsed = new URI(uri);
            boolean plain = "https".equalsIgnoreCase(parsed.getScheme())
                    && parsed.getHost() != null
                    && parsed.getUserInfo() == null;
            return plain ? parsed.toASCIIString() : null;
        } catch (URISyntaxException notAnAddress) {
            return null;
        }
    }
}
