package io.jenkins.plugins.ams.service;

/**
 * Why a task failed.
 *
 * @param code one of the service's codes, such as {@code ErrorParsingConfiguration}; empty if none was sent
 * @param message the service's text, unescaped and possibly hostile; empty if none was sent
 */
public record ErrorDetail(String code, String message) {}
