/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.build;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNull;

import com.microsoft.aad.msal4j.ManagedIdentityApplication;
import com.microsoft.aad.msal4j.ManagedIdentitySourceType;
import io.jenkins.plugins.ams.testing.ReroutedHttpClient;
import java.net.URI;
import org.junit.Test;

/**
 * Tests run on machines that have identities of their own, such as agents of a CI in Azure. None of them may ask such a
 * machine for a token, not even by mistake, so both builds set the environment that MSAL4J reads.
 */
public class MetadataAddressTest {

    @Test
    public void testsRequestNoRealMetadataService() {
        String advice = "run the tests with Maven, or set the environment as pom.xml does for maven-surefire-plugin";
        for (String endpoint : new String[] {"IDENTITY_ENDPOINT", "IMDS_ENDPOINT", "MSI_ENDPOINT"}) {
            assertNull(advice, System.getenv(endpoint));
        }
        String host = System.getenv("AZURE_POD_IDENTITY_AUTHORITY_HOST");
        assertEquals(
                advice,
                ReroutedHttpClient.METADATA_HOST,
                URI.create(String.valueOf(host)).getHost());
        assertEquals(
                advice,
                ManagedIdentitySourceType.DEFAULT_TO_IMDS,
                ManagedIdentityApplication.getManagedIdentitySource());
    }
}
