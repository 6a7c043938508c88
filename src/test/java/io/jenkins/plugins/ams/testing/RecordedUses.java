/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.testing;

import static org.awaitility.Awaitility.await;

import com.cloudbees.plugins.credentials.Credentials;
import com.cloudbees.plugins.credentials.CredentialsProvider;
import hudson.model.Fingerprint;
import hudson.model.Run;
import java.time.Duration;

/** Checks the builds that Jenkins shows on the page of credentials. */
public final class RecordedUses {

    private RecordedUses() {}

    /** Waits until Jenkins has recorded that a build uses credentials, which happens in the background. */
    public static void awaitUse(Credentials credentials, Run<?, ?> build) {
        await(build + " uses " + credentials).atMost(Duration.ofSeconds(20)).until(() -> {
            Fingerprint uses = CredentialsProvider.getFingerprintOf(credentials);
            return uses != null && uses.getRangeSet(build.getParent()).includes(build.getNumber());
        });
    }
}
