/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.emulator;

/** The APIs with the shape of AMS v3, each below a path of its own. */
public enum LiveApi {
    /** AMS v3 by Azure Resource Manager. */
    RESOURCE_MANAGER("/arm/", LiveServices.RESOURCE_PATH),
    /** Ravnur Media Services, which looks like it. */
    RAVNUR("/ravnur/", LiveServices.RESOURCE_PATH),
    /** MK.IO, by project. */
    MK_IO("/mkio/", "api/v1/projects/" + LiveServices.PROJECT + "/media/"),
    /** MK.IO as it was before, by subscription. */
    MK_IO_BEFORE("/mkio-before/", "api/ams/" + LiveServices.PROJECT + "/");

    private final String base;
    private final String account;

    LiveApi(String base, String account) {
        this.base = base;
        this.account = account;
    }

    /** Path of the base address. */
    String base() {
        return base;
    }

    /** Path of the account, relative to the base address. */
    String account() {
        return account;
    }

    /** Whether errors and addresses are those of Azure Resource Manager. */
    boolean isOfResourceManager() {
        return this == RESOURCE_MANAGER || this == RAVNUR;
    }

    /** The API that a path is below; null if it is none. */
    static LiveApi of(String rawPath) {
        for (LiveApi api : values()) {
            if (rawPath.startsWith(api.base)) {
                return api;
            }
        }
        return null;
    }
}
