/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.service;

/**
 * An asset that a job writes to.
 *
 * @param id the asset's ID: {@code nb:cid:UUID:<guid>} in AMS v2, the asset's name in v3-style APIs
 * @param name the asset's name, unescaped and untrusted; {@code Nonexistent Asset} if the asset has been deleted
 * @param uri the URI of the asset's storage container, without its query, which can contain a signature, or null if the
 *     asset has been deleted or the service does not send the URI
 */
public record OutputAsset(String id, String name, String uri) {}
