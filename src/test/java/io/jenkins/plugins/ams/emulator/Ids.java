/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.emulator;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Pattern;

/** Creates and parses IDs of the form {@code nb:<type>:UUID:<guid>} (AMS REST reference). */
final class Ids {

    private static final Pattern JOB =
            Pattern.compile("nb:jid:uuid:([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})", Pattern.CASE_INSENSITIVE);

    private Ids() {}

    /** Returns a GUID like those of the service, which are not version 4 as in RFC 4122. */
    static String randomGuid() {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        return String.format(
                Locale.ROOT,
                "%08x-%04x-80c3-%04x-%012x",
                random.nextInt(),
                0x0d00 + random.nextInt(0x800),
                random.nextInt(0x10000),
                random.nextLong() & 0xffffffffffffL);
    }

    static String job(String guid) {
        String id = "nb:jid:UUID:" + guid.toLowerCase(Locale.ROOT);
        if (!isJob(id)) {
            throw new IllegalArgumentException("not a GUID: " + guid);
        }
        return id;
    }

    static boolean isJob(String id) {
        return JOB.matcher(id).matches();
    }

    /** Returns the ID of a part of a job, which is always the same for the same arguments. */
    static String derived(String type, String owner, int index) {
        String seed = type + owner + index;
        return "nb:" + type + ":UUID:" + UUID.nameUUIDFromBytes(seed.getBytes(StandardCharsets.UTF_8));
    }

    static String guid(String id) {
        return id.substring(id.lastIndexOf(':') + 1);
    }
}
