/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.credentials;

import com.cloudbees.plugins.credentials.Credentials;
import com.cloudbees.plugins.credentials.SystemCredentialsProvider;
import com.cloudbees.plugins.credentials.common.StandardCredentials;
import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.ams.http.AmsException;
import io.jenkins.plugins.ams.http.PlainText;
import jenkins.model.Jenkins;

/**
 * Protects credentials that give access to the controller's own resources, such as a file on its disk or its machine's
 * managed identity. If a folder contained such credentials, users who manage the folder could use the controller's
 * permissions. Therefore, only administrators can create such credentials, and the credentials work only in the global
 * store.
 *
 * <p>Both checks are needed. The check at creation can be bypassed, because a folder's {@code config.xml} is loaded
 * with system permissions at the next startup. The check before use is not sufficient, because users who are not
 * administrators may be allowed to edit the global store.
 */
final class ControllerCredentialsGuard {

    private ControllerCredentialsGuard() {}

    /**
     * Checks that the current user may create credentials that give access to the controller's resources. Must be
     * called whenever such credentials are created, whether from a form, from XML, or by a script.
     *
     * @throws org.springframework.security.access.AccessDeniedException if the user is not an administrator
     */
    static void checkCreator() {
        Jenkins.get().checkPermission(Jenkins.ADMINISTER);
    }

    /**
     * Checks that credentials that give access to the controller's resources may be used. Must be called before each
     * use.
     *
     * @throws AmsException if the credentials are not in the global store
     */
    static void checkUse(@NonNull StandardCredentials credentials) throws AmsException {
        // compare by identity: credentials with the same ID are equal, even in different stores
        boolean global = SystemCredentialsProvider.getInstance().getDomainCredentialsMap().values().stream()
                .anyMatch(domain -> domain.stream().anyMatch((Credentials each) -> each == credentials));
        if (!global) {
            throw AmsException.configurationError(
                    Messages.ControllerCredentialsGuard_notGlobal(PlainText.quoted(credentials.getId())));
        }
    }
}
