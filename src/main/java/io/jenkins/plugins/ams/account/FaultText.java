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
public final class FaultText {

    /** Longer messages are cut: they are read by people. */
    private static final int LONGEST = 2000;

    private FaultText() {}

    /** An error that is retried, in a few words. */
    public static String transientFault(Exception fault) {
        if (fault instanceof AuthenticationException authentication) {
            return switch (authentication.kind()) {
                case TRANSIENT_OF_SERVICE, WRONG_KEY -> Messages.FaultText_noOwnTokenNow(message(fault));
                case CREDENTIALS_UNAVAILABLE -> Messages.FaultText_credentialsUnavailable(clause(fault));
                // in these the authority was not asked, or has given a token
                case BAD_CERTIFICATE,
                        EXPIRED_CERTIFICATE,
                        NO_ASSERTION,
                        NO_MANAGED_IDENTITY,
                        FEDERATED_TOKEN_INSTEAD,
                        UNREADABLE_ARC_KEY,
                        INSUFFICIENT_CLAIMS -> withoutFullStop(authentication(authentication));
                default -> Messages.FaultText_noTokenNow(message(fault));
            };
        }
        if (fault instanceof ServiceException service) {
            String status = Integer.toString(service.status());
            return switch (service.kind()) {
                case BUSY -> Messages.FaultText_busy(status);
                case UNREADABLE -> Messages.FaultText_unreadable(message(fault));
                case GATEWAY -> Messages.FaultText_gateway(withStatus(service));
                case NO_ANSWER -> Messages.FaultText_noAnswer(message(fault));
                case UNAUTHORIZED, FORBIDDEN, NOT_FOUND, ACCOUNT_NOT_FOUND, REJECTED, REDIRECT_REFUSED ->
                    Messages.FaultText_rejectedNow(status, clause(fault));
            };
        }
        if (fault instanceof JobMissingException) {
            return Messages.FaultText_jobMissing();
        }
        return RetryPolicy.isOfController(fault)
                ? Messages.FaultText_controllerOverloaded(message(fault))
                : clause(fault);
    }

    /** A fault that ends the wait: a sentence that says what to do, with the codes that whoever helps will ask for. */
    public static String finalFault(Exception fault) {
        if (fault instanceof AuthenticationException authentication) {
            return authentication(authentication);
        }
        if (fault instanceof ServiceException service) {
            return withIds(advice(service), service.requestId().map(Messages::FaultText_requestId));
        }
        return message(fault);
    }

    /** Any fault. */
    public static String of(Exception fault) {
        boolean passing = fault instanceof ServiceException service && service.isTransient()
                || fault instanceof AuthenticationException authentication && authentication.isTransient();
        return passing ? transientFault(fault) : finalFault(fault);
    }

    private static String authority(AuthenticationException fault) {
        String message = message(fault);
        return fault.code()
                .map(PlainText::quoted)
                .map(code -> Messages.FaultText_authority(
                        advice(fault),
                        code,
                        message.startsWith(code + ": ") ? message.substring(code.length() + 2) : message))
                .orElseGet(() -> Messages.FaultText_reason(advice(fault), message));
    }

    private static String authentication(AuthenticationException fault) {
        return switch (fault.kind()) {
            // in these the authority was not asked
            case BAD_CERTIFICATE -> Messages.FaultText_badCertificate(message(fault));
            case NO_ASSERTION -> Messages.FaultText_noAssertion(clause(fault));
            case NO_MANAGED_IDENTITY -> Messages.FaultText_noManagedIdentity(clause(fault));
            case FEDERATED_TOKEN_INSTEAD -> Messages.FaultText_federatedTokenInstead(clause(fault));
            case UNREADABLE_ARC_KEY -> Messages.FaultText_unreadableArcKey(clause(fault));
            case TRANSIENT_OF_SERVICE, CREDENTIALS_UNAVAILABLE -> transientFault(fault);
            case WRONG_KEY -> Messages.FaultText_wrongKey(clause(fault)); // nor was it in this
            case INSUFFICIENT_CLAIMS ->
                withIds(
                        Messages.FaultText_insufficientClaims(clause(fault)),
                        fault.correlationId().map(Messages::FaultText_requestId));
            default -> withIds(authority(fault), fault.correlationId().map(Messages::FaultText_correlationId));
        };
    }

    private static String advice(AuthenticationException fault) {
        return switch (fault.kind()) {
            case WRONG_SECRET -> Messages.FaultText_wrongSecret();
            case EXPIRED_SECRET -> Messages.FaultText_expiredSecret();
            case WRONG_CERTIFICATE -> Messages.FaultText_wrongCertificate();
            case EXPIRED_CERTIFICATE -> Messages.FaultText_expiredCertificate();
            case WRONG_CLOCK -> Messages.FaultText_wrongClock();
            case WRONG_ASSERTION -> Messages.FaultText_wrongAssertion();
            case EXPIRED_ASSERTION -> Messages.FaultText_expiredAssertion();
            case UNKNOWN_CLIENT -> Messages.FaultText_unknownClient();
            case UNKNOWN_TENANT -> Messages.FaultText_unknownTenant();
            case UNKNOWN_RESOURCE -> Messages.FaultText_unknownResource();
            case BLOCKED_BY_POLICY -> Messages.FaultText_blockedByPolicy();
            case TRANSIENT,
                    REFUSED,
                    INSUFFICIENT_CLAIMS,
                    BAD_CERTIFICATE,
                    NO_ASSERTION,
                    NO_MANAGED_IDENTITY,
                    FEDERATED_TOKEN_INSTEAD,
                    UNREADABLE_ARC_KEY,
                    TRANSIENT_OF_SERVICE,
                    CREDENTIALS_UNAVAILABLE,
                    WRONG_KEY -> Messages.FaultText_noToken();
        };
    }

    private static String advice(ServiceException fault) {
        String status = Integer.toString(fault.status());
        String words = clause(fault);
        return switch (fault.kind()) {
            case UNAUTHORIZED -> unauthorized(fault, status, words);
            case FORBIDDEN -> forbidden(fault, status, words);
            case ACCOUNT_NOT_FOUND -> accountNotFound(fault, status, words);
            case REDIRECT_REFUSED -> Messages.FaultText_redirectRefused(words);
            case NO_ANSWER, BUSY, UNREADABLE, GATEWAY -> transientFault(fault);
            case NOT_FOUND, REJECTED -> Messages.FaultText_rejected(status, message(fault));
        };
    }

    /** The codes are those of Azure Resource Manager. */
    private static String unauthorized(ServiceException fault, String status, String words) {
        if (fault.isOfSecretText()) {
            return Messages.FaultText_unauthorizedSecretText(status, words);
        }
        return switch (fault.code().orElse("")) {
            case "InvalidAuthenticationTokenTenant" -> Messages.FaultText_wrongTenant(status, words);
            case "InvalidAuthenticationTokenAudience" -> Messages.FaultText_wrongAudience(status, words);
            default -> Messages.FaultText_unauthorized(status, words);
        };
    }

    private static String forbidden(ServiceException fault, String status, String words) {
        if (fault.isOfSecretText()) {
            return Messages.FaultText_forbiddenSecretText(status, words);
        }
        return fault.code().filter("AuthorizationFailed"::equals).isPresent()
                ? Messages.FaultText_noRole(status, words)
                : Messages.FaultText_forbidden(status, words);
    }

    private static String accountNotFound(ServiceException fault, String status, String words) {
        return switch (fault.code().orElse("")) {
            case "SubscriptionNotFound", "InvalidSubscriptionId" ->
                Messages.FaultText_subscriptionNotFound(status, words);
            case "ResourceGroupNotFound" -> Messages.FaultText_resourceGroupNotFound(status, words);
            case "InvalidResourceType",
                    "InvalidResourceNamespace",
                    "NoRegisteredProviderFound",
                    "MissingSubscriptionRegistration" -> Messages.FaultText_notOffered(status, words);
            default -> Messages.FaultText_accountNotFound(status, words);
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
        return PlainText.line(text, LONGEST);
    }
}
