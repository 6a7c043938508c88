/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.service;

/**
 * An asset that a job writes to.
 *
 * @param id {@code nb:cid:UUID:<guid>}
 * @param name the asset's name, unescaped and possibly hostile; {@code Nonexistent Asset} if it was deleted since
 * @param uri the address of its storage container, without the query that could carry a signature; null if it was
 *     deleted since
 */
public record OutputAsset(String id, String name, String uri) {}
