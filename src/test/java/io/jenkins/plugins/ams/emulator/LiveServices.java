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
 * The accounts of the services with the shape of AMS v3, and what they take for proof: tokens of Azure AD, tokens that
 * Ravnur gives out for an API key, the personal access token of MK.IO. All methods may be called at any time.
 */
public final class LiveServices {

    /** The subscription of the account at Azure Resource Manager and Ravnur. */
    public static final String SUBSCRIPTION = "0b5e6c1d-7a3f-4c2e-9d41-6f8a2b3c4d5e";

    /** The resource group of the same account. */
    public static final String RESOURCE_GROUP = "media.(test)";

    /** Its name. */
    public static final String ACCOUNT = "emulated";

    /** Names the project of MK.IO, and the subscription of its former addresses. */
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

    /** The API key that Ravnur accepts now; it holds the characters that careless JSON breaks. */
    public String ravnurKey() {
        return ravnurKey;
    }

    /** From now on another key is accepted; tokens stay good. */
    public LiveServices rotateRavnurKey(String newValue) {
        ravnurKey = newValue;
        return this;
    }

    /** The personal access token that MK.IO accepts now. */
    public String mkIoToken() {
        return mkIoToken;
    }

    /** From now on another token is accepted, and the old one is refused. */
    public LiveServices rotateMkIoToken(String newValue) {
        mkIoToken = newValue;
        return this;
    }

    /** Ravnur refuses every token that it gave out so far. */
    public LiveServices expireRavnurTokens() {
        ravnurTokens.clear();
        return this;
    }

    /** How many jobs one page of a listing has; 1000 if not said. */
    public LiveServices pageSize(int jobs) {
        pageSize = jobs;
        return this;
    }

    int pageSize() {
        return pageSize;
    }

    /** Further pages of listings are said to be there, {@code https://host:port}; null for where the first was. */
    public LiveServices nextPagesAt(String origin) {
        nextHost = origin;
        return this;
    }

    String nextPagesAt() {
        return nextHost;
    }

    /** Whether jobs and outputs tell their startTime; MK.IO has Finished jobs that do not. */
    public LiveServices startTimes(boolean present) {
        startTimes = present;
        return this;
    }

    boolean startTimes() {
        return startTimes;
    }

    /** A new token of Ravnur's: a JWT that nobody signs or reads. */
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
