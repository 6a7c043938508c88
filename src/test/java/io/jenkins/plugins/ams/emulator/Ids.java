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

/** Identifiers {@code nb:<type>:UUID:<guid>} of the AMS REST reference. */
final class Ids {

    private static final Pattern JOB =
            Pattern.compile("nb:jid:uuid:([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})", Pattern.CASE_INSENSITIVE);

    private Ids() {}

    /** A GUID as the service makes them: in shape, but not of RFC 4122's version 4. */
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

    /** The id of something that belongs to a job, always the same. */
    static String derived(String type, String owner, int index) {
        String seed = type + owner + index;
        return "nb:" + type + ":UUID:" + UUID.nameUUIDFromBytes(seed.getBytes(StandardCharsets.UTF_8));
    }

    static String guid(String id) {
        return id.substring(id.lastIndexOf(':') + 1);
    }
}
