/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.config;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNull;

import java.net.URI;
import java.util.Locale;
import org.junit.Test;

public class AzureCloudTest {

    @Test
    public void everyCloudButCustomHasAnHttpsAuthority() {
        for (AzureCloud cloud : AzureCloud.values()) {
            if (cloud == AzureCloud.CUSTOM) {
                assertNull(cloud.authority());
            } else {
                assertEquals(
                        cloud.authority(),
                        HostsAndUris.authority(cloud.authority().toString()).orElseThrow());
            }
        }
    }

    /** A trailing slash would denote a different resource. */
    @Test
    public void resourcesHaveNoTrailingSlash() {
        for (AzureCloud cloud : AzureCloud.values()) {
            assertEquals(cloud.name(), "", URI.create(cloud.resource()).getPath());
        }
    }

    @Test
    public void everyCloudHasADisplayName() {
        Locale before = Locale.getDefault();
        try {
            Locale.setDefault(Locale.ENGLISH);
            assertEquals("Azure (public)", AzureCloud.PUBLIC.getDisplayName());
            Locale.setDefault(Locale.FRENCH);
            assertEquals("Personnalisé", AzureCloud.CUSTOM.getDisplayName());
        } finally {
            Locale.setDefault(before);
        }
    }
}
