/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.console;

import io.jenkins.plugins.ams.auth.AuthenticationException;
import io.jenkins.plugins.ams.http.AmsException;
import io.jenkins.plugins.ams.http.PlainText;
import io.jenkins.plugins.ams.service.ServiceException;
import java.util.Optional;
import java.util.function.Function;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/**
 * Converts exceptions to localized messages for the build console and the account form. Messages about failures include
 * advice on what to do.
 */
@Restricted(NoExternalUse.class)
public final class ErrorMessages {

    private ErrorMessages() {}

    /** Returns a short description of an error that is being retried. */
    public static String transientError(AmsException error) {
        return describe(
                error,
                ErrorMessages::transientAuthentication,
                ErrorMessages::transientService,
                other -> other.isOfController()
                        ? Messages.ErrorMessages_controllerOverloaded(message(other))
                        : clause(other));
    }

    /** Returns a description of an error that ends the wait, with advice and the IDs that support staff need. */
    public static String failure(AmsException error) {
        return describe(error, ErrorMessages::authentication, ErrorMessages::service, ErrorMessages::message);
    }

    /** Returns a short description of a transient error, or a description of a failure with advice. */
    public static String of(AmsException error) {
        return error.isTransient() ? transientError(error) : failure(error);
    }

    /** Describes an error with one of three functions. The error's exception type determines the function. */
    private static String describe(
            AmsException error,
            Function<AuthenticationException, String> ofAuthentication,
            Function<ServiceException, String> ofService,
            Function<AmsException, String> ofOthers) {
        if (error instanceof AuthenticationException authentication) {
            return ofAuthentication.apply(authentication);
        }
        return error instanceof ServiceException service ? ofService.apply(service) : ofOthers.apply(error);
    }

    private static String transientAuthentication(AuthenticationException error) {
        return switch (error.kind()) {
            case TRANSIENT_OF_SERVICE, WRONG_KEY -> Messages.ErrorMessages_noServiceTokenTransient(message(error));
            case CREDENTIALS_UNAVAILABLE -> Messages.ErrorMessages_credentialsUnavailable(clause(error));
            // these errors occur without a response from Microsoft Entra ID, or after Microsoft Entra ID has issued a
            // token
            case BAD_CERTIFICATE,
                    EXPIRED_CERTIFICATE,
                    NO_ASSERTION,
                    NO_MANAGED_IDENTITY,
                    FEDERATED_TOKEN_INSTEAD,
                    UNREADABLE_ARC_KEY,
                    INSUFFICIENT_CLAIMS -> withoutFullStop(authentication(error));
            default -> Messages.ErrorMessages_noTokenTransient(message(error));
        };
    }

    private static String transientService(ServiceException error) {
        return switch (error.kind()) {
            case UNAVAILABLE -> Messages.ErrorMessages_busy(Integer.toString(error.status()));
            case INVALID_RESPONSE -> Messages.ErrorMessages_invalidResponse(message(error));
            case GATEWAY ->
                error.status() / 100 == 3
                        ? Messages.ErrorMessages_untrustedRedirect(clause(error))
                        : Messages.ErrorMessages_gateway(withStatus(error));
            case NO_RESPONSE -> Messages.ErrorMessages_noResponse(message(error));
            case JOB_MISSING -> Messages.ErrorMessages_jobMissing();
            case UNAUTHORIZED, FORBIDDEN, NOT_FOUND, ACCOUNT_NOT_FOUND, CLIENT_ERROR, REDIRECT_REJECTED ->
                Messages.ErrorMessages_rejectedTransient(Integer.toString(error.status()), clause(error));
        };
    }

    private static String service(ServiceException error) {
        return withIds(advice(error), error.requestId().map(Messages::ErrorMessages_requestId));
    }

    private static String authority(AuthenticationException error) {
        String message = message(error);
        return error.code()
                .map(PlainText::quoted)
                .map(code -> Messages.ErrorMessages_authority(
                        advice(error),
                        code,
                        message.startsWith(code + ": ") ? message.substring(code.length() + 2) : message))
                .orElseGet(() -> Messages.ErrorMessages_reason(advice(error), message));
    }

    private static String authentication(AuthenticationException error) {
        return switch (error.kind()) {
            // these errors do not come from Microsoft Entra ID
            case BAD_CERTIFICATE -> Messages.ErrorMessages_badCertificate(message(error));
            case NO_ASSERTION -> Messages.ErrorMessages_noAssertion(clause(error));
            case NO_MANAGED_IDENTITY -> Messages.ErrorMessages_noManagedIdentity(clause(error));
            case FEDERATED_TOKEN_INSTEAD -> Messages.ErrorMessages_federatedTokenInstead(clause(error));
            case UNREADABLE_ARC_KEY -> Messages.ErrorMessages_unreadableArcKey(clause(error));
            case TRANSIENT_OF_SERVICE, CREDENTIALS_UNAVAILABLE -> transientError(error);
            case WRONG_KEY -> Messages.ErrorMessages_wrongKey(clause(error));
            case INSUFFICIENT_CLAIMS ->
                withIds(
                        Messages.ErrorMessages_insufficientClaims(clause(error)),
                        error.requestId().map(Messages::ErrorMessages_requestId));
            default -> withIds(authority(error), error.requestId().map(Messages::ErrorMessages_correlationId));
        };
    }

    private static String advice(AuthenticationException error) {
        return switch (error.kind()) {
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

    private static String advice(ServiceException error) {
        String status = Integer.toString(error.status());
        String reason = clause(error);
        return switch (error.kind()) {
            case UNAUTHORIZED -> unauthorized(error, status, reason);
            case FORBIDDEN -> forbidden(error, status, reason);
            case ACCOUNT_NOT_FOUND -> accountNotFound(error, status, reason);
            case REDIRECT_REJECTED -> Messages.ErrorMessages_redirectRejected(reason);
            case NO_RESPONSE, UNAVAILABLE, INVALID_RESPONSE, GATEWAY, JOB_MISSING -> transientError(error);
            case NOT_FOUND, CLIENT_ERROR -> Messages.ErrorMessages_rejected(status, message(error));
        };
    }

    /** Selects the message according to the error code from Azure Resource Manager. */
    private static String unauthorized(ServiceException error, String status, String reason) {
        if (error.isOfSecretText()) {
            return Messages.ErrorMessages_unauthorizedSecretText(status, reason);
        }
        return switch (error.code().orElse("")) {
            case "InvalidAuthenticationTokenTenant" -> Messages.ErrorMessages_wrongTenant(status, reason);
            case "InvalidAuthenticationTokenAudience" -> Messages.ErrorMessages_wrongAudience(status, reason);
            default -> Messages.ErrorMessages_unauthorized(status, reason);
        };
    }

    private static String forbidden(ServiceException error, String status, String reason) {
        if (error.isOfSecretText()) {
            return Messages.ErrorMessages_forbiddenSecretText(status, reason);
        }
        return error.code().filter("AuthorizationFailed"::equals).isPresent()
                ? Messages.ErrorMessages_noRole(status, reason)
                : Messages.ErrorMessages_forbidden(status, reason);
    }

    private static String accountNotFound(ServiceException error, String status, String reason) {
        return switch (error.code().orElse("")) {
            case "SubscriptionNotFound", "InvalidSubscriptionId" ->
                Messages.ErrorMessages_subscriptionNotFound(status, reason);
            case "ResourceGroupNotFound" -> Messages.ErrorMessages_resourceGroupNotFound(status, reason);
            case "InvalidResourceType",
                    "InvalidResourceNamespace",
                    "NoRegisteredProviderFound",
                    "MissingSubscriptionRegistration" -> Messages.ErrorMessages_notOffered(status, reason);
            default -> Messages.ErrorMessages_accountNotFound(status, reason);
        };
    }

    /** Returns the HTTP status followed by the message, or only the status if the message merely repeats the status. */
    private static String withStatus(ServiceException error) {
        String message = message(error);
        String status = "HTTP " + error.status();
        return message.equals(status) ? status : status + ": " + message;
    }

    private static String withIds(String text, Optional<String> ids) {
        return ids.map(id -> text + ' ' + PlainText.line(id)).orElse(text);
    }

    /** Returns the message without its final period, for use within a sentence. */
    private static String clause(AmsException error) {
        return withoutFullStop(message(error));
    }

    /** Returns a sentence without its final period, for use within another sentence. */
    public static String withoutFullStop(String text) {
        return text.endsWith(".") ? text.substring(0, text.length() - 1) : text;
    }

    private static String message(AmsException error) {
        String message = PlainText.line(error.getMessage());
        return message.isEmpty() ? error.getClass().getSimpleName() : message;
    }
}
