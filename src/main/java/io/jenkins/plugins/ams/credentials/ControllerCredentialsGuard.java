/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.credentials;

import com.cloudbees.plugins.credentials.Credentials;
import com.cloudbees.plugins.credentials.SystemCredentialsProvider;
import com.cloudbees.plugins.credentials.common.StandardCredentials;
import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.ams.auth.PlainText;
import jenkins.model.Jenkins;

/**
 * Credentials that reach for what belongs to the controller itself: a file of its disk, the identity that Azure gave to
 * its machine. Whoever has a folder with credentials of its own could lend himself the controller's powers by them, so
 * administrators alone make them, and they work in the global store alone.
 *
 * <p>Both is needed. The check when they are made does not see all ways in: a folder's {@code config.xml} is read again
 * at the next start, in the name of the system. And the global store may be open to some who are no administrators.
 */
final class ControllerCredentialsGuard {

    private ControllerCredentialsGuard() {}

    /**
     * To be called when such credentials are made of a form, of XML or by a script.
     *
     * @throws org.springframework.security.access.AccessDeniedException if the user may not
     */
    static void checkCreator() {
        Jenkins.get().checkPermission(Jenkins.ADMINISTER);
    }

    /**
     * To be called when such credentials are used.
     *
     * @throws UnusableCredentialsException if they are not those of the global store
     */
    static void checkUse(@NonNull StandardCredentials credentials) throws UnusableCredentialsException {
        // by identity, as credentials with the same id are equal wherever they are
        boolean global = SystemCredentialsProvider.getInstance().getDomainCredentialsMap().values().stream()
                .anyMatch(domain -> domain.stream().anyMatch((Credentials each) -> each == credentials));
        if (!global) {
            throw new UnusableCredentialsException(
                    Messages.ControllerCredentialsGuard_notGlobal(PlainText.quoted(credentials.getId())));
        }
    }
}
