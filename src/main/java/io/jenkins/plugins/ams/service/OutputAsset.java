/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.service;

/**
 * An asset that a job writes to.
 *
 * @param id the asset's ID: {@code nb:cid:UUID:<guid>} in AMS v2, or the asset's name in v3-style APIs
 * @param name the asset's name, untrusted and not escaped; {@code Nonexistent Asset} if the asset has been deleted
 * @param uri the URI of the asset's storage container, or null if the asset has been deleted or the service does not
 *     send the URI. The query is removed from the URI because it can contain a signature
 */
public record OutputAsset(String id, String name, String uri) {}
