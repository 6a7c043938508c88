/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.config;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.ams.http.AmsException;
import io.jenkins.plugins.ams.polling.PollTarget;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The settings that identify an account's service. They identify the service even if the account is renamed while
 * builds wait.
 *
 * @param endpoint the API's base URL
 * @param api the API with its settings
 */
record ServiceSettings(URI endpoint, AmsApi api) {

    /** Returns an account's settings, or empty if builds cannot use the account. */
    static Optional<ServiceSettings> of(AmsAccount account) {
        AmsApi api = account.getApi();
        try {
            URI endpoint = account.endpoint(AmsGlobalConfiguration.get().endpointPolicy(api));
            return Optional.of(new ServiceSettings(endpoint, api));
        } catch (AmsException invalid) { // builds and the account form report the error
            return Optional.empty();
        }
    }

    PollTarget.Origin origin(String credentialsId) {
        return new PollTarget.Origin(this, credentialsId);
    }

    /**
     * Returns the current names of the accounts that have an origin's settings, separated by commas. Returns null if no
     * account has these settings anymore.
     */
    @CheckForNull
    static String accountNames(PollTarget.Origin origin) {
        List<AmsAccount> accounts = AmsGlobalConfiguration.get().getAccounts();
        String names = accounts.stream()
                .filter(account -> of(account).filter(origin.account()::equals).isPresent())
                .map(AmsAccount::getName)
                .collect(Collectors.joining(", "));
        return names.isEmpty() ? null : names;
    }
}
