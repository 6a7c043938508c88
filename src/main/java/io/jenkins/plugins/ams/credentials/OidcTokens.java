/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.credentials;

import com.cloudbees.plugins.credentials.common.StandardCredentials;
import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.ams.auth.PlainText;
import io.jenkins.plugins.ams.credentials.CredentialsContext.Found;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import org.jenkinsci.plugins.plaincredentials.FileCredentials;
import org.jenkinsci.plugins.plaincredentials.StringCredentials;

/** Reads the tokens of other issuers where Jenkins has them. What fails tells nothing of what was read. */
final class OidcTokens {

    /** Tokens of Kubernetes have some 1,200 bytes, and no web server takes more than 64 KiB of one. */
    private static final int MAX_BYTES = 64 * 1024;

    private OidcTokens() {}

    /** Whether credentials are of a kind that can hold a token. */
    static boolean isKind(@NonNull StandardCredentials credentials) {
        return credentials instanceof StringCredentials || credentials instanceof FileCredentials;
    }

    /**
     * The token that credentials hold now; some issue one when they are asked.
     *
     * @throws IOException if there are no such credentials any more, or they hold no text
     */
    @NonNull
    static String ofCredentials(@NonNull CredentialsContext context, @NonNull String id) throws IOException {
        StandardCredentials credentials = context.find(id, StandardCredentials.class)
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
        throw new IOException(Messages.OidcTokens_gone(PlainText.quoted(id)));
    }

    /**
     * The token that a file of the controller holds now.
     *
     * @throws IOException if there is no such file
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

    /** Whether a path is that of a file, and not of a device, which might never end. */
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
