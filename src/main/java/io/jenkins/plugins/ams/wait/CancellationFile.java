/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.wait;

import hudson.XmlFile;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;

/**
 * The file in the Jenkins home directory that stores pending cancellations. The file exists only while cancellations
 * are pending.
 */
final class CancellationFile implements PendingCancellations.Store {

    static final String NAME = "azure-media-services-cancellations.xml";

    private final XmlFile file;

    CancellationFile(File jenkinsHome) {
        file = new XmlFile(new File(jenkinsHome, NAME));
    }

    /** Reads the requests. A file that cannot be read is renamed, so that its contents are not lost. */
    @Override
    public List<CancellationRequest> read() throws IOException {
        if (!file.exists()) {
            return List.of();
        }
        try {
            List<CancellationRequest> requests = new ArrayList<>();
            for (Object each : (List<?>) file.read()) {
                requests.add((CancellationRequest) each);
            }
            return requests;
        } catch (IOException | ClassCastException e) {
            File backup = new File(file.getFile().getPath() + ".unreadable");
            Files.move(file.getFile().toPath(), backup.toPath(), StandardCopyOption.REPLACE_EXISTING);
            throw new IOException("The file is unreadable and was renamed to " + backup, e);
        }
    }

    @Override
    public void write(List<CancellationRequest> requests) throws IOException {
        if (requests.isEmpty()) {
            file.delete();
        } else {
            file.write(new ArrayList<>(requests)); // this write is atomic and is flushed to disk
        }
    }
}
