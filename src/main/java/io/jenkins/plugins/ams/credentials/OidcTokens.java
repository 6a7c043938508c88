/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.credentials;

import com.cloudbees.plugins.credentials.common.StandardCredentials;
import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.ams.credentials.CredentialsLookup.Found;
import io.jenkins.plugins.ams.http.PlainText;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import org.jenkinsci.plugins.plaincredentials.FileCredentials;
import org.jenkinsci.plugins.plaincredentials.StringCredentials;

/**
 * Reads OIDC tokens from credentials and from files on the controller. Exception messages do not include the tokens.
 */
final class OidcTokens {

    /**
     * Maximum size of a token in bytes. Kubernetes tokens are about 1,200 bytes long. A longer string is assumed not to
     * be a token.
     */
    private static final int MAX_BYTES = 64 * 1024;

    private OidcTokens() {}

    /** Returns whether credentials of this type can contain a token. */
    static boolean isSupported(@NonNull StandardCredentials credentials) {
        return credentials instanceof StringCredentials || credentials instanceof FileCredentials;
    }

    /**
     * Returns the current token from credentials. Some credentials issue a new token for each call.
     *
     * @throws IOException if the credentials no longer exist, or if their content cannot be read or is too long
     */
    @NonNull
    static String ofCredentials(@NonNull CredentialsLookup lookup, @NonNull String id) throws IOException {
        StandardCredentials credentials = lookup.find(id, StandardCredentials.class)
                .map(Found::credentials)
                .orElse(null);
        if (credentials instanceof StringCredentials text) {
            return text.getSecret().getPlainText();
        }
        if (credentials instanceof FileCredentials file) {
            try (InputStream content = file.getContent()) {
                return read(content);
            }
        }
        throw new IOException(Messages.OidcTokens_missing(PlainText.quoted(id)));
    }

    /**
     * Returns the current token from a file on the controller.
     *
     * @throws IOException if the file does not exist, cannot be read, or is too long
     */
    @NonNull
    static String ofFile(@NonNull String path) throws IOException {
        if (!isReadable(path)) {
            throw new IOException(Messages.OidcTokens_unreadable(PlainText.quoted(path)));
        }
        try (InputStream content = Files.newInputStream(Path.of(path))) {
            return read(content);
        }
    }

    /**
     * Returns whether a path is absolute and refers to a readable regular file. Devices are excluded because reading
     * them might never end.
     */
    static boolean isReadable(@NonNull String path) {
        try {
            Path file = Path.of(path);
            return file.isAbsolute() && Files.isRegularFile(file) && Files.isReadable(file);
        } catch (InvalidPathException e) {
            return false;
        }
    }

    private static String read(InputStream content) throws IOException {
        byte[] bytes = content.readNBytes(MAX_BYTES + 1);
        if (bytes.length > MAX_BYTES) {
            throw new IOException(Messages.OidcTokens_tooLong());
        }
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
