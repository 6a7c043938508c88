/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.emulator;

/** The APIs like AMS v3, each with its own base path. */
public enum LiveApi {
    /** AMS v3 in Azure Resource Manager. */
    RESOURCE_MANAGER("/arm/", LiveServices.RESOURCE_PATH),
    /** Ravnur Media Services, which has the same paths. */
    RAVNUR("/ravnur/", LiveServices.RESOURCE_PATH),
    /** MK.IO, with a project in the path. */
    MK_IO("/mkio/", "api/v1/projects/" + LiveServices.PROJECT + "/media/"),
    /** The older API of MK.IO, with a subscription in the path. */
    MK_IO_BEFORE("/mkio-before/", "api/ams/" + LiveServices.PROJECT + "/");

    private final String base;
    private final String account;

    LiveApi(String base, String account) {
        this.base = base;
        this.account = account;
    }

    /** Returns the path of the base address. */
    String base() {
        return base;
    }

    /** Returns the path of the account, relative to the base address. */
    String account() {
        return account;
    }

    /** Returns whether errors and addresses have the format of Azure Resource Manager. */
    boolean isOfResourceManager() {
        return this == RESOURCE_MANAGER || this == RAVNUR;
    }

    /** Returns the API that a path belongs to, or null if there is none. */
    static LiveApi of(String rawPath) {
        for (LiveApi api : values()) {
            if (rawPath.startsWith(api.base)) {
                return api;
            }
        }
        return null;
    }
}
