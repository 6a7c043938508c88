/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.account;

import io.jenkins.plugins.ams.auth.AuthenticationException;
import io.jenkins.plugins.ams.auth.PlainText;
import io.jenkins.plugins.ams.service.ServiceException;
import io.jenkins.plugins.ams.watch.JobMissingException;
import io.jenkins.plugins.ams.watch.RetryPolicy;
import java.util.Optional;

/**
 * Faults in words: what is wrong and, where there is no point in asking again, what to do. The same words in a build's
 * console and in the account's form.
 */
public final class ErrorMessages {

    /** Longer messages are cut: they are read by people. */
    private static final int MAX_LENGTH = 2000;

    private ErrorMessages() {}

    /** An error that is retried, in a few words. */
    public static String transientError(Exception fault) {
        if (fault instanceof AuthenticationException authentication) {
            return switch (authentication.kind()) {
                case TRANSIENT_OF_SERVICE, WRONG_KEY -> Messages.ErrorMessages_noOwnTokenNow(message(fault));
                case CREDENTIALS_UNAVAILABLE -> Messages.ErrorMessages_credentialsUnavailable(clause(fault));
                // in these the authority was not asked, or has given a token
                case BAD_CERTIFICATE,
                        EXPIRED_CERTIFICATE,
                        NO_ASSERTION,
                        NO_MANAGED_IDENTITY,
                        FEDERATED_TOKEN_INSTEAD,
                        UNREADABLE_ARC_KEY,
                        INSUFFICIENT_CLAIMS -> withoutFullStop(authentication(authentication));
                default -> Messages.ErrorMessages_noTokenNow(message(fault));
            };
        }
        if (fault instanceof ServiceException service) {
            String status = Integer.toString(service.status());
            return switch (service.kind()) {
                case UNAVAILABLE -> Messages.ErrorMessages_busy(status);
                case INVALID_RESPONSE -> Messages.ErrorMessages_unreadable(message(fault));
                case GATEWAY -> Messages.ErrorMessages_gateway(withStatus(service));
                case NO_RESPONSE -> Messages.ErrorMessages_noAnswer(message(fault));
                case UNAUTHORIZED, FORBIDDEN, NOT_FOUND, ACCOUNT_NOT_FOUND, CLIENT_ERROR, REDIRECT_REJECTED ->
                    Messages.ErrorMessages_rejectedNow(status, clause(fault));
            };
        }
        if (fault instanceof JobMissingException) {
            return Messages.ErrorMessages_jobMissing();
        }
        return RetryPolicy.isOfController(fault)
                ? Messages.ErrorMessages_controllerOverloaded(message(fault))
                : clause(fault);
    }

    /** A fault that ends the wait: a sentence that says what to do, with the codes that whoever helps will ask for. */
    public static String failure(Exception fault) {
        if (fault instanceof AuthenticationException authentication) {
            return authentication(authentication);
        }
        if (fault instanceof ServiceException service) {
            return withIds(advice(service), service.requestId().map(Messages::ErrorMessages_requestId));
        }
        return message(fault);
    }

    /** Any fault. */
    public static String of(Exception fault) {
        boolean passing = fault instanceof ServiceException service && service.isTransient()
                || fault instanceof AuthenticationException authentication && authentication.isTransient();
        return passing ? transientError(fault) : failure(fault);
    }

    private static String authority(AuthenticationException fault) {
        String message = message(fault);
        return fault.code()
                .map(PlainText::quoted)
                .map(code -> Messages.ErrorMessages_authority(
                        advice(fault),
                        code,
                        message.startsWith(code + ": ") ? message.substring(code.length() + 2) : message))
                .orElseGet(() -> Messages.ErrorMessages_reason(advice(fault), message));
    }

    private static String authentication(AuthenticationException fault) {
        return switch (fault.kind()) {
            // in these the authority was not asked
            case BAD_CERTIFICATE -> Messages.ErrorMessages_badCertificate(message(fault));
            case NO_ASSERTION -> Messages.ErrorMessages_noAssertion(clause(fault));
            case NO_MANAGED_IDENTITY -> Messages.ErrorMessages_noManagedIdentity(clause(fault));
            case FEDERATED_TOKEN_INSTEAD -> Messages.ErrorMessages_federatedTokenInstead(clause(fault));
            case UNREADABLE_ARC_KEY -> Messages.ErrorMessages_unreadableArcKey(clause(fault));
            case TRANSIENT_OF_SERVICE, CREDENTIALS_UNAVAILABLE -> transientError(fault);
            case WRONG_KEY -> Messages.ErrorMessages_wrongKey(clause(fault)); // nor was it in this
            case INSUFFICIENT_CLAIMS ->
                withIds(
                        Messages.ErrorMessages_insufficientClaims(clause(fault)),
                        fault.correlationId().map(Messages::ErrorMessages_requestId));
            default -> withIds(authority(fault), fault.correlationId().map(Messages::ErrorMessages_correlationId));
        };
    }

    private static String advice(AuthenticationException fault) {
        return switch (fault.kind()) {
            case WRONG_SECRET -> Messages.ErrorMessages_wrongSecret();
            case EXPIRED_SECRET -> Messages.ErrorMessages_expiredSecret();
            case WRONG_CERTIFICATE -> Messages.ErrorMessages_wrongCertificate();
            case EXPIRED_CERTIFICATE -> Messages.ErrorMessages_expiredCertificate();
            case WRONG_CLOCK -> Messages.ErrorMessages_wrongClock();
            case WRONG_ASSERTION -> Messages.ErrorMessages_wrongAssertion();
            case EXPIRED_ASSERTION -> Messages.ErrorMessages_expiredAssertion();
            case UNKNOWN_CLIENT -> Messages.ErrorMessages_unknownClient();
            case UNKNOWN_TENANT -> Messages.ErrorMessages_unknownTenant();
            case UNKNOWN_RESOURCE -> Messages.ErrorMessages_unknownResource();
            case BLOCKED_BY_POLICY -> Messages.ErrorMessages_blockedByPolicy();
            case TRANSIENT,
                    REJECTED,
                    INSUFFICIENT_CLAIMS,
                    BAD_CERTIFICATE,
                    NO_ASSERTION,
                    NO_MANAGED_IDENTITY,
                    FEDERATED_TOKEN_INSTEAD,
                    UNREADABLE_ARC_KEY,
                    TRANSIENT_OF_SERVICE,
                    CREDENTIALS_UNAVAILABLE,
                    WRONG_KEY -> Messages.ErrorMessages_noToken();
        };
    }

    private static String advice(ServiceException fault) {
        String status = Integer.toString(fault.status());
        String words = clause(fault);
        return switch (fault.kind()) {
            case UNAUTHORIZED -> unauthorized(fault, status, words);
            case FORBIDDEN -> forbidden(fault, status, words);
            case ACCOUNT_NOT_FOUND -> accountNotFound(fault, status, words);
            case REDIRECT_REJECTED -> Messages.ErrorMessages_redirectRefused(words);
            case NO_RESPONSE, UNAVAILABLE, INVALID_RESPONSE, GATEWAY -> transientError(fault);
            case NOT_FOUND, CLIENT_ERROR -> Messages.ErrorMessages_rejected(status, message(fault));
        };
    }

    /** The codes are those of Azure Resource Manager. */
    private static String unauthorized(ServiceException fault, String status, String words) {
        if (fault.isOfSecretText()) {
            return Messages.ErrorMessages_unauthorizedSecretText(status, words);
        }
        return switch (fault.code().orElse("")) {
            case "InvalidAuthenticationTokenTenant" -> Messages.ErrorMessages_wrongTenant(status, words);
            case "InvalidAuthenticationTokenAudience" -> Messages.ErrorMessages_wrongAudience(status, words);
            default -> Messages.ErrorMessages_unauthorized(status, words);
        };
    }

    private static String forbidden(ServiceException fault, String status, String words) {
        if (fault.isOfSecretText()) {
            return Messages.ErrorMessages_forbiddenSecretText(status, words);
        }
        return fault.code().filter("AuthorizationFailed"::equals).isPresent()
                ? Messages.ErrorMessages_noRole(status, words)
                : Messages.ErrorMessages_forbidden(status, words);
    }

    private static String accountNotFound(ServiceException fault, String status, String words) {
        return switch (fault.code().orElse("")) {
            case "SubscriptionNotFound", "InvalidSubscriptionId" ->
                Messages.ErrorMessages_subscriptionNotFound(status, words);
            case "ResourceGroupNotFound" -> Messages.ErrorMessages_resourceGroupNotFound(status, words);
            case "InvalidResourceType",
                    "InvalidResourceNamespace",
                    "NoRegisteredProviderFound",
                    "MissingSubscriptionRegistration" -> Messages.ErrorMessages_notOffered(status, words);
            default -> Messages.ErrorMessages_accountNotFound(status, words);
        };
    }

    /** The status and the words, where these are more than the status. */
    private static String withStatus(ServiceException fault) {
        String message = message(fault);
        String status = "HTTP " + fault.status();
        return message.equals(status) ? status : status + ": " + message;
    }

    private static String withIds(String text, Optional<String> ids) {
        return ids.map(id -> text + ' ' + plain(id)).orElse(text);
    }

    /** A message that a full stop follows. */
    private static String clause(Exception fault) {
        return withoutFullStop(message(fault));
    }

    private static String withoutFullStop(String text) {
        return text.endsWith(".") ? text.substring(0, text.length() - 1) : text;
    }

    private static String message(Exception fault) {
        String message = plain(fault.getMessage());
        return message.isEmpty() ? fault.getClass().getSimpleName() : message;
    }

    private static String plain(String text) {
        return PlainText.line(text, MAX_LENGTH);
    }
}
