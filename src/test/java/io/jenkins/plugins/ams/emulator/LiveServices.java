/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.emulator;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The accounts of the APIs like AMS v3 and the tokens that they accept: tokens of Microsoft Entra ID, tokens that
 * Ravnur issues for an API key, and a personal access token of MK.IO. Thread-safe.
 */
public final class LiveServices {

    /** The subscription of the account in Azure Resource Manager and Ravnur. */
    public static final String SUBSCRIPTION = "0b5e6c1d-7a3f-4c2e-9d41-6f8a2b3c4d5e";

    /** The resource group of the account in Azure Resource Manager and Ravnur. */
    public static final String RESOURCE_GROUP = "media.(test)";

    /** The name of the account in Azure Resource Manager and Ravnur. */
    public static final String ACCOUNT = "emulated";

    /** The name of the MK.IO project, and of the subscription in older addresses. */
    public static final String PROJECT = "emulated-project";

    static final String RESOURCE_PATH = "subscriptions/" + SUBSCRIPTION + "/resourceGroups/" + RESOURCE_GROUP
            + "/providers/Microsoft.Media/mediaServices/" + ACCOUNT + "/";

    private final Clock clock;
    private final AzureAd azureAd;
    private final Map<String, Instant> ravnurTokens = new ConcurrentHashMap<>();
    private volatile String ravnurKey = "rk~emulator\"key%&.1";
    private volatile String mkIoToken = "mkio-emulator-token.1";
    private volatile int pageSize = 1000;
    private volatile String nextHost;
    private volatile boolean startTimes = true;

    LiveServices(Clock clock, AzureAd azureAd) {
        this.clock = clock;
        this.azureAd = azureAd;
    }

    /** Returns the currently valid API key of Ravnur. It contains characters that must be escaped in JSON. */
    public String ravnurKey() {
        return ravnurKey;
    }

    /** Replaces the API key of Ravnur. Issued tokens remain valid. */
    public LiveServices rotateRavnurKey(String newValue) {
        ravnurKey = newValue;
        return this;
    }

    /** Returns the currently valid personal access token of MK.IO. */
    public String mkIoToken() {
        return mkIoToken;
    }

    /** Replaces the personal access token of MK.IO. The old one is rejected. */
    public LiveServices rotateMkIoToken(String newValue) {
        mkIoToken = newValue;
        return this;
    }

    /** Makes Ravnur reject all issued tokens. */
    public LiveServices expireRavnurTokens() {
        ravnurTokens.clear();
        return this;
    }

    /** Sets the number of jobs per page of a list. The default is 1000. */
    public LiveServices pageSize(int jobs) {
        pageSize = jobs;
        return this;
    }

    int pageSize() {
        return pageSize;
    }

    /** Sets the origin in links to further pages, {@code https://host:port}, or null for that of the first page. */
    public LiveServices nextPagesAt(String origin) {
        nextHost = origin;
        return this;
    }

    String nextPagesAt() {
        return nextHost;
    }

    /** Sets whether jobs and outputs have a startTime. Some Finished jobs of MK.IO have none. */
    public LiveServices startTimes(boolean present) {
        startTimes = present;
        return this;
    }

    boolean startTimes() {
        return startTimes;
    }

    /** Issues a token of Ravnur, an unsigned JWT. */
    String issueRavnurToken() {
        Instant end = clock.instant().plus(Duration.ofHours(1));
        String token = base64("{\"alg\":\"HS256\",\"typ\":\"JWT\"}") + "."
                + base64("{\"exp\":" + end.getEpochSecond() + "}") + "."
                + base64(UUID.randomUUID().toString());
        ravnurTokens.put(token, end);
        return token;
    }

    boolean isValid(LiveApi api, String token) {
        return switch (api) {
            case RESOURCE_MANAGER -> azureAd.isValid(token, AzureAd.MANAGEMENT_SCOPE, clock.instant());
            case RAVNUR -> {
                Instant end = ravnurTokens.get(token);
                yield end != null && clock.instant().isBefore(end);
            }
            case MK_IO, MK_IO_BEFORE -> mkIoToken.equals(token);
        };
    }

    private static String base64(String text) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}
