/*
 * Copyright (c) the Azure Media Services plugin authors
 * SPDX-License-Identifier: MIT
 */
package io.jenkins.plugins.ams.config;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import io.jenkins.plugins.ams.auth.TokenAudience;
import io.jenkins.plugins.ams.auth.TokenSource;
import io.jenkins.plugins.ams.credentials.RawParameters;
import io.jenkins.plugins.ams.credentials.TokenOrigin;
import io.jenkins.plugins.ams.http.AmsException;
import io.jenkins.plugins.ams.http.PlainText;
import io.jenkins.plugins.ams.service.AmsService;
import io.jenkins.plugins.ams.service.EndpointPolicy;
import io.jenkins.plugins.ams.service.JobId;
import io.jenkins.plugins.ams.service.TrustedHosts;
import io.jenkins.plugins.ams.service.v2.AmsV2JobId;
import io.jenkins.plugins.ams.service.v2.AmsV2Service;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jenkinsci.Symbol;
import org.kohsuke.stapler.DataBoundConstructor;

/**
 * Version 2 of the Azure Media Services REST API, which is the default API for accounts.
 *
 * @since TODO
 */
public class AmsV2Api extends AmsApi {

    @DataBoundConstructor
    public AmsV2Api() {
        // this API has no settings
    }

    @Override
    Optional<String> problem() {
        return Optional.empty();
    }

    @Override
    TokenAudience audience(AmsAccount account, URI endpoint) throws AmsException {
        return account.audience(account.getCloud().resource());
    }

    @Override
    AmsService service(
            URI endpoint, TokenSource tokens, Supplier<HttpClient> http, EndpointPolicy policy, Clock clock) {
        return new AmsV2Service(endpoint, tokens, http, policy, clock);
    }

    @Override
    List<Object> parts() {
        return List.of();
    }

    @Extension(ordinal = 100) // listed first
    @Symbol("amsV2")
    public static class DescriptorImpl extends AmsApiDescriptor {

        @NonNull
        @Override
        public String getDisplayName() {
            return Messages.AmsV2Api_displayName();
        }

        @Override
        TrustedHosts hosts() {
            return AmsV2Service.HOSTS;
        }

        @Override
        TokenOrigin credentials() {
            return TokenOrigin.AZURE_AD;
        }

        @Override
        JobId anyJobId(String text) {
            return AmsV2JobId.parse(text);
        }

        @Override
        String notAJobId(JobId.MalformedJobIdException problem) {
            if (problem.text().isEmpty()) {
                return Messages.AmsV2Api_noJobId();
            }
            String text = PlainText.line(problem.text());
            return problem.entity() == null
                    ? Messages.AmsV2Api_notAJobId(text)
                    : Messages.AmsV2Api_otherEntity(text, PlainText.quoted(problem.entity()));
        }

        @Override
        String notTheApi() {
            return Messages.AmsV2Api_notTheApi();
        }

        @Override
        AmsApi newApi(RawParameters form) {
            return new AmsV2Api();
        }
    }
}
